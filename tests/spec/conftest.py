"""Each engine in turn. DuckDB always; PostgreSQL and Sail where slow tests run."""

import os
import warnings
from collections.abc import Iterator
from typing import Any

import ibis
import pytest

from clientela.warehouse.engines import Engine
from clientela.warehouse.session import Session
from tests import server

ENGINES = ("duckdb", "postgres", "sail")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the Spark client say that it ignores a setting of its own (it warns at every table)."""
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore:'verifySchema' is ignored"))


@pytest.fixture(scope="session")
def postgres_session() -> Iterator[Session]:
    """A session on an empty database; tests bring their tables as temporary ones."""
    with server.empty_database() as dsn:
        backend = ibis.connect(dsn.replace("postgresql://", "postgres://", 1))
        yield Session(Engine(backend, backend.table))
        backend.disconnect()


@pytest.fixture(scope="session")
def sail_session() -> Iterator[Session]:
    """A session on a Spark Connect server (Sail) in this process."""
    os.environ.setdefault("RUST_LOG", "off")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysail.spark import SparkConnectServer

        sail = SparkConnectServer()
        sail.start(background=True)
        _, port = sail.listening_address
        yield Session.spark(f"sc://127.0.0.1:{port}")
        sail.stop()


@pytest.fixture(scope="session")
def duckdb_session() -> Iterator[Session]:
    """A session on DuckDB in memory."""
    with Session.duckdb() as session:
        yield session


@pytest.fixture(
    params=[
        pytest.param(name, marks=() if name == "duckdb" else pytest.mark.slow) for name in ENGINES
    ]
)
def session(request: pytest.FixtureRequest) -> Any:
    """Each engine's session, one after the other."""
    return request.getfixturevalue(f"{request.param}_session")
