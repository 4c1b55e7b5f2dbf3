"""Writing the columnar copy: a Delta table for each contract, cut into parts.

The part of a row is its month (202603) where the contract has a day, else a range of its keys.
A change rewrites only the parts it touches, those a row left included, in one Delta commit. Rows
stream through DuckDB, which spills to disk, so memory does not grow with the tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import ibis
import pyarrow as pa
from deltalake import WriterProperties, write_deltalake

from clientela.tables.contract import TableContract
from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES, purchases_of
from clientela.warehouse.parquet import columns_of, rows_in
from clientela.warehouse.snapshots import table_path

KEYS_IN_A_PART = 262_144
ROWS_IN_A_BATCH = 65_536
PROPERTIES = WriterProperties(
    compression="ZSTD", compression_level=1, max_row_group_size=122_880, write_batch_size=16_384
)


@dataclass(frozen=True)
class Written:
    """What was done to one table. `parts` is None when all of it was written anew."""

    version: int
    rows: int  # rows that came, not rows rewritten around them
    gone: int
    parts: tuple[int, ...] | None


@dataclass(frozen=True)
class Copy:
    """The tables of a copy under a writer's lock; `engine` is the writer's own DuckDB."""

    folder: Path
    engine: duckdb.DuckDBPyConnection

    def load(self, contract: TableContract, rows: pa.RecordBatchReader) -> Written:
        """Write the contract's table anew from all of its rows."""
        counted = _Counted(rows)
        self.engine.register("incoming", counted.reader())
        query = f"SELECT {columns_of(contract)}, {_part(contract)} AS part FROM incoming"  # noqa: S608
        self._write(contract, query, parts=None)
        self.engine.unregister("incoming")
        return Written(self._newest(contract).version(), counted.rows, 0, None)

    def change(
        self, contract: TableContract, version: int, rows: pa.RecordBatchReader, gone: pa.Table
    ) -> Written:
        """Put the changed rows in place of those with their keys, and take away those gone.

        `version` is the one that readers see; what a writer that died left after it is undone.
        """
        key = f'"{contract.one_row_per[0]}"'
        self._take_in(contract, key, rows, gone)
        came = _number(self.engine, "SELECT count(*) FROM changed")
        table = self._back_to(contract, version)
        files = _files(table)
        old = rows_in(contract, [path for paths in files.values() for path in paths])
        parts = _numbers(
            self.engine,
            f"SELECT DISTINCT {_part(contract)} FROM changed"  # noqa: S608
            f" UNION SELECT DISTINCT {_part(contract)} FROM ({old})"
            f" WHERE {key} IN (SELECT row_key FROM replaced)",
        )
        if not parts:
            return Written(table.version(), 0, 0, ())
        kept = rows_in(contract, [path for part in parts for path in files.get(part, ())])
        dead = _number(
            self.engine,
            f"SELECT count(*) FROM ({kept}) WHERE {key} IN (SELECT row_key FROM gone)",  # noqa: S608
        )
        self._write(
            contract,
            f"SELECT *, {_part(contract)} AS part FROM (SELECT * FROM ({kept})"  # noqa: S608
            f" WHERE {key} NOT IN (SELECT row_key FROM replaced)"
            f" UNION ALL SELECT {columns_of(contract)} FROM changed)",
            parts=parts,
        )
        return Written(self._newest(contract).version(), came, dead, tuple(parts))

    def derive_purchases(self, version: int | None, invoices: Written) -> Written:
        """Write the rollup `purchases` from the copy's own invoices, for the parts that changed.

        `version` is the rollup's own that readers see; None: there is none yet.
        """
        parts = None if version is None else invoices.parts
        if version is not None:
            table = self._back_to(PURCHASES, version)
            if parts == ():
                return Written(table.version(), 0, 0, ())
        files = _files(deltalake.DeltaTable(table_path(self.folder, INVOICES), invoices.version))
        chosen = [
            p for part, paths in files.items() for p in paths if parts is None or part in parts
        ]
        self.engine.execute(f"CREATE OR REPLACE TEMP VIEW invoices AS {rows_in(INVOICES, chosen)}")
        rollup = ibis.to_sql(purchases_of(INVOICES.unbound()), dialect="duckdb")
        query = f"SELECT {columns_of(PURCHASES)}, {_part(PURCHASES)} AS part FROM ({rollup})"  # noqa: S608
        self._write(PURCHASES, query, parts=parts)
        rows = _number(self.engine, "SELECT count(*) FROM invoices")
        return Written(self._newest(PURCHASES).version(), rows, 0, parts)

    def sweep(self, contract: TableContract, keep_hours: int) -> None:
        """Remove files that no version of the last hours needs, and what dead writers left."""
        self._newest(contract).vacuum(
            retention_hours=keep_hours, dry_run=False, enforce_retention_duration=False, full=True
        )

    def _take_in(
        self, contract: TableContract, key: str, rows: pa.RecordBatchReader, gone: pa.Table
    ) -> None:
        """Fill the tables `changed`, `gone` (without those that came back) and `replaced`."""
        self.engine.register("incoming", rows)
        self.engine.register("incoming_gone", gone)
        for statement in (
            "CREATE OR REPLACE TEMP TABLE changed AS SELECT * FROM incoming",
            f"CREATE OR REPLACE TEMP TABLE gone AS SELECT row_key FROM incoming_gone"  # noqa: S608
            f" WHERE row_key NOT IN (SELECT {key} FROM changed)",
            f"CREATE OR REPLACE TEMP TABLE replaced AS SELECT {key} AS row_key FROM changed"  # noqa: S608
            " UNION ALL SELECT row_key FROM gone",
        ):
            self.engine.execute(statement)
        self.engine.unregister("incoming")
        self.engine.unregister("incoming_gone")

    def _write(self, contract: TableContract, query: str, *, parts: Iterable[int] | None) -> None:
        """Stream a query into the table: into these parts, or (None) as all there is."""
        reader = self.engine.execute(query).to_arrow_reader(ROWS_IN_A_BATCH)
        of_parts = None if parts is None else " OR ".join(f"part = {part}" for part in parts)
        write_deltalake(
            table_path(self.folder, contract),
            reader,
            partition_by=["part"],
            mode="overwrite",
            schema_mode="overwrite" if parts is None else None,
            predicate=of_parts,
            writer_properties=PROPERTIES,
        )

    def _newest(self, contract: TableContract) -> deltalake.DeltaTable:
        return deltalake.DeltaTable(table_path(self.folder, contract))

    def _back_to(self, contract: TableContract, version: int) -> deltalake.DeltaTable:
        """Return the newest table, after undoing what came after the version readers see."""
        table = self._newest(contract)
        if table.version() != version:
            table.restore(version)
            table = self._newest(contract)
        return table


class _Counted:
    """Counts the rows of a stream as they pass."""

    def __init__(self, rows: pa.RecordBatchReader) -> None:
        self.rows = 0
        self._given = rows

    def reader(self) -> pa.RecordBatchReader:
        """Return the stream, to be read once."""

        def passing() -> Any:
            for batch in self._given:
                self.rows += batch.num_rows
                yield batch

        return pa.RecordBatchReader.from_batches(self._given.schema, passing())


def _part(contract: TableContract) -> str:
    if contract.day is None:
        return f'CAST("{contract.one_row_per[0]}" // {KEYS_IN_A_PART} AS INTEGER)'
    return f'CAST(year("{contract.day}") * 100 + month("{contract.day}") AS INTEGER)'


def _files(table: deltalake.DeltaTable) -> dict[int, list[str]]:
    """Return the full paths of a table's files by part."""
    actions = pa.table(table.get_add_actions(flatten=True))
    root = Path(table.table_uri.removeprefix("file://"))
    files: dict[int, list[str]] = {}
    paths = actions["path"].to_pylist()
    for path, part in zip(paths, actions["partition.part"].to_pylist(), strict=True):
        files.setdefault(int(part), []).append(str(root / path))
    return files


def _numbers(engine: duckdb.DuckDBPyConnection, query: str) -> list[int]:
    return sorted(int(row[0]) for row in engine.execute(query).fetchall())


def _number(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    (found,) = _numbers(engine, query)
    return found
