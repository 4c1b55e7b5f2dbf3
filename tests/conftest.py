"""What every test may ask for: databases on a real server, never a stand-in.

`db` (pytest-django) gives the worker's own copy of the database in a transaction that is
rolled back. `fresh_database` gives a copy to one test that has to commit, with threads
or processes of its own. `postgres_dsn` gives an empty database to tests without Django.
Nothing is ever flushed: append-only tables refuse it.
"""

import gc
import os
import shutil
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

from clientela.runtime import cluster, database, sandbox
from tests import kept, server

if TYPE_CHECKING:
    from tests.web.world import World

# The machine's load is none of a law's business.
hypothesis_settings.register_profile("house", deadline=None, report_multiple_bugs=False)
hypothesis_settings.load_profile("house")

FLUSHING = {"transactional_db", "live_server", "django_db_reset_sequences"}


# What asks another engine than DuckDB for figures, or a database for rows.
ENGINES = ("postgres", "sail")
DATABASES = {"db", "fresh_database", "postgres_dsn", "postgres_server", "world", "company"}


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a database; refuse tests that would flush tables afterwards."""
    for item in items:
        other_engine = any(engine in item.name for engine in ENGINES)
        asks = DATABASES & set(getattr(item, "fixturenames", ()))
        if asks or other_engine:
            item.add_marker("books")
        marker = item.get_closest_marker("django_db")
        flushes = marker is not None and marker.kwargs.get("transaction")
        if flushes or FLUSHING & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid} would flush tables: use fresh_database")


def pytest_collection_finish() -> None:
    """Look seldom for garbage, and never again among what was loaded: it is not thrown away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder of a run that never started a server; else the guardian does."""
    if not hasattr(config, "workerinput"):
        folder = sandbox.enter()
        if not (folder / "users").exists():
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this worker a copy of the template, under the name that the settings hold."""
    from django.db import connections

    server.clone(os.environ["CLIENTELA_DATABASE"])
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def postgres_server() -> cluster.Server:
    """The running server of this test run."""
    server.ensure()
    return cluster.start(durable=False)


@pytest.fixture
def postgres_dsn() -> Iterator[str]:
    """The superuser's URL of an empty database that ends with the test."""
    with server.empty_database() as dsn:
        yield dsn


@pytest.fixture
def fresh_database(
    django_test_environment: None, django_db_blocker: Any
) -> Iterator[database.Urls]:
    """A copy of the template for one test: Django, and processes the test starts, use it.

    What the test commits stays until its end, when the copy is dropped.
    """
    name = f"fresh_{uuid.uuid4().hex[:12]}"
    server.clone(name)
    with server.django_on(name, django_db_blocker):
        yield database.urls()
    server.drop(name)


@pytest.fixture
def no_other_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a refresh mark how far it came as if no other database of the server were written to.

    Those of tests beside this one hold back the point below which every transaction has ended.
    """
    from clientela.analysis.services import standing
    from clientela.store.bulk import fetch

    so_far = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    monkeypatch.setattr(standing, "transactions_ended", lambda: fetch(so_far)[0][0])


@pytest.fixture
def world(django_test_environment: None, django_db_blocker: Any) -> Iterator["World"]:
    """What tests of pages stand on, for one test that commits nothing."""
    from tests.web.world import make_world

    with kept.undone("world", make_world, django_db_blocker) as found:
        yield found
