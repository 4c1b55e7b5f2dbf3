"""The page of payments in the browser, and the way to it from the import that brought them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from playwright.sync_api import Page, expect

from clientela.analysis.services import refresh_copy
from clientela.security.models import User
from clientela.store.models import Parameter
from tests.browser.conftest import OpenPage, Site
from tests.browser.console import Console
from tests.browser.test_pages import PASSWORD, faults
from tests.factories import NOON
from tests.intake.bringing import Books, Row, content_of
from tests.web.world import World, make_world

INVOICES = [Row(number="A", day="2026-03-01", amount=10000)]
PAYMENTS = [
    Row(number="P1", day="2026-03-20", amount=10000, names="A"),
    Row(number="P2", day="2026-03-21", amount=7000, names="A"),
    Row(number="P3", day="2026-03-22", amount=500, names="Q9", of=""),
    Row(number="P4", day="2026-03-23", amount=500, names="Q8"),
]
# How much wider than its words a choice is, in pixels.
ROOM_LEFT = """(one) => {
  const style = getComputedStyle(one), pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const room = one.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return Math.ceil(room - pen.measureText(one.selectedOptions[0].text).width);
}"""
Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def books(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Books:
    """An invoice and four payments of one import, committed on the database of this module."""
    folder: Path = tmp_path_factory.mktemp("files")
    files = {"invoices": content_of("invoices", INVOICES)}
    files["payments"] = content_of("payments", PAYMENTS)
    with transaction.atomic():
        world: World = make_world()
        for name in ("data_steward", "credit_controller"):
            user = User.objects.get(username=name)
            user.set_password(PASSWORD)
            user.save()
        Authenticator.objects.all().delete()
        Parameter.objects.create(name="demo", value=True, valid_from=NOON, set_by="loader")
        made = Books(world.company, folder, files, source="till")
        made.bring("invoices")
        made.bring("payments")
    return made


@pytest.fixture
def enter(site: Site, books: Books, open_page: OpenPage) -> Enter:
    """Open a path as a role."""

    def make(who: str, path: str, **look: object) -> Page:
        page = open_page(**look)
        page.goto(f"{site.url}/account/sign-in?next={path}")
        page.fill("#id_login", who)
        page.fill("#id_password", PASSWORD)
        page.locator("#id_password").press("Enter")
        expect(page.locator("main h1")).to_be_visible()
        return page

    return make


class TestImport:
    def test_leads_by_its_lines_to_the_payments_that_they_count(
        self, books: Books, enter: Enter
    ) -> None:
        run = books.runs["payments"].public_id
        page = enter("data_steward", f"/imports/{run}")
        panel = page.locator("section.panel", has_text="as of now")
        expect(panel.get_by_role("row")).to_have_text(
            [
                re.compile(r"Waits for its invoice\s*2"),
                re.compile(r"More than is open\s*1"),
                re.compile(r"Customer not known\s*1"),
            ]
        )
        panel.get_by_role("link", name="Waits for its invoice").click()
        rows = page.locator("#rows tbody tr")
        expect(rows).to_have_count(2)
        expect(page.locator("#f-state")).to_have_value("waits")
        expect(page.get_by_role("link", name="payments.csv")).to_be_visible()
        assert faults(page) == []
        rows.filter(has_text="P3").get_by_role("link", name="P3").click()
        expect(page.locator("main h1")).to_have_text("Payment P3")
        expect(page.get_by_text("not in the books yet")).to_be_visible()
        page.get_by_role("link", name="payments.csv").click()
        expect(page).to_have_url(re.compile(str(run)))


class TestList:
    def test_is_narrowed_and_cleared_without_leaving_the_import(
        self, books: Books, enter: Enter
    ) -> None:
        run = books.runs["payments"].public_id
        page = enter("data_steward", f"/payments/?run={run}")
        rows = page.locator("#rows tbody tr")
        expect(rows).to_have_count(4)
        page.locator("#f-state").select_option("over")
        expect(rows).to_have_count(1)
        assert f"run={run}" in page.url
        page.get_by_role("link", name="Clear filters").click()
        expect(page).to_have_url(re.compile(r"/payments/$"))

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    @pytest.mark.parametrize(("language", "title"), [("en", "Payments"), ("es", "Pagos"),
                                                     ("zh-hans", "收款")])  # fmt: skip
    def test_has_no_serious_fault_and_fits_a_phone(
        self, enter: Enter, language: str, title: str, dark: bool
    ) -> None:
        page = enter("credit_controller", "/payments/", language=language, dark=dark, width=390)
        expect(page.locator("main h1")).to_have_text(title)
        expect(page.locator("#rows tbody tr").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.locator(".scroll-hint").count() == 0  # rows are cards
        assert faults(page) == []
        page.locator("#rows tbody a").first.click()
        expect(page.locator("main dl.facts").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert faults(page) == []

    def test_says_beside_the_field_what_cannot_be_read(
        self, enter: Enter, console: Console
    ) -> None:
        console.forgive("422")
        page = enter("credit_controller", "/payments/")
        page.locator("#f-currency").fill("€")
        page.locator("#f-currency").press("Tab")
        expect(page.locator("#e-currency")).not_to_be_empty()
        expect(page.locator("#f-currency")).to_have_attribute("aria-invalid", "true")
        page.locator("#f-currency").fill("eur")
        page.locator("#f-currency").press("Tab")
        expect(page.locator("#e-currency")).to_be_empty()
        expect(page.locator("#rows tbody tr").first).to_be_visible()

    def test_is_reached_by_a_key(self, site: Site, enter: Enter) -> None:
        page = enter("credit_controller", "/work/")
        page.keyboard.press("g")
        page.keyboard.press("y")
        expect(page).to_have_url(f"{site.url}/payments/")

    @pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
    @pytest.mark.parametrize("width", [390, 1280])
    def test_reads_every_state_whole(self, enter: Enter, width: int, language: str) -> None:
        page = enter("credit_controller", "/payments/", language=language, width=width)
        if width == 390:
            page.locator(".fold > summary").click()
        state = page.locator("#f-state")
        for value in state.locator("option").evaluate_all("all => all.map((one) => one.value)"):
            state.select_option(value)
            assert state.evaluate(ROOM_LEFT) >= 0, value
        if width == 390:
            whole = page.locator(".fold-fields").evaluate("(one) => one.clientWidth")
            assert state.evaluate("(one) => one.offsetWidth") == whole
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.fixture(scope="module")
def figures(books: Books) -> Books:
    """The figures of a copy, beside the books."""
    refresh_copy(full=True)
    return books


@pytest.mark.usefixtures("figures")
class TestAgeing:
    def test_leads_from_what_is_not_applied_to_what_makes_it_up(self, enter: Enter) -> None:
        page = enter("credit_controller", "/analyses/ageing")
        nobodys = page.locator("tbody tr", has_text="Without a customer")
        nobodys.get_by_role("link", name="€5.00").click()
        expect(page.locator("#rows tbody tr")).to_have_count(1)
        expect(page.locator("#f-state")).to_have_value("no_customer")
        expect(page.locator("#rows tbody")).to_contain_text("P3")
        page.go_back()
        page.locator("tbody tr", has_text="K1").get_by_role("link", name="€75.00").click()
        expect(page.locator("#rows tbody tr")).to_have_count(2)
        expect(page.locator("#f-state")).to_have_value("unapplied")
        page.go_back()
        nobodys.get_by_role("link", name="Documents behind this row").click()
        expect(page.locator("main h1")).to_have_text("Without a customer · EUR")
        expect(page.locator("#beside tbody tr")).to_have_count(1)
        expect(page.locator("#beside .population")).to_contain_text("€5.00")
        page.get_by_role("link", name="P3").click()
        expect(page.locator("main h1")).to_have_text("Payment P3")

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    @pytest.mark.parametrize(
        ("language", "title"), [("en", "Without a customer"), ("es", "Sin cliente"),
                                ("zh-hans", "无客户")]
    )  # fmt: skip
    def test_has_cards_with_titles_and_no_fault_on_a_phone(
        self, enter: Enter, language: str, title: str, dark: bool
    ) -> None:
        page = enter(
            "credit_controller", "/analyses/ageing", language=language, dark=dark, width=390
        )
        row = page.locator("tbody tr", has_text=title)
        expect(row.locator("td").first).to_have_text(title)
        assert faults(page) == []
        row.locator("td.fit a").click()
        expect(page.locator("#beside tbody tr")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert faults(page) == []


class TestCustomer:
    def test_says_beside_the_open_invoices_what_leads_to_the_payments(
        self, site: Site, books: Books, enter: Enter
    ) -> None:
        page = enter("credit_controller", "/payments/?number=P2")
        page.locator("#rows tbody a", has_text="K1").first.click()
        page.get_by_role("link", name="Invoices", exact=True).last.click()
        beside = page.get_by_role("link", name=re.compile("of payments"))
        expect(beside).to_contain_text("€75.00")
        assert faults(page) == []
        beside.click()
        expect(page.locator("#rows tbody tr")).to_have_count(2)
