"""The refresh of the columnar copy from PostgreSQL: what changed, or everything the first time.

1. Take the writer's lock; read in one database transaction (see `pull`).
2. Bring each table to what the transaction saw (see `copying`). Readers do not see it yet.
3. Publish all tables together as the next snapshot, with the watermark for the next refresh.
4. Sweep files that only snapshots older than `keep_hours` need, at most hourly.

Killed at any point it leaves the last snapshot as it was: the watermark is in the snapshot, and
the next refresh first undoes what was written after it. Everything is loaded anew when the data
come from another database, or from one that was set back; a single table when its contract changed.
Use it in a process of its own or a worker thread, never in one that forks afterwards (deltalake
does not survive that).
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb

from clientela.tables.contract import TableContract
from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES
from clientela.tables.registry import CONTRACTS, PULLED
from clientela.warehouse.copying import Copy, Written
from clientela.warehouse.overlays import Limits
from clientela.warehouse.parquet import quoted
from clientela.warehouse.pull import Source, open_source
from clientela.warehouse.snapshots import (
    NoSnapshot,
    Snapshot,
    fingerprint,
    numbers,
    open_snapshot,
    publish,
    withdraw,
)

KEEP_HOURS = 24  # longer than the longest query
LIMITS = Limits()
MEMORY = "512MB"  # of the writer's DuckDB; beyond it spills to the copy's folder


class RefreshRunning(RuntimeError):
    """Another process is refreshing this copy."""


@dataclass(frozen=True)
class Refresh:
    """What a refresh did."""

    snapshot: int
    rows: Mapping[str, int]  # rows that came, by contract
    gone: Mapping[str, int]  # rows taken away, by contract
    reloaded: tuple[str, ...]  # contracts loaded in full
    seconds: float

    @property
    def changed(self) -> bool:
        """Whether there is anything new in the snapshot."""
        return bool(self.reloaded or any(self.rows.values()) or any(self.gone.values()))


def refresh(
    dsn: str,
    folder: Path,
    *,
    keep_hours: int = KEEP_HOURS,
    full: bool = False,
    limits: Limits = LIMITS,
) -> Refresh:
    """Bring the copy in `folder` to the database's present state and publish it as a snapshot.

    `dsn` is a PostgreSQL address of a role that may read the schema `warehouse`; `full` loads
    everything anew, `limits` says when changes are folded into the tables. When nothing changed no
    snapshot is published and the last number is answered.
    Raises RefreshRunning, and ViewBroken when a view breaks its contract; readers then keep the
    last snapshot.
    """
    began = time.monotonic()
    with _only_writer(folder), _engine(folder) as engine, open_source(dsn) as source:
        last = _last(folder)
        base = None if full or last is None or _another_life(last, source) else last
        copy = Copy(folder, engine, limits)
        written = _brought_up(copy, source, base)
        number = last.number if last else 0
        if base is None or any(w.held != base.held(CONTRACTS[n]) for n, w in written.items()):
            number += 1
            publish(_snapshot(folder, number, source, written))
        _sweep(copy, keep_hours)
    return Refresh(
        snapshot=number,
        rows={name: w.rows for name, w in written.items()},
        gone={name: w.gone for name, w in written.items()},
        reloaded=tuple(name for name, w in written.items() if w.reloaded),
        seconds=time.monotonic() - began,
    )


def _brought_up(copy: Copy, source: Source, base: Snapshot | None) -> dict[str, Written]:
    written = {}
    for contract in PULLED:
        written[contract.name] = _table(copy, source, contract, base)
        if contract is INVOICES:
            known = base is not None and base.fits(PURCHASES)
            held = base.held(PURCHASES) if base is not None and known else None
            written[PURCHASES.name] = copy.follow_invoices(held, written[INVOICES.name])
    return written


def _table(copy: Copy, source: Source, contract: TableContract, base: Snapshot | None) -> Written:
    if base is None or not base.fits(contract):
        with source.changed(contract, None) as rows:
            return copy.load(contract, rows)
    gone = source.gone(contract, base.watermark)
    with source.changed(contract, base.watermark) as rows:
        return copy.change(contract, base.held(contract), rows, gone)


def _another_life(last: Snapshot, source: Source) -> bool:
    """Whether the copy came from another database, or from a later state of this one."""
    return last.database != source.database or last.watermark > source.watermark


def _snapshot(
    folder: Path, number: int, source: Source, written: Mapping[str, Written]
) -> Snapshot:
    return Snapshot(
        number=number,
        database=source.database,
        watermark=source.watermark,
        versions={name: w.held.version for name, w in written.items()},
        fingerprints={c.name: fingerprint(c) for c in CONTRACTS.values()},
        folder=folder,
        overlays={n: w.held.overlay for n, w in written.items() if w.held.overlay is not None},
        replaced={n: list(w.held.replaced) for n, w in written.items() if w.held.replaced},
    )


def _last(folder: Path) -> Snapshot | None:
    try:
        return open_snapshot(folder)
    except NoSnapshot:
        return None


def _sweep(copy: Copy, keep_hours: int) -> None:
    """Withdraw snapshots followed by another before the hours to keep, then sweep their files.

    Done each 24th of these hours, whether anything changed or not.
    """
    folder, found = copy.folder, numbers(copy.folder)
    now, stamp = time.time(), folder / "swept"
    if stamp.exists() and 0 <= now - stamp.stat().st_mtime < keep_hours * 3600 / 24:
        return
    kept_from = now - keep_hours * 3600
    withdraw(
        folder,
        [
            number
            for number, later in pairwise(found)
            if (folder / "snapshots" / f"{later}.json").stat().st_mtime <= kept_from
        ],
    )
    for contract in CONTRACTS.values():
        copy.sweep(contract, keep_hours)
    stamp.touch()


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Hold the writer's lock; it falls with the process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)  # what is in it is for this account alone
    with (folder / "refresh.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefreshRunning(f"another process refreshes {folder}") from None
        yield


@contextmanager
def _engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the writer's DuckDB, whose spilled rows go with it; clear those of dead processes."""
    spills = folder / "spill"
    spills.mkdir(exist_ok=True)
    for left in spills.iterdir():
        if not _alive(left.name):
            shutil.rmtree(left, ignore_errors=True)
    own = spills / str(os.getpid())
    own.mkdir(exist_ok=True)
    with duckdb.connect(":memory:") as engine:
        engine.execute(f"SET memory_limit = '{MEMORY}'")
        engine.execute(f"SET temp_directory = '{quoted(own)}'")
        engine.execute("SET preserve_insertion_order = false")
        yield engine


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
