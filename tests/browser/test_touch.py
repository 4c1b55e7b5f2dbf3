"""What a finger has to hit is large enough: on a phone, on every page."""

import pytest
from playwright.sync_api import Page, expect

from clientela.analysis.services import refresh_copy
from tests.browser.conftest import Site
from tests.browser.test_pages import PAGES, SignIn, place, sign_in, world
from tests.web.world import World

__all__ = ["sign_in", "world"]  # fixtures of this module too

LEAST = 24  # WCAG 2.2, 2.5.8
ROOMY = 44
FOLDING = {"credit_manager": ["/analyses/ageing", "/analyses/abc"],
           "data_steward": ["/imports/new", "/analyses/sales"]}  # fmt: skip
# Everything that can be hit and is shown, with the size of its target, which is its label's as
# well; apart from links inside a sentence, which are as high as its lines.
TARGETS = """() => {
  const among = "a[href], button, input, select, textarea, summary, [role=button]";
  const inside = (one) => one.tagName === "A" && getComputedStyle(one).display === "inline"
    && [...one.parentElement.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  return [...document.querySelectorAll(among)]
    .filter((one) => one.type !== "hidden" && one.checkVisibility({visibilityProperty: true}))
    .filter((one) => one.getBoundingClientRect().right > 0 && !inside(one))
    .map((one) => {
      const boxes = [one, ...(one.labels ?? [])].map((part) => part.getBoundingClientRect());
      return {
        width: Math.max(...boxes.map((box) => box.width)),
        height: Math.max(...boxes.map((box) => box.height)),
        roomy: one.matches(".btn, #side li a, .tabs a, summary:not(.reveal > *), .drawer-button"),
        what: one.outerHTML.slice(0, 120),
      };
    });
}"""
OPEN = """() => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  document.getElementById("side").classList.add("is-open");
}"""


def small(page: Page) -> list[str]:
    """Return the targets of the page, with all that folds out, that are too small."""
    page.evaluate(OPEN)
    expect(page.locator("#side")).to_be_visible()
    found = page.evaluate(TARGETS)
    assert len(found) > 10, page.url
    return [
        f"{page.url} {one['width']:.0f} × {one['height']:.0f}: {one['what']}"
        for one in found
        if min(one["width"], one["height"]) < LEAST or (one["roomy"] and one["height"] < ROOMY)
    ]


class TestTargets:
    @pytest.mark.parametrize("who", sorted(PAGES))
    def test_are_large_enough_on_a_phone(
        self, site: Site, world: World, sign_in: SignIn, who: str
    ) -> None:
        page, found = sign_in(who, width=390, reduced_motion="reduce"), []
        for path in PAGES[who]:
            page.goto(site.url + place(world, path))
            found += small(page)
        assert not found, "\n".join(found)

    @pytest.mark.parametrize("who", sorted(FOLDING))
    def test_that_fold_something_out_are_too(
        self, site: Site, world: World, sign_in: SignIn, who: str
    ) -> None:
        refresh_copy(full=True)
        page, found = sign_in(who, width=390, reduced_motion="reduce"), []
        for path in FOLDING[who]:
            page.goto(site.url + path)
            expect(page.locator("main summary").last).to_be_visible()
            found += small(page)
        assert not found, "\n".join(found)

    def test_are_found_where_they_are_too_small(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        page = sign_in("sales", width=390, reduced_motion="reduce")
        page.locator("main").evaluate(
            """(main) => { main.innerHTML =
              '<p>See <a href="/">this</a>.</p><p><a href="/work/">x</a></p>'; }"""
        )
        (one,) = small(page)
        assert ">x</a>" in one


class TestTabs:
    def test_show_the_open_one_on_a_phone(self, site: Site, world: World, sign_in: SignIn) -> None:
        page = sign_in("sales", width=390, reduced_motion="reduce")
        page.goto(site.url + f"/customers/{world.customers['own'].public_id}/contracts")
        expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)
        page.locator(".tabs a").first.scroll_into_view_if_needed()
        page.locator(".tabs a").first.click()
        expect(page.locator(".tabs [aria-current]")).to_be_in_viewport(ratio=1)


class TestPlaces:
    def test_are_found_by_typing_their_name(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        page = sign_in("administrator")
        page.goto(site.url + place(world, "<user>"))
        field = page.get_by_label("Where", exact=False).locator("visible=true").first
        field.focus()
        page.keyboard.type("huad")
        expect(field).to_have_value("huadong")
