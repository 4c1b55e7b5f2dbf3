"""The engines that a session can run on, each opened the way it has to be.

duckdb     in memory, for tables that the caller brings
delta      DuckDB over one snapshot of the columnar copy, locked to the copy's folder
postgres   the views of the database itself, for small installations
spark      Spark Connect (a company's Spark, or Sail), over the copy or over its own tables
"""

import os
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.common.exceptions import TableNotFound

from clientela.tables.contract import ContractBroken, TableContract
from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES, purchases_of
from clientela.warehouse.machine import Share, share_of_machine
from clientela.warehouse.parquet import quoted, standing_in
from clientela.warehouse.snapshots import Pieces, open_snapshot


@dataclass(frozen=True)
class Engine:
    """An open Ibis backend, how it finds a contract's table and how it is stopped."""

    backend: Any
    find: Callable[[TableContract], ir.Table]
    interrupt: Callable[[], None] | None = None  # None: it ends its long statements itself
    snapshot: int | None = None  # number of the snapshot of the copy that is read
    state: Hashable = None  # what tells that snapshot from every other, of any copy
    keeps: bool = False  # whether it can hold a table of its own for as long as it is open


_MARK = "is_clientelas"  # on a backend whose tables the product wrote


def is_the_products(backend: Any) -> bool:
    """Whether a backend holds the product's own tables, and none of a caller's."""
    return bool(getattr(backend, _MARK, False))


def duckdb() -> Engine:
    """Return DuckDB in memory, for tables that the caller brings."""
    backend = ibis.duckdb.connect(":memory:")
    return Engine(backend, partial(_named, backend), interrupt=backend.con.interrupt, keeps=True)


def delta(folder: Path, snapshot: int | None = None, *, share: Share | None = None) -> Engine:
    """Return DuckDB over one snapshot of the copy in `folder`, the newest unless one is named.

    DuckDB may touch nothing outside the folder, takes no more of the machine than `share` (else
    what the settings say) and spills beyond it; nobody can unlock it afterwards. Raises NoSnapshot when there is none, or not (or no longer) the one named.
    """
    opened = open_snapshot(folder, snapshot)
    backend = ibis.duckdb.connect(":memory:")
    setattr(backend, _MARK, True)
    spill = (folder / "spill" / str(os.getpid())).resolve()
    spill.mkdir(parents=True, exist_ok=True)
    share = share or share_of_machine()
    for statement in (
        f"SET memory_limit = '{share.memory_mb}MiB'",
        f"SET threads = {share.threads}",
        f"SET temp_directory = '{quoted(spill)}'",
        f"SET allowed_directories = ['{quoted(folder.resolve())}']",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        backend.con.execute(statement)

    made: set[str] = set()

    def find(contract: TableContract) -> ir.Table:
        if contract.name not in made:
            source = standing_in(contract, opened.pieces(contract))
            backend.con.execute(f'CREATE VIEW "{contract.name}" AS {source}')
            made.add(contract.name)
        return backend.table(contract.name)

    return Engine(
        backend,
        find,
        interrupt=backend.con.interrupt,
        snapshot=opened.number,
        state=opened.state,
        keeps=True,
    )


def postgres(dsn: str, *, timeout_seconds: float) -> Engine:
    """Return the views of a PostgreSQL database as an engine, read only, in UTC."""
    from psycopg.conninfo import conninfo_to_dict

    parts: dict[str, Any] = conninfo_to_dict(dsn)
    database = parts.pop("dbname", None)
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={int(timeout_seconds * 1000)}"
    )
    options = " ".join(o for o in (parts.pop("options", ""), options, "-c TimeZone=UTC") if o)
    backend = ibis.postgres.connect(database=database, options=options, **parts)
    setattr(backend, _MARK, True)

    def find(contract: TableContract) -> ir.Table:
        if contract is PURCHASES:
            return purchases_of(backend.table(INVOICES.name, database="warehouse"))
        return backend.table(contract.name, database="warehouse").select(*contract.columns)

    return Engine(backend, find)


def spark(url: str, folder: Path | None = None, snapshot: int | None = None) -> Engine:
    """Return a Spark Connect (`sc://host:15002`), Spark or Sail.

    With `folder` it reads a snapshot of the copy there (on storage that the cluster sees too),
    else tables of the contracts' names in the cluster's own catalogue.
    """
    from pyspark.sql import SparkSession

    connection = SparkSession.builder.remote(url).create()
    for setting, value in (
        ("spark.sql.session.timeZone", "UTC"),
        ("spark.sql.ansi.enabled", "true"),
    ):
        connection.conf.set(setting, value)
    backend = ibis.pyspark.connect(connection)
    setattr(backend, _MARK, True)
    if folder is None:
        return Engine(backend, partial(_named, backend))
    opened = open_snapshot(folder, snapshot)

    def find(contract: TableContract) -> ir.Table:
        frame = _frame(connection, contract, opened.pieces(contract))
        if frame is None:
            return ibis.memtable([], schema=contract.schema)
        frame.createOrReplaceTempView(contract.name)
        return backend.table(contract.name)

    return Engine(backend, find, snapshot=opened.number, state=opened.state)


def _frame(connection: Any, contract: TableContract, pieces: Pieces) -> Any:
    """Return the rows that stand in these pieces as a Spark frame; None for no files."""
    frames = []
    if pieces.whole:
        frames.append(connection.read.parquet(*pieces.whole).select(*contract.columns))
    if pieces.replaced:
        key = contract.one_row_per[0]
        keys = connection.read.parquet(*pieces.keys).select(key)
        left = connection.read.parquet(*pieces.replaced).select(*contract.columns)
        frames.append(left.join(keys, on=key, how="left_anti").select(*contract.columns))
    if pieces.noted:
        key = contract.one_row_per[0]
        void = connection.read.parquet(*pieces.void).select(key, "seq")
        noted = connection.read.parquet(*pieces.noted).select(*contract.columns, "seq")
        frames.append(noted.join(void, on=[key, "seq"], how="left_anti").select(*contract.columns))
    return reduce(lambda one, other: one.union(other), frames) if frames else None


def _named(backend: Any, contract: TableContract) -> ir.Table:
    try:
        return backend.table(contract.name)
    except TableNotFound:
        raise ContractBroken(f"the engine has no table {contract.name}") from None
