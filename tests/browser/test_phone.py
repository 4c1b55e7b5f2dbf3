"""On a phone nothing is cut and no page scrolls sideways; filters are folded behind their number."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from clientela.analysis.services import refresh_copy
from clientela.store.context import system_context
from clientela.trade.models import ExchangeRate
from tests.browser.conftest import OpenPage, Site
from tests.browser.console import Console
from tests.browser.test_pages import PASSWORD, SignIn, faults, sign_in, world
from tests.factories import NOON
from tests.web.paying import give_payments
from tests.web.world import World

__all__ = ["sign_in", "world"]  # fixtures of this module too

PHONE = 390
WIDE_TABLES = {
    "credit_manager": ["/admin/team", "/admin/rates", "/analyses/abc", "/analyses/ageing",
                       "/analyses/rfm", "/analyses/sales", "/analyses/dso"],
    "administrator": ["/admin/organisation", "/admin/settings"],
}  # fmt: skip
# What of a table stands beyond the right edge of the screen, and is not hidden.
BEYOND = """() => [...document.querySelectorAll("table.list td, table.list th")]
  .filter((cell) => cell.offsetParent && cell.getBoundingClientRect().right > innerWidth)
  .map((cell) => cell.textContent.trim())"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
FOLDED = {"/invoices/": "#f-kind", "/payments/": "#f-state", "/customers/": "#f-kind",
          "/admin/events": "#e-act"}  # fmt: skip
WHO = {"/admin/events": "auditor"}


@pytest.fixture(scope="module")
def figures(world: World) -> World:
    """Payments, a rate and the figures of a copy, beside the world that is there."""
    with system_context("what tables hold"):
        give_payments(world)
        ExchangeRate.objects.create(
            currency="USD", base="EUR", on_day=NOON.date(), rate=1, origin="entered",
            recorded_at=timezone.now(), recorded_by="data_steward",
        )  # fmt: skip
    refresh_copy(full=True)
    return world


@pytest.mark.parametrize("look", ["light", "dark", "zh-CN", "es"])
@pytest.mark.parametrize("who", sorted(WIDE_TABLES))
def test_tables_are_cards_of_which_nothing_is_cut(
    site: Site, figures: World, sign_in: SignIn, who: str, look: str
) -> None:
    sign_in("sales")  # something that the team did
    language = look if look in ("zh-CN", "es") else "en"
    page = sign_in(who, width=PHONE, dark=look == "dark", language=language)
    for path in WIDE_TABLES[who]:
        page.goto(site.url + path)
        expect(page.locator("table.list tbody tr").first).to_be_visible()
        assert page.evaluate(BEYOND) == [], path
        assert page.locator(".scroll-hint").count() == 0, path
        assert page.evaluate(SIDEWAYS) <= 0, path
        assert not faults(page), path


def test_a_card_says_of_each_figure_what_it_is(site: Site, figures: World, sign_in: SignIn) -> None:
    page = sign_in("administrator", width=PHONE)
    page.goto(f"{site.url}/admin/settings")
    table = page.get_by_role("table").filter(has=page.get_by_role("cell", name="ABC classes"))
    cell = table.locator("tbody tr").first.locator("td").nth(1)
    label = "cell => getComputedStyle(cell, '::before').content"
    assert cell.evaluate(label) == '"Holds now "'
    expect(page.get_by_role("table").first).to_be_visible()


def test_a_matrix_scrolls_in_its_own_box(site: Site, figures: World, sign_in: SignIn) -> None:
    page = sign_in("credit_manager", width=PHONE)
    page.goto(f"{site.url}/analyses/cohorts")
    expect(page.locator("table.list tbody tr").first).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0


class TestFilters:
    @pytest.mark.parametrize("path", sorted(FOLDED))
    def test_are_folded_and_opened_by_keyboard(
        self, site: Site, figures: World, sign_in: SignIn, path: str
    ) -> None:
        page = sign_in(WHO.get(path, "credit_manager"), width=PHONE)
        page.goto(site.url + path)
        field, head = page.locator(FOLDED[path]), page.locator(".fold > summary")
        expect(field).to_be_hidden()
        expect(head).to_have_text("Filters")
        form = page.locator("form.filters").bounding_box()
        assert form is not None
        assert form["height"] < 150  # of 900; it took half of them
        head.focus()
        page.keyboard.press("Enter")
        expect(field).to_be_visible()
        assert not faults(page)

    def test_say_folded_how_many_are_set(self, site: Site, figures: World, sign_in: SignIn) -> None:
        page = sign_in("credit_manager", width=PHONE)
        page.goto(f"{site.url}/payments/?state=unnamed&currency=EUR")
        head = page.locator(".fold > summary")
        expect(head).to_have_text("Filters (2)")
        expect(page.get_by_role("link", name="Clear filters")).to_be_visible()
        head.click()
        page.locator("#f-state").select_option("")
        expect(head).to_have_text("Filters (1)")
        page.get_by_role("link", name="Clear filters").click()
        expect(head).to_have_text("Filters")

    def test_open_where_one_cannot_be_read(
        self, site: Site, figures: World, sign_in: SignIn, console: Console
    ) -> None:
        console.forgive("422")
        page = sign_in("credit_manager", width=PHONE)
        page.goto(f"{site.url}/payments/?currency=money")
        expect(page.locator("#e-currency")).to_be_visible()

    @pytest.mark.parametrize("path", sorted(FOLDED))
    def test_stand_open_where_there_is_room(
        self, site: Site, figures: World, sign_in: SignIn, path: str
    ) -> None:
        page = sign_in(WHO.get(path, "credit_manager"), width=1280)
        page.goto(site.url + path)
        expect(page.locator(FOLDED[path])).to_be_visible()
        expect(page.locator(".fold > summary")).to_be_hidden()
        rows = {round(box["y"]) for box in _boxes(page)}
        assert len(rows) <= 2  # beside each other, as before

    @pytest.mark.parametrize("width", [PHONE, 1280])
    def test_work_without_a_script(
        self, site: Site, figures: World, open_page: OpenPage, width: int
    ) -> None:
        page = open_page(width=width, java_script_enabled=False)
        page.goto(f"{site.url}/account/sign-in?next=/payments/?state=unnamed")
        page.fill("#id_login", "credit_manager")
        page.fill("#id_password", PASSWORD)
        page.locator("#id_password").press("Enter")
        if width == PHONE:
            head = page.locator(".fold > summary")
            expect(head).to_have_text("Filters (1)")
            head.click()
        page.locator("#f-state").select_option("applied")
        page.get_by_role("button", name="Filter", exact=True).click()
        page.wait_for_url("**state=applied**")


def _boxes(page: Page) -> list[dict[str, float]]:
    fields = page.locator(".filters > .field, .fold-fields > .field")
    return [box for n in range(fields.count()) if (box := fields.nth(n).bounding_box())]
