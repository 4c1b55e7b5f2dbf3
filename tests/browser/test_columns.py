"""Columns of tables: what is short stands on one line, and what does not fit scrolls in its frame."""

import pytest

from clientela.analysis.services import refresh_copy
from tests.browser.conftest import Site
from tests.browser.test_pages import SignIn, place, sign_in, world
from tests.web.world import World

__all__ = ["sign_in", "world"]  # fixtures of this module too

LINES = """() => [...document.querySelectorAll(".list td.short")].map((cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  const rects = [...range.getClientRects()].filter((one) => one.width > 0);
  const below = rects.filter((one) => one.top > rects[0].bottom - 2);
  return {text: cell.textContent.trim(), lines: below.length ? 2 : 1};
})"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = (
    ("auditor", "/admin/events"), ("credit_manager", "/customers/"), ("sales", "/invoices/"),
    ("sales", "<own>/invoices"), ("sales", "/analyses/sales?by=country"),
)  # fmt: skip


class TestShortCells:
    @pytest.mark.parametrize("language", ["en", "es", "zh-hans"])
    def test_are_broken_at_no_width(
        self, site: Site, world: World, sign_in: SignIn, language: str
    ) -> None:
        refresh_copy(full=True)
        for role in dict.fromkeys(role for role, _ in PAGES):
            page = sign_in(role, language=language)
            for width in (390, 768, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                for path in (path for one, path in PAGES if one == role):
                    own = place(world, "<own>") + path[5:] if path[0] == "<" else path
                    page.goto(site.url + own)
                    cells = page.evaluate(LINES)
                    assert cells, (path, page.locator("h1").text_content())
                    broken = [one["text"] for one in cells if one["lines"] > 1]
                    assert not broken, (path, width, broken)
                    assert page.evaluate(WIDER) <= 0, (path, width)
