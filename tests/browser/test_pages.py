"""The pages in a real browser: by keyboard, in each language, light, dark and on a phone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from clientela.security.models import User
from tests.browser.conftest import OpenPage, Site
from tests.browser.console import Console
from tests.web.world import World, make_world

PASSWORD = "a long enough password"
AXE = Path(__file__).resolve().parents[2] / "assets/node_modules/axe-core/axe.min.js"
LABELS = {"en": "Sign in", "zh-CN": "登录", "es": "Iniciar sesión"}
# who -> pages: every kind of page that there is
PAGES = {
    "sales": ["/work/", "/customers/", "<own>", "<own>/history", "<own>/edit", "<own>/invoices",
              "<own>/orders", "<own>/payments", "<own>/contacts", "<own>/cases",
              "<own>/surveys", "<own>/promotions", "<own>/contracts", "/customers/new", "/invoices/", "<invoice>",
              "/payments/"],
    "data_steward": ["<own>", "/admin/sources"],
    "administrator": ["/admin/users", "/admin/users/new", "<user>", "<user>/disable", "/admin/organisation",
                      "/admin/tokens", "/admin/events", "/admin/settings",
                      "/account/second-factor", "/account/sessions", "/account/password"],
    "credit_manager": ["/admin/team"],
    "security_officer": ["/admin/approvals"],
}  # fmt: skip

SignIn = Callable[..., Page]


@pytest.fixture(scope="module")
def world(site: Site) -> World:
    """A world that the server sees: committed, on the database of this module."""
    with transaction.atomic():
        made = make_world()
        for user in User.objects.filter(kind="person"):
            user.set_password(PASSWORD)
            user.save()
        from allauth.mfa.models import Authenticator

        from clientela.store.models import Parameter
        from tests.factories import NOON

        Authenticator.objects.all().delete()
        Parameter.objects.create(name="demo", value=True, valid_from=NOON, set_by="loader")
    return made


@pytest.fixture
def sign_in(site: Site, world: World, open_page: OpenPage) -> SignIn:
    """Open a page and sign in: `sign_in("sales", language="es", dark=True, width=390)`."""

    def enter(name: str, **look: object) -> Page:
        page = open_page(**look)
        page.goto(f"{site.url}/account/sign-in")
        page.fill("#id_login", name)
        page.fill("#id_password", PASSWORD)
        page.locator("#id_password").press("Enter")
        expect(page.locator("main h1")).to_be_visible()
        expect(page).to_have_url(f"{site.url}/work/")
        return page

    return enter


def place(world: World, path: str) -> str:
    """Return the address that a name in angle brackets stands for."""
    return (
        path.replace("<own>", f"/customers/{world.customers['own'].public_id}")
        .replace("<invoice>", f"/invoices/{world.invoices['own'].public_id}")
        .replace("<user>", f"/admin/users/{world.objects['user']}")
    )


def faults(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical on the page (WCAG 2.2 AA)."""
    client = page.context.new_cdp_session(page)
    client.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    asked = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = client.send(
        "Runtime.evaluate",
        {
            "expression": f"axe.run(document, {json.dumps(asked)}).then(JSON.stringify)",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    violations = json.loads(found["result"]["value"])["violations"]
    return [
        f"{page.url} {one['id']}: {node['html'][:160]}"
        for one in violations
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


class TestEveryPage:
    @pytest.mark.parametrize("who", sorted(PAGES))
    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_has_no_serious_fault_for_anybody(
        self, site: Site, world: World, sign_in: SignIn, who: str, dark: bool
    ) -> None:
        page, found = sign_in(who, dark=dark), []
        for path in PAGES[who]:
            answer = page.goto(site.url + place(world, path))
            assert answer is not None
            assert answer.status == 200, path
            found += faults(page)
        assert not found, "\n".join(found)

    @pytest.mark.parametrize("who", sorted(PAGES))
    def test_fits_a_phone(self, site: Site, world: World, sign_in: SignIn, who: str) -> None:
        page = sign_in(who, width=390)
        for path in PAGES[who]:
            page.goto(site.url + place(world, path))
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, path

    @pytest.mark.parametrize("language", list(LABELS))
    def test_speaks_the_browsers_language_before_sign_in(
        self, site: Site, world: World, open_page: OpenPage, language: str
    ) -> None:
        page = open_page(language=language)
        page.goto(f"{site.url}/account/sign-in")
        expect(page.locator("h1")).to_have_text(LABELS[language])
        assert not faults(page)

    def test_that_is_not_there_says_so(self, site: Site, sign_in: SignIn, console: Console) -> None:
        console.forgive("404")
        page = sign_in("sales")
        page.goto(f"{site.url}/customers/nobody")
        expect(page.locator("h1")).to_have_text("Nothing here")
        assert not faults(page)


class TestKeyboard:
    def test_alone_signs_in_and_corrects_a_customer(
        self, site: Site, world: World, page: Page
    ) -> None:
        page.goto(f"{site.url}/account/sign-in")
        page.keyboard.type("sales")  # the first field has the focus
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("main h1")).to_have_text("My work")
        page.wait_for_load_state("load")
        page.keyboard.press("g")
        page.keyboard.press("c")
        expect(page.locator("main h1")).to_have_text("Customers")
        page.wait_for_load_state("load")  # shortcuts are listened to from then on
        page.keyboard.press("/")
        expect(page.locator("#f-name")).to_be_focused()
        page.keyboard.type("name o")
        expect(page).to_have_url(re.compile(r"/customers/\?name=name%20o&"))
        self._to(page, "Name own")
        page.keyboard.press("Enter")
        expect(page.locator("main h1")).to_have_text("Name own")
        self._to(page, "Edit")
        page.keyboard.press("Enter")
        city = page.get_by_label("City", exact=True)
        for _ in range(60):
            if city.evaluate("field => field === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.type("Toledo")
        page.keyboard.press("Enter")
        expect(page.locator(".note-success")).to_have_text("The file was corrected.")
        expect(page.locator("main")).to_contain_text("Toledo")

    def test_shows_its_shortcuts(self, sign_in: SignIn) -> None:
        page = sign_in("sales")
        page.keyboard.press("?")
        expect(page.locator("#shortcuts")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#shortcuts")).to_be_hidden()

    def _to(self, page: Page, text: str) -> None:
        """Press Tab until the element with this text has the focus."""
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == text:
                return
        pytest.fail(f"{text} is not reached by the keyboard")


class TestShell:
    def test_remembers_language_and_appearance(self, site: Site, sign_in: SignIn) -> None:
        page = sign_in("marketing")
        page.locator("details.menu summary").first.click()
        page.get_by_role("button", name="Dark").click()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        page.locator("details.menu summary").first.click()
        page.get_by_role("button", name="español").click()
        expect(page.locator("main h1")).to_have_text("Mi trabajo")
        page.goto(f"{site.url}/customers/")
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        expect(page.locator("main h1")).to_have_text("Clientes")

    def test_offers_only_what_would_open(self, sign_in: SignIn) -> None:
        page = sign_in("security_officer")
        seen = page.locator("#side a").all_inner_texts()
        assert "Approvals" in seen
        assert "Customers" not in seen
        assert "Invoices" not in seen

    def test_opens_its_drawer_on_a_phone(self, sign_in: SignIn) -> None:
        page = sign_in("sales", width=390)
        expect(page.locator("#side")).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        page.locator("#side").get_by_text("Customers").click()
        expect(page.locator("main h1")).to_have_text("Customers")


class TestReveal:
    def test_shows_a_value_in_its_place_and_masks_it_again(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        page = sign_in("data_steward")
        page.clock.install()
        page.goto(site.url + place(world, "<own>"))
        expect(page.locator("main")).not_to_contain_text("+34600123456")
        fact = page.locator(".fact", has_text="Phone")
        fact.get_by_text("Reveal").click()
        fact.get_by_label("What you need it for").select_option("data_quality")
        fact.get_by_role("button", name="Show for a minute").click()
        expect(fact).to_contain_text("+34600123456")
        page.clock.fast_forward(61_000)
        expect(fact).not_to_contain_text("+34600123456")
        expect(fact).to_contain_text("346****3456")
