"""Folding: what the overlays hold is written into the tables, after readers have it.

A refresh notes what changed beside the tables (see `overlays`), so that it is read soon. Writing
it into them costs as much as the months that are touched, whatever few rows those are, and
changes no row. It is done when a refresh is over, and published as a snapshot of the same rows;
killed at any point it leaves the one before.
"""

from pathlib import Path

from clientela.tables.registry import CONTRACTS
from clientela.warehouse.copying import Copy
from clientela.warehouse.overlays import Limits
from clientela.warehouse.snapshots import newest, publish
from clientela.warehouse.writer import engine, only_writer

LIMITS = Limits()


def fold(folder: Path, *, limits: Limits = LIMITS) -> bool:
    """Fold what is over the limits in the copy in `folder`; return whether anything was.

    Without a copy there is nothing to fold. Raises RefreshRunning.
    """
    last = newest(folder)
    if last is None or not last.overlays:
        return False
    with only_writer(folder), engine(folder) as duckdb:
        last = newest(folder) or last  # another writer may have published meanwhile
        copy = Copy(folder, duckdb, limits)
        held = {c.name: last.held(c) for c in CONTRACTS.values() if c.name in last.versions}
        folded = False
        for contract in CONTRACTS.values():
            if last.fits(contract) and (found := copy.fold(contract, held[contract.name])):
                held[contract.name], folded = found, True
        if folded:
            publish(last.written_as(held))
    return folded
