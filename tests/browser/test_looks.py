"""Nothing is cut: names on charts, columns on a phone; and a browser's own words are ours."""

import json

import pytest
from playwright.sync_api import Page, expect

from clientela.analysis.rules import SEGMENTS
from clientela.analysis.services import refresh_copy
from clientela.web.analyses import words
from tests.browser.conftest import OpenPage, Site
from tests.browser.console import Console
from tests.browser.test_pages import SignIn, faults, place, sign_in, world
from tests.web.world import World

__all__ = ["sign_in", "world"]  # fixtures of this module too

DRAWN = """() => {
  const option = echarts.getInstanceByDom(document.getElementById("chart")).getOption();
  const axis = [option.xAxis[0], option.yAxis[0]].find((one) => one.type === "category");
  return {names: axis.data, lies: option.yAxis[0].type === "category", ...axis.axisLabel};
}"""

COUNT_DRAWN = """(() => {
  let held;
  window.drawnSoFar = 0;
  const count = (of, name) => {
    if (name === "init") window.drawnSoFar += 1;
    return of[name];
  };
  Object.defineProperty(window, "echarts", {
    set: (given) => { held = given; },
    get: () => held && new Proxy(held, { get: count }),
  });
})()"""


def hide(page: Page, not_shown: dict[str, object]) -> None:
    """Draw the chart of a page again with some places of it hidden, as management is shown it."""
    page.evaluate(
        """(hidden) => {
          const data = document.getElementById("chart-data");
          const chart = {...JSON.parse(data.textContent), not_shown: hidden};
          for (const one of chart.series ?? []) hidden.places.forEach((at) => one.data[at] = null);
          data.textContent = JSON.stringify(chart);
          document.dispatchEvent(new CustomEvent("htmx:afterSwap", {bubbles: true}));
        }""",
        not_shown,
    )
    page.evaluate(
        "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
    )


class TestChart:
    @pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
    def test_marks_what_is_not_shown_in_its_place_and_in_the_legend(
        self, site: Site, world: World, sign_in: SignIn, dark: bool
    ) -> None:
        refresh_copy(full=True)
        page = sign_in("sales", dark=dark)
        page.goto(f"{site.url}/analyses/abc")
        expect(page.locator("#chart canvas")).to_be_visible()
        hide(page, {"places": [0], "name": "Not shown", "said": "Not shown: A."})
        drawn = page.evaluate(
            """() => {
              const option = echarts.getInstanceByDom(document.getElementById("chart")).getOption();
              const {name, data, itemStyle} = option.series.at(-1);
              return {name, first: data[0], others: data.slice(1).filter((one) => one !== null),
                      fill: itemStyle.color, legend: option.legend.length, all: option.yAxis[1].max};
            }"""
        )
        line = page.evaluate(
            "getComputedStyle(document.documentElement).getPropertyValue('--line').trim()"
        )
        assert drawn == {
            "name": "Not shown", "first": 1, "others": [], "fill": line, "legend": 1, "all": 1,
        }  # fmt: skip

    @pytest.mark.parametrize("width", [390, 1440])
    def test_shows_every_name_whole_in_spanish(
        self, site: Site, world: World, sign_in: SignIn, width: int
    ) -> None:
        refresh_copy(full=True)
        page = sign_in("sales", language="es", width=width)
        page.goto(f"{site.url}/analyses/rfm")
        expect(page.locator("#chart canvas")).to_be_visible()
        page.evaluate(
            """(data) => {
              document.getElementById("chart-data").textContent = data;
              document.dispatchEvent(new CustomEvent("htmx:afterSwap", {bubbles: true}));
            }""",
            json.dumps(self._segments()),
        )
        page.evaluate(
            "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
        )
        drawn = page.evaluate(DRAWN)
        assert drawn["names"] == self._segments()["labels"]
        assert drawn["lies"]
        assert drawn["interval"] == 0
        assert drawn["overflow"] == "break"  # into lines, never cut

    def test_is_on_paper_in_ink_on_white_with_what_it_is_of(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        refresh_copy(full=True)
        page = sign_in("sales", dark=True)
        page.goto(f"{site.url}/analyses/abc")
        expect(page.locator("#chart canvas")).to_be_visible()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        printed = page.locator("#chart > .on-paper")
        box = printed.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 100
        assert page.locator("html").get_attribute("data-bs-theme") == "light"
        assert page.evaluate(
            """() => {  // bars in their colour, on a ground that is not painted
              const one = document.querySelector(".on-paper");
              const seen = one.getContext("2d").getImageData(0, 0, one.width, one.height).data;
              return seen.some((part) => part) && seen[3] === 0;
            }"""
        )
        expect(page.locator(".how p").first).to_be_visible()
        expect(page.locator(".side")).to_be_hidden()
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(printed).to_have_count(0)
        expect(page.locator(".how p").first).to_be_hidden()
        assert page.locator("html").get_attribute("data-bs-theme") == "dark"

    def _segments(self) -> dict[str, object]:
        from django.utils import translation

        with translation.override("es"):
            names = [words.code(one.name) for one in SEGMENTS]
        return {
            "kind": "bars", "unit": "percent", "labels": names,
            "series": [{"name": "Clientes", "data": [9.1 for _ in names]}],
        }  # fmt: skip


class TestAnalyses:
    def test_are_offered_side_by_side(self, site: Site, world: World, sign_in: SignIn) -> None:
        page = sign_in("sales", width=1440)
        page.goto(f"{site.url}/analyses/")
        first, second = (page.locator(".card-link").nth(n).bounding_box() for n in (0, 1))
        assert first is not None
        assert second is not None
        assert first["y"] == second["y"]
        marks = "getComputedStyle(document.querySelector('.cards')).listStyleType"
        assert page.evaluate(marks) == "none"


class TestWideTable:
    def test_says_that_it_scrolls_where_it_does(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        refresh_copy(full=True)
        page = sign_in("sales", width=390, language="es")
        page.goto(f"{site.url}/analyses/cohorts")
        hint = page.locator(".scroll-hint")
        expect(hint).to_be_visible()
        expect(hint).to_contain_text("Deslice hacia el lado")
        assert not faults(page)
        page.set_viewport_size({"width": 1600, "height": 900})
        expect(hint).to_have_count(0)


class TestList:
    def test_is_of_cards_on_a_phone_and_stays_a_table_to_who_hears_it(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        page = sign_in("sales", width=390)
        page.goto(site.url + place(world, "<own>") + "/cases")
        expect(page.get_by_role("table")).to_be_visible()
        expect(page.get_by_role("cell").first).to_be_visible()
        assert page.locator(".scroll-hint").count() == 0
        state = page.locator("tbody td:has(.tag)").first
        label = "cell => getComputedStyle(cell, '::before').content"
        assert state.evaluate(label) == '"State "'
        assert not faults(page)
        page.set_viewport_size({"width": 1600, "height": 900})
        expect(page.get_by_role("columnheader", name="State")).to_be_visible()
        assert state.evaluate(label) == "none"

    def test_can_be_put_in_another_order_there(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        page = sign_in("sales", width=390)
        page.goto(f"{site.url}/customers/")
        assert page.locator(".scroll-hint").count() == 0
        expect(page.locator("th", has_text="Country")).to_be_hidden()
        page.get_by_role("link", name="Net sales").click()
        page.wait_for_url("**order=-sales**")
        expect(page.locator("th", has_text="Net sales")).to_contain_text("↓")
        assert not faults(page)


class TestWords:
    def test_of_an_empty_field_are_in_the_language_of_the_page(
        self, site: Site, world: World, open_page: OpenPage
    ) -> None:
        page: Page = open_page(language="en")
        page.goto(f"{site.url}/account/sign-in")
        page.get_by_role("button", name="español").click()
        expect(page.locator("h1")).to_have_text("Iniciar sesión")
        page.locator("form[action='/account/sign-in'] button").click()
        said = page.locator("#id_login").evaluate("field => field.validationMessage")
        assert said == "Rellene este campo."
        page.fill("#id_login", "nobody")
        page.fill("#id_password", "nothing")
        page.locator("#id_password").press("Enter")
        expect(page.locator(".note-error")).to_contain_text("contraseña")


class TestHeatMap:
    def test_is_coloured_by_retention_and_not_by_the_mark_of_a_month_in_part(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        refresh_copy(full=True)
        page = sign_in("sales")
        page.goto(f"{site.url}/analyses/cohorts")
        expect(page.locator("#chart canvas").first).to_be_visible()
        drawn = page.evaluate(
            """() => {
              const chart = echarts.getInstanceByDom(document.getElementById("chart"));
              const option = chart.getOption();
              return [option.visualMap[0].dimension, option.xAxis[0].name, option.yAxis[0].name];
            }"""
        )
        assert drawn == [
            2,
            "Months later (retention, %)",
            "First bought in",
        ]

    def test_marks_cells_that_are_not_shown(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        refresh_copy(full=True)
        page = sign_in("sales")
        page.goto(f"{site.url}/analyses/cohorts")
        expect(page.locator("#chart canvas").first).to_be_visible()
        hide(page, {"places": [[0, 0]], "name": "Not shown", "said": ""})
        drawn = page.evaluate(
            """() => {
              const chart = echarts.getInstanceByDom(document.getElementById("chart"));
              const option = chart.getOption();
              return [option.visualMap[0].pieces[0].label, option.series[0].data.at(-1).value[2]];
            }"""
        )
        assert drawn == ["Not shown", -1]

    def test_is_drawn_once_for_a_page_however_often_it_is_resized_within_a_frame(
        self, site: Site, world: World, sign_in: SignIn
    ) -> None:
        refresh_copy(full=True)
        page = sign_in("sales")
        page.add_init_script(COUNT_DRAWN)
        page.goto(f"{site.url}/analyses/cohorts")
        expect(page.locator("#chart canvas").first).to_be_visible()
        assert page.evaluate("window.drawnSoFar") == 1
        page.evaluate(
            """() => new Promise((done) => {
              for (let n = 0; n < 5; n++) window.dispatchEvent(new Event("resize"));
              requestAnimationFrame(() => requestAnimationFrame(done));
            })"""
        )
        assert page.evaluate("window.drawnSoFar") == 2


class TestListWithoutDatabase:
    def test_opens_again_by_itself_as_it_was_asked_for(
        self, site: Site, world: World, sign_in: SignIn, console: Console
    ) -> None:
        console.forgive("503")
        page = sign_in("sales")
        page.goto(f"{site.url}/customers/")
        page.route("**/customers/?*", lambda route: route.fulfill(status=503, body=""), times=1)
        page.select_option("select[name=kind]", "company")
        expect(page.locator("#messages .note-error")).to_be_visible()
        page.wait_for_url("**/customers/?*kind=company*", timeout=15_000)
        expect(page.locator("#rows")).not_to_be_empty()
        expect(page.locator("select[name=kind]")).to_have_value("company")
