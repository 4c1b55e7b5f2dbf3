"""A real Chromium on the product's own server process.

`site` is the product on a database of the module's own: what a test commits through
Django, the pages show. `open_page` opens a page in the language, colour scheme and width
that a test asks for. A missing browser fails the tests, and so does any complaint in a
page's console that the test did not expect.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from clientela.runtime import database
from tests import server
from tests.browser.console import Console
from tests.browser.executable import find
from tests.browser.serving import served

expect.set_options(timeout=20_000)  # three test processes share two cores

# The synchronous driver keeps an event loop, in which Django would refuse to query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
PATIENCE_MS = 8000
FLAGS = [
    *("--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

OpenPage = Callable[..., Page]


@dataclass(frozen=True, kw_only=True)
class Site:
    """The product at work: its address and its database."""

    url: str
    urls: database.Urls


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this process; each page gets a profile of its own in it."""
    program = find()
    if program is None:
        pytest.fail("no Chromium or Chrome here: install one, or set CLIENTELA_BROWSER")
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The product on a fresh copy of the database, which Django uses here as well."""
    name = f"site_{uuid.uuid4().hex[:12]}"
    server.clone(name)
    log = tmp_path_factory.mktemp("site") / "server.log"
    with server.django_on(name, django_db_blocker), served(name, log) as url:
        yield Site(url=url, urls=database.urls(name))
    server.drop(name)


@pytest.fixture
def console() -> Iterator[Console]:
    """What the pages of a test complain about; anything unexpected fails the test."""
    heard = Console()
    yield heard
    assert heard.unforgiven == []


@pytest.fixture
def open_page(browser: Browser, console: Console) -> Iterator[OpenPage]:
    """Open an empty page: `open_page(language="es", dark=True, width=390)`."""
    contexts = []

    def make(
        *, language: str = "en", dark: bool = False, width: int = 1280, **options: Any
    ) -> Page:
        context = browser.new_context(
            locale=language,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900},
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        console.listen(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page in English, light, of a desk's width."""
    return open_page()
