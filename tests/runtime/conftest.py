"""Installations for one test each, cleared away whatever state the test left them in."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.runtime.installation import Installation, identities

Install = Callable[..., Installation]


@pytest.fixture
def install() -> Iterator[Install]:
    """Give a maker of installations: `install(account=..., bindir=..., name=..., mode=...)`.

    `name` is the data folder's path below the installation's, `mode` that of its parent.
    """
    with installing() as make:
        yield make


@contextmanager
def installing() -> Iterator[Install]:
    """Make installations, and clear them away at the end."""
    made: list[Installation] = []

    def make(
        *,
        account: str = "",
        bindir: Path | None = None,
        name: str = "data",
        mode: int = 0o755,
        beside: Installation | None = None,
    ) -> Installation:
        account = account or identities()[0]
        entry = pwd.getpwnam(account)
        folder = (
            beside.folder if beside else Path(tempfile.mkdtemp(prefix="clientela-try-", dir="/tmp"))
        )
        data = folder / name
        data.parent.mkdir(parents=True, exist_ok=True)
        for path in (folder, data.parent):
            os.chown(path, entry.pw_uid, entry.pw_gid)
            path.chmod(mode if path == data.parent else 0o755)
        result = Installation(folder=folder, data=data, account=account, bindir=bindir)
        made.append(result)
        return result

    try:
        yield make
    finally:
        for installation in made:
            installation.kill(*installation.processes())
            if (installation.data / "installation").exists():
                socket = installation.run("say(paths.socket_dir())", DATABASE_URL="")
                shutil.rmtree(socket, ignore_errors=True)
        for installation in made:
            shutil.rmtree(installation.folder, ignore_errors=True)
