"""A file goes in by mouse and by keyboard, is corrected, loaded, looked at and taken back."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from playwright.sync_api import Page, expect

from clientela.intake.models import Run
from clientela.intake.tasks import carry_on
from clientela.security.models import User
from clientela.store.context import system_context
from clientela.store.models import Parameter
from tests.browser.conftest import OpenPage, Site
from tests.browser.test_pages import PASSWORD, faults
from tests.factories import NOON
from tests.web.world import make_world

SALES = """Invoice,Product,Quantity,Price,Date,Client,Remark
{n}1,A-1,2,10.50,2026-03-01,C1,
{n}1,A-2,1,5.00,2026-03-01,C1,
{n}2,A-1,many,10.50,2026-03-02,C2,
{n}3,A-1,3,10.50,2026-03-03,C3,
"""
Enter = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def company(site: Site) -> None:
    """The steward of a branch, committed on the database of this module."""
    with transaction.atomic():
        make_world()
        steward = User.objects.get(username="data_steward")
        steward.set_password(PASSWORD)
        steward.save()
        Authenticator.objects.all().delete()
        Parameter.objects.create(name="demo", value=True, valid_from=NOON, set_by="loader")
    return


@pytest.fixture
def enter(site: Site, open_page: OpenPage) -> Enter:
    """Open the list of imports as the steward."""

    def make(**look: object) -> Page:
        page = open_page(**look)
        page.goto(f"{site.url}/account/sign-in?next=/imports/")
        page.fill("#id_login", "data_steward")
        page.fill("#id_password", PASSWORD)
        page.locator("#id_password").press("Enter")
        expect(page).to_have_url(f"{site.url}/imports/")
        return page

    return make


def work() -> None:
    """Do what a worker would: take the newest run as far as it goes."""
    with system_context("a test looks"):
        run = Run.objects.latest("id")
    carry_on(run.pk, run.state == Run.State.LOADING)


def choose(page: Page, n: int) -> None:
    content = SALES.format(n=n).encode()
    file = {"name": f"sales-{n}.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("#n-file").set_input_files(file)


def name_source(page: Page, name: str) -> None:
    """Name a new source; the fields are folded away where there is one to choose."""
    if page.locator("#n-new").is_hidden():
        page.locator("details.more summary").click()
    page.locator("#n-new").fill(name)


def press_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus."""
    wanted = page.locator(selector).first
    for _ in range(80):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by the keyboard")


def looks_right(page: Page) -> None:
    expect(page.locator("main h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert faults(page) == []


class TestImport:
    def test_goes_from_file_to_books_and_back_by_mouse(self, enter: Enter) -> None:
        page = enter()
        page.get_by_role("link", name="New import").click()
        choose(page, 10)
        name_source(page, "till")
        page.get_by_role("button", name="Send and check").click()
        price = page.get_by_label("Field of the column Price")
        expect(price).to_have_value("unit_price")
        page.get_by_label("Field of the column Client").select_option("customer_key")
        page.get_by_label("Field of the column Remark").select_option("ignore")
        assert faults(page) == []
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("In which currency are the amounts?").fill("EUR")
        page.get_by_role("button", name="Continue").click()
        expect(page.locator("progress")).to_be_visible()
        assert faults(page) == []
        work()
        expect(page.locator(".equation")).to_contain_text("4")  # the page loads itself anew
        assert faults(page) == []
        page.get_by_role("button", name="Load 3 rows").click()
        work()
        expect(page.locator("main")).to_contain_text("What was written")
        page.get_by_role("link", name="The rejected row").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text("This is not a number.")
        assert faults(page) == []
        with page.expect_download() as download:
            page.get_by_role("button", name="Download to correct").click()
        assert download.value.suggested_filename.startswith("rejected-")
        page.get_by_role("link", name="sales-10.csv").click()
        page.get_by_role("link", name="Take back").click()
        page.get_by_label("Reason").fill("wrong month")
        assert faults(page) == []
        page.get_by_role("button", name="Take back").click()
        expect(page.locator(".note-success")).to_have_text("The import was taken back.")

    def test_goes_in_by_keyboard(self, enter: Enter) -> None:
        page = enter()
        press_to(page, "a[href='/imports/new']")
        page.keyboard.press("Enter")
        choose(page, 20)
        if page.locator("#n-new").is_hidden():
            press_to(page, "details.more summary")
            page.keyboard.press("Enter")
        press_to(page, "#n-new")
        page.keyboard.type("counter")
        page.locator("#n-kind").focus()
        page.keyboard.type("Lines")
        press_to(page, "form[enctype] button.btn-primary")
        page.keyboard.press("Enter")
        expect(page.locator(".mapping")).to_be_visible()
        press_to(page, "select[name='column:Client']")
        page.keyboard.type("Customer nu")
        press_to(page, "button[name='take_sure']")
        page.keyboard.press("Enter")
        press_to(page, "input[name='set:currency']")
        page.keyboard.type("EUR")
        page.keyboard.press("Enter")
        expect(page.locator("progress")).to_be_visible()
        work()
        expect(page.locator(".equation")).to_be_visible()
        press_to(page, "form[action$='/confirm'] button")
        page.keyboard.press("Enter")
        expect(page.locator("#progress")).to_be_visible()
        work()
        expect(page.locator("main")).to_contain_text("What was written")

    def test_fits_a_phone_in_the_dark(self, enter: Enter) -> None:
        page = enter(width=390, dark=True)
        looks_right(page)
        page.get_by_role("link", name="New import").click()
        looks_right(page)
        choose(page, 30)
        name_source(page, "phone")
        page.locator("#n-kind").select_option("sales_lines")
        page.get_by_role("button", name="Send and check").click()
        expect(page.locator(".mapping")).to_be_visible()
        looks_right(page)


RULES = {"Client": "customer_key", "Remark": "ignore"}
LOOKS = [{}, {"width": 390}]


def brought(page: Page, name: str) -> None:
    """Bring the file that was chosen to its end."""
    page.locator("#n-kind").select_option("sales_lines")
    page.get_by_role("button", name="Send and check").click()
    for column, field in RULES.items():
        page.get_by_label(f"Field of the column {column}").select_option(field)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("In which currency are the amounts?").fill("EUR")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("progress")).to_be_visible()
    work()
    page.get_by_role("button", name="Load 3 rows").click()
    work()
    expect(page.locator("main")).to_contain_text("What was written")


class TestAgain:
    @pytest.mark.parametrize("look", LOOKS, ids=["wide", "phone"])
    def test_the_same_file_asks_nothing_and_rejected_rows_come_back(
        self, enter: Enter, look: dict[str, object]
    ) -> None:
        n = 40 + 10 * len(look)
        page = enter(**look)
        page.get_by_role("link", name="New import").click()
        choose(page, n)
        name_source(page, f"shop-{n}")
        brought(page, f"sales-{n}.csv")
        first = page.url
        page.get_by_role("link", name="Imports").last.click()
        page.get_by_role("link", name="New import").click()
        choose(page, n)
        page.locator("#n-source").select_option(f"shop-{n}")
        page.get_by_role("button", name="Send and check").click()
        expect(page).to_have_url(first)
        note = page.locator(".note").first
        expect(note).to_contain_text("This very file was imported already, on ")
        expect(note).to_contain_text("All of its rows (4) were skipped and nothing was changed.")
        looks_right(page)
        page.get_by_role("link", name="The rejected row").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download to correct").click()
        content = download.value.path().read_text(encoding="utf-8-sig")
        assert content.startswith("Rejected line,Rejected because,Invoice,")
        page.goto(f"{page.url.partition('/imports/')[0]}/imports/new")
        mended = content.replace(",many,", ",7,")
        assert mended != content
        page.locator("#n-file").set_input_files(
            {"name": "mended.csv", "mimeType": "text/csv", "buffer": mended.encode("utf-8-sig")}
        )
        page.locator("#n-source").select_option(f"shop-{n}")
        page.get_by_role("button", name="Send and check").click()
        expect(page.locator("progress")).to_be_visible()  # it reads: nothing was asked
        work()
        expect(page.get_by_role("button", name="Load 1 row")).to_be_visible()
        looks_right(page)


class TestSource:
    @pytest.mark.parametrize("look", LOOKS, ids=["wide", "phone"])
    def test_is_chosen_or_named_by_keyboard_and_never_beforehand(
        self, enter: Enter, look: dict[str, object]
    ) -> None:
        n = 70 + 10 * len(look)
        page = enter(**look)
        for name in (f"first-{n}", f"second-{n}"):
            page.get_by_role("link", name="New import").click()
            choose(page, n)
            if page.locator("#n-source").count():
                expect(page.locator("#n-source")).to_have_value("")
            press_to(page, "main form.panel button.btn-primary")
            page.keyboard.press("Enter")
            # Said before the file is sent, which stays chosen.
            missing = page.locator("#n-source, #n-new").first
            expect(missing).to_be_focused()
            assert missing.evaluate("field => field.validity.valueMissing")
            assert page.locator("#n-file").evaluate("field => field.files.length") == 1
            looks_right(page)
            if page.locator("#n-new").is_hidden():
                press_to(page, "details.more summary")
                page.keyboard.press("Enter")
            press_to(page, "#n-new")
            page.keyboard.type(name)
            looks_right(page)
            press_to(page, "main form.panel button.btn-primary")
            page.keyboard.press("Enter")
            expect(page.locator("main h1")).to_have_text(f"sales-{n}.csv")
            page.get_by_role("link", name="Imports").last.click()
