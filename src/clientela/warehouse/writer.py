"""The workshop of whoever writes the columnar copy: the one lock, and a DuckDB to work with."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from clientela.warehouse.parquet import quoted

MEMORY = "512MB"  # of the writer's DuckDB; beyond it spills to the copy's folder


class RefreshRunning(RuntimeError):
    """Another process is writing this copy."""


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold the writer's lock; it falls with the process, however that ends. Raises RefreshRunning."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)  # what is in it is for this account alone
    with (folder / "refresh.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefreshRunning(f"another process refreshes {folder}") from None
        yield


@contextmanager
def engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the writer's DuckDB, whose spilled rows go with it; clear those of dead processes."""
    spills = folder / "spill"
    spills.mkdir(exist_ok=True)
    for left in spills.iterdir():
        if not _alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    own = spills / str(os.getpid())
    own.mkdir(exist_ok=True)
    with duckdb.connect(":memory:") as opened:
        opened.execute(f"SET memory_limit = '{MEMORY}'")
        opened.execute(f"SET temp_directory = '{quoted(own)}'")
        opened.execute("SET preserve_insertion_order = false")
        yield opened


def _alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
