"""Two people with the form of one customer open: neither takes back what the other corrected."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from clientela.records.models import Customer
from clientela.store.context import system_context
from tests.browser.conftest import Site
from tests.browser.console import Console
from tests.browser.test_pages import SignIn, faults, sign_in, world
from tests.web.world import World

__all__ = ["sign_in", "world"]  # fixtures of this module too

Two = tuple[Page, Page]


@pytest.fixture
def two(site: Site, world: World, sign_in: SignIn) -> Iterator[Two]:
    """The form of one company in two browsers: a steward's and its account manager's."""
    address = f"{site.url}/customers/{world.customers['colleague'].public_id}/edit"
    pages = sign_in("data_steward"), sign_in("colleague")
    for page in pages:
        page.goto(address)
    return pages


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def facts(world: World) -> dict[str, object]:
    with system_context("a look"):
        return dict(Customer.objects.get(pk=world.customers["colleague"].pk).facts)


class TestTwo:
    def test_keep_what_the_other_corrected(self, world: World, two: Two) -> None:
        one, other = two
        other.fill("#f-phone", "+34 911 234 567")
        other.fill("#f-city", "Toledo")
        save(other)
        expect(other).not_to_have_url(one.url)
        one.fill("#f-website", "https://new.example")
        save(one)
        expect(one.get_by_text("The file was corrected.")).to_be_visible()
        now = facts(world)
        assert (now["phone"], now["city"]) == ("+34911234567", "Toledo")
        assert now["website"] == "https://new.example"

    def test_are_told_what_both_changed_and_decide(
        self, world: World, two: Two, console: Console
    ) -> None:
        one, other = two
        other.fill("#f-city", "Lugo")
        save(other)
        expect(other).not_to_have_url(one.url)
        one.fill("#f-city", "Soria")
        one.fill("#f-note", "moved in May")
        console.forgive("422")
        save(one)
        expect(one.locator("#e-city")).to_contain_text("It is now Lugo")
        expect(one.locator("#f-city")).to_be_focused()
        expect(one.locator("#f-city")).to_have_value("Soria")
        expect(one.locator("#f-note")).to_have_value("moved in May")
        assert facts(world)["city"] == "Lugo"
        assert not faults(one)
        save(one)
        expect(one.get_by_text("The file was corrected.")).to_be_visible()
        assert (facts(world)["city"], facts(world)["note"]) == ("Soria", "moved in May")

    def test_bring_nothing_back_by_the_back_button(self, world: World, two: Two) -> None:
        """A browser puts into a form that it opens again what stood there, unless told not to."""
        one, other = two
        one.select_option("#f-stage", "former")
        one.get_by_role("link", name="Cancel").click()
        one.wait_for_url("**/customers/*")
        other.select_option("#f-stage", "prospect")
        save(other)
        expect(other.get_by_text("The file was corrected.")).to_be_visible()
        one.go_back()
        expect(one.locator("#f-stage")).to_have_value("prospect")
        one.fill("#f-website", "https://newer.example")
        save(one)
        expect(one.get_by_text("The file was corrected.")).to_be_visible()
        assert facts(world)["stage"] == "prospect"
        assert facts(world)["website"] == "https://newer.example"
