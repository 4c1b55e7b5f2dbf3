"""Filters in the browser: cleared, gone back from, mistyped; and figures that follow an import."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clientela.analysis.services import refresh_copy
from clientela.intake.models import Run
from clientela.records.models import Source
from clientela.store.context import system_context
from tests.browser.conftest import Site
from tests.browser.console import Console
from tests.browser.test_pages import SignIn, faults, sign_in, world
from tests.web.world import World

__all__ = ["sign_in", "world"]  # fixtures of this module too


class TestFilters:
    @pytest.mark.parametrize("path", ["/customers/", "/invoices/"])
    def test_are_cleared_where_any_is_set(
        self, site: Site, world: World, sign_in: SignIn, path: str
    ) -> None:
        page = sign_in("credit_manager")
        page.goto(site.url + path)
        clear = page.get_by_role("link", name="Clear filters")
        expect(clear).to_be_hidden()
        page.locator("#f-kind").select_option(index=1)
        expect(clear).to_be_visible()
        clear.click()
        expect(page).to_have_url(site.url + path)
        expect(clear).to_be_hidden()

    def test_are_gone_back_from_and_forward_to(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        page = sign_in("credit_manager")
        page.goto(f"{site.url}/customers/")
        rows = page.locator("#rows tbody tr")
        expect(rows).to_have_count(2)
        page.locator("#f-kind").select_option("person")
        expect(rows).to_have_count(1)
        assert "kind=person" in page.url
        page.go_back()
        expect(rows).to_have_count(2)
        expect(page.locator("#f-kind")).to_have_value("")
        page.go_forward()
        expect(rows).to_have_count(1)
        expect(page.locator("#f-kind")).to_have_value("person")
        expect(page.get_by_role("link", name="Clear filters")).to_be_visible()

    def test_say_beside_the_field_what_cannot_be_read(
        self, site: Site, world: World, sign_in: SignIn, console: Console
    ) -> None:
        console.forgive("422")
        page = sign_in("credit_manager")
        page.goto(f"{site.url}/invoices/")
        field = page.locator("#f-least")
        field.fill("many")
        field.press("Tab")
        said = page.locator("#e-least")
        expect(said).to_contain_text("This is not an amount")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value("many")
        assert not faults(page)
        field.fill("1,234.50")
        field.press("Tab")
        expect(said).to_be_empty()
        expect(field).not_to_have_attribute("aria-invalid", "true")
        expect(page.locator("#rows tbody tr").first).to_be_visible()


class TestFigures:
    @pytest.mark.usefixtures("no_other_databases")
    def test_follow_an_import_without_being_asked_again(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        refresh_copy(full=True)
        with system_context("an import"):
            now = timezone.now()
            Run.objects.create(
                source=Source.objects.get(name="erp"), org_node=world.company.nodes["madrid"],
                file_name="f.csv", sha256="0" * 64, size=1, file_path="", state="done",
                started_by="t", started_at=now, finished_at=now, kind="customers",
            )  # fmt: skip
        page = sign_in("sales")
        page.goto(f"{site.url}/analyses/abc")
        note = page.get_by_text("One new import is not in these figures yet.")
        expect(note).to_be_visible()
        expect(page.locator("#q-as-of")).to_be_visible()
        page.evaluate("window.stays = true")
        refresh_copy()
        expect(note).to_be_hidden()
        expect(page.locator("#copy-news")).to_have_text("The figures are up to date now.")
        assert page.evaluate("window.stays")  # no page was loaded anew

    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_have_no_serious_fault_for_anybody(
        self, site: Site, world: World, sign_in: SignIn, dark: bool
    ) -> None:
        refresh_copy(full=True)
        page, found = sign_in("sales", dark=dark), []
        for path in ("/analyses/", "/analyses/abc", "/analyses/cohorts", "/analyses/dso"):
            page.goto(site.url + path)
            found += faults(page)
        assert not found, "\n".join(found)
