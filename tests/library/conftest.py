"""What tests of the columnar copy share."""

from collections.abc import Iterator

import pytest

from clientela.runtime import cluster, database


@pytest.fixture(scope="module")
def quiet_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that nobody else writes to: a snapshot's horizon is that of the whole server,
    and rows of transactions after the oldest open one are read again, wherever that runs."""
    folder = tmp_path_factory.mktemp("quiet")
    own = {"CLIENTELA_DATA_DIR": str(folder / "data"), "CLIENTELA_KEY_FILE": str(folder / "key")}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in own.items():
            environment.setenv(name, value)
        cluster.start(durable=False)
        url = database.urls("postgres").superuser
    yield url
    with pytest.MonkeyPatch.context() as environment:
        for name, value in own.items():
            environment.setenv(name, value)
        cluster.stop()
