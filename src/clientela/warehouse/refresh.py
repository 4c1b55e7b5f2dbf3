"""The refresh of the columnar copy from PostgreSQL: what changed, or everything the first time.

1. Take the writer's lock; read in one database transaction (see `pull`, `prefetch`).
2. Bring each table to what the transaction saw (see `copying`). Readers do not see it yet.
3. Publish all tables together as the next snapshot, with the watermark for the next refresh.
4. Sweep files that only snapshots older than `keep_hours` need, at most hourly.

Killed at any point it leaves the last snapshot as it was: the watermark is in the snapshot, and
the next refresh first undoes what was written after it. Everything is loaded anew when the data
come from another database, or from one that was set back; a single table when its contract changed.
Use it in a process of its own or a worker thread, never in one that forks afterwards (deltalake
does not survive that).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES
from clientela.tables.registry import CONTRACTS, PULLED
from clientela.warehouse.copying import Copy, Written
from clientela.warehouse.overlays import Limits
from clientela.warehouse.prefetch import Pull, prefetched
from clientela.warehouse.pull import Source, open_source
from clientela.warehouse.snapshots import (
    Snapshot,
    fields_of,
    fingerprint,
    newest,
    numbers,
    publish,
    withdraw,
)
from clientela.warehouse.writer import RefreshRunning, engine, only_writer

__all__ = ["KEEP_HOURS", "LIMITS", "Refresh", "RefreshRunning", "refresh"]

KEEP_HOURS = 24  # longer than the longest query
LIMITS = Limits(overlay=0.2, files=128)  # beyond it not even the next folding is waited for


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
    with only_writer(folder), engine(folder) as duckdb, open_source(dsn) as source:
        last = newest(folder)
        base = None if full or last is None or _another_life(last, source) else last
        number = last.number if last else 0
        copy = Copy(folder, duckdb, limits, seq=number + 1)
        written = _brought_up(copy, source, base)
        if base is None or any(_differs(base, n, w) for n, w in written.items()):
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


def _differs(base: Snapshot, name: str, written: Written) -> bool:
    """Whether a contract is held otherwise than before, or was not held at all."""
    return name not in base.versions or written.held != base.held(CONTRACTS[name])


def _brought_up(copy: Copy, source: Source, base: Snapshot | None) -> dict[str, Written]:
    asked = [(c, base.watermark if base and base.fits(c) else None) for c in PULLED]
    written = {}
    with prefetched(source, asked) as pulls:
        for pull in pulls:
            written[pull.contract.name] = _table(copy, pull, base)
            if pull.contract is INVOICES:
                known = base is not None and base.fits(PURCHASES)
                held = base.held(PURCHASES) if base is not None and known else None
                written[PURCHASES.name] = copy.follow_invoices(held, written[INVOICES.name])
    return written


def _table(copy: Copy, pull: Pull, base: Snapshot | None) -> Written:
    with pull.rows() as rows:
        if base is None or pull.since is None:
            return copy.load(pull.contract, rows)
        return copy.change(pull.contract, base.held(pull.contract), rows, pull.gone)


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
        fingerprints={c.name: fingerprint(c) for c in CONTRACTS.values()},
        folder=folder,
        **fields_of({name: w.held for name, w in written.items()}),
    )


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
