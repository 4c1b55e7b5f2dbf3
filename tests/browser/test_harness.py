"""The browser is there, and its complaints are heard."""

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage, Site
from tests.browser.console import Console

POLICY = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"


class TestConsole:
    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            ("<script>console.error('broken chart')</script>", "broken chart"),
            ("<script>throw new Error('uncaught')</script>", "uncaught"),
            (f"{POLICY}<p style='color: red'>", "Content Security Policy"),
            (f"{POLICY}<script>1</script>", "Content Security Policy"),
        ],
    )
    def test_hears(self, page: Page, console: Console, content: str, complaint: str) -> None:
        page.set_content(content)
        assert complaint in "".join(console.unforgiven)
        console.forgive(complaint)
        assert console.unforgiven == []

    def test_does_not_mind_what_is_no_error(self, page: Page, console: Console) -> None:
        page.set_content("<script>console.log('hello'); console.warn('careful')</script>")
        assert console.complaints == []


class TestOpenPage:
    def test_gives_the_language_scheme_and_width_asked_for(self, open_page: OpenPage) -> None:
        page = open_page(language="zh-CN", dark=True, width=390)
        page.set_content("<title>x</title>")
        assert page.evaluate("navigator.language") == "zh-CN"
        assert page.evaluate("innerWidth") == 390
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is True

    def test_draws_chinese_with_glyphs_of_its_own(self, page: Page) -> None:
        """Without a font every character would be the same empty box."""
        page.set_content("<canvas></canvas>")
        drawn = page.evaluate(
            """() => ['客', '户', '款'].map(text => {
                const pen = document.querySelector('canvas').getContext('2d');
                pen.clearRect(0, 0, 300, 150);
                pen.font = '40px sans-serif';
                pen.fillText(text, 10, 50);
                return pen.getImageData(0, 0, 80, 80).data.join('');
            })"""
        )
        assert len(set(drawn)) == 3


class TestSite:
    def test_serves_over_the_database_that_the_test_writes_to(
        self, site: Site, page: Page, console: Console
    ) -> None:
        console.forgive("favicon.ico")  # plain text names no icon, so the browser guesses
        answer = page.goto(f"{site.url}/healthz")
        assert answer is not None
        assert answer.text() == "ok"
        with psycopg.connect(site.urls.app) as outside, connection.cursor() as inside:
            inside.execute("select current_database()")
            assert inside.fetchone() == (outside.info.dbname,)
