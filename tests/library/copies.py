"""What a copy holds and what the database holds, in the same shape, for comparing."""

import sys
from pathlib import Path
from typing import Any

from clientela.tables.contract import TableContract
from clientela.tables.registry import CONTRACTS, PULLED
from clientela.warehouse.refresh import refresh
from clientela.warehouse.session import Session
from tests.library.database import connect


def in_copy(folder: Path, contract: TableContract, snapshot: int | None = None) -> list[Any]:
    """Return the contract's rows in a snapshot, sorted by key."""
    with Session.delta(folder, snapshot) as session:
        rows = session.rows(session.table(contract))
    return sorted((tuple(row.values()) for row in rows), key=lambda row: row[0])


def in_database(dsn: str, contract: TableContract) -> list[Any]:
    """Return the contract's rows in the database, sorted by key."""
    columns = ", ".join(contract.columns)
    with connect(dsn) as connection:
        found = connection.execute(f"SELECT {columns} FROM warehouse.{contract.name}").fetchall()
    return sorted(found, key=lambda row: row[0])


def differences(dsn: str, folder: Path) -> list[str]:
    """Return the contracts whose copy is not what the database holds."""
    return [
        contract.name
        for contract in PULLED
        if in_copy(folder, contract) != in_database(dsn, contract)
    ]


def totals(folder: Path, snapshot: int | None = None) -> tuple[int, int, int]:
    """Return (documents, their net, the rollup's net) of a snapshot, read in one session."""
    with Session.delta(folder, snapshot) as session:
        i, p = session.table(CONTRACTS["invoices"]), session.table(CONTRACTS["purchases"])
        return (
            session.value(i.count()),
            session.value(i.net_base_minor.sum().fill_null(0)),
            session.value(p.net_base_minor.sum().fill_null(0)),
        )


if __name__ == "__main__":  # a process of its own, to be killed: DSN FOLDER
    refresh(sys.argv[1], Path(sys.argv[2]))
