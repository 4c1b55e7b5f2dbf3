"""What a copy holds and what the database holds, in the same shape, for comparing."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from clientela.tables.contract import TableContract
from clientela.tables.registry import CONTRACTS, PULLED
from clientela.warehouse.folding import fold
from clientela.warehouse.overlays import Limits
from clientela.warehouse.refresh import refresh
from clientela.warehouse.session import Session
from tests.library.database import connect


def in_copy(folder: Path, contract: TableContract, snapshot: int | None = None) -> list[Any]:
    """Return the contract's rows in a snapshot, sorted by key."""
    return all_in_copy(folder, (contract,), snapshot)[contract.name]


def all_in_copy(
    folder: Path, contracts: Iterable[TableContract], snapshot: int | None = None
) -> dict[str, list[Any]]:
    """Return the rows of several contracts, read in one session, each sorted by key."""
    with Session.delta(folder, snapshot) as session:
        return {
            contract.name: sorted(
                (tuple(row.values()) for row in session.rows(session.table(contract))),
                key=lambda row: row[0],
            )
            for contract in contracts
        }


def in_database(dsn: str, contract: TableContract) -> list[Any]:
    """Return the contract's rows in the database, sorted by key."""
    return all_in_database(dsn, (contract,))[contract.name]


def all_in_database(dsn: str, contracts: Iterable[TableContract]) -> dict[str, list[Any]]:
    """Return the rows of several contracts in the database, each sorted by key."""
    with connect(dsn) as connection:
        return {
            contract.name: sorted(
                connection.execute(
                    f"SELECT {', '.join(contract.columns)} FROM warehouse.{contract.name}".encode()
                ).fetchall(),
                key=lambda row: row[0],
            )
            for contract in contracts
        }


def differences(dsn: str, folder: Path) -> list[str]:
    """Return the contracts whose copy is not what the database holds."""
    copied, held = all_in_copy(folder, PULLED), all_in_database(dsn, PULLED)
    return [name for name in held if copied[name] != held[name]]


def totals(folder: Path, snapshot: int | None = None) -> tuple[int, int, int]:
    """Return (documents, their net, the rollup's net) of a snapshot, read in one session."""
    with Session.delta(folder, snapshot) as session:
        i, p = session.table(CONTRACTS["invoices"]), session.table(CONTRACTS["purchases"])
        return (
            session.value(i.count()),
            session.value(i.net_base_minor.sum().fill_null(0)),
            session.value(p.net_base_minor.sum().fill_null(0)),
        )


BESIDE = Limits(overlay=1e9, part=1e9, rows=0)  # everything that changes stays in the overlay
HALF = Limits(overlay=0.1, keep=0.05, part=1e9, rows=0)  # some parts are folded, some are not
LIMITS = {"beside": BESIDE, "half": HALF, "folded": Limits()}  # so small a table is folded at once

if __name__ == "__main__":  # a process of its own, to be killed: DSN FOLDER [LIMITS]
    chosen = LIMITS[sys.argv[3]] if len(sys.argv) > 3 else Limits()
    refresh(sys.argv[1], Path(sys.argv[2]), limits=chosen)
    fold(Path(sys.argv[2]), limits=HALF)
