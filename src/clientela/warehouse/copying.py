"""Writing the columnar copy: a Delta table for each contract, cut into parts, and its overlay.

The part of a row is its month (202603) where the contract has a day, else a range of its keys. A
change is added to the overlay (see `overlays`), and now and then a part's entries are folded into
the part, in one Delta commit each. Rows stream through DuckDB, which spills to disk, so memory
does not grow with the tables.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
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
from clientela.warehouse import overlays
from clientela.warehouse.overlays import Limits, part_of
from clientela.warehouse.parquet import columns_of, standing_in
from clientela.warehouse.snapshots import (
    Files,
    Held,
    files_of,
    newest_version,
    overlay_path,
    pieces_of,
    table_path,
)

ROWS_IN_A_BATCH = 65_536
PROPERTIES = WriterProperties(
    compression="ZSTD", compression_level=1, max_row_group_size=122_880, write_batch_size=16_384
)
CHECKPOINTS = {"delta.checkpointInterval": "10"}  # opening reads the log since the last one


@dataclass(frozen=True)
class Written:
    """What was done to one contract, and what readers shall see of it."""

    held: Held
    rows: int  # rows that came, not rows rewritten around them
    gone: int
    reloaded: bool = False


@dataclass(frozen=True)
class Copy:
    """The tables of a copy under a writer's lock; `engine` is the writer's own DuckDB."""

    folder: Path
    engine: duckdb.DuckDBPyConnection
    limits: Limits
    seq: int = 0  # number of the refresh, of the entries that it adds
    _open: dict[Path, deltalake.DeltaTable] = field(default_factory=dict, init=False)

    def load(self, contract: TableContract, rows: pa.RecordBatchReader) -> Written:
        """Write the contract's table anew from all of its rows."""
        counted = _Counted(rows)
        self.engine.register("incoming", counted.reader())
        held = self._anew(contract, f"SELECT {columns_of(contract)} FROM incoming")  # noqa: S608
        self.engine.unregister("incoming")
        return Written(held, counted.rows, 0, reloaded=True)

    def change(
        self, contract: TableContract, held: Held, rows: pa.RecordBatchReader, gone: pa.Table
    ) -> Written:
        """Put the changed rows in place of those with their keys, and take away those gone.

        `held` is what readers see; what a writer that died left after it is undone.
        """
        held = self._back_to(contract, held)
        rows = _begun(rows)
        if rows is None and not gone.num_rows:
            return Written(held, 0, 0)
        self.engine.register("incoming", rows or contract.schema.to_pyarrow().empty_table())
        self.engine.register("incoming_gone", gone)
        key = f'"{contract.one_row_per[0]}"'
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
        return self._changed(contract, held)

    def follow_invoices(self, held: Held | None, invoices: Written) -> Written:
        """Do to the rollup `purchases` what the call just before did to the invoices.

        `held` is what readers see of the rollup; None: there is none yet, or of another shape.
        """
        if held is not None and not invoices.reloaded:
            held = self._back_to(PURCHASES, held)
            if not invoices.rows and not invoices.gone:
                return Written(held, 0, 0)
        rollup = ibis.to_sql(purchases_of(INVOICES.unbound()), dialect="duckdb")
        if held is None or invoices.reloaded:
            pieces = pieces_of(self.folder, INVOICES, invoices.held)
            self._view("invoices", standing_in(INVOICES, pieces))
            written = self._anew(PURCHASES, rollup)
            rows = _number(self.engine, "SELECT count(*) FROM invoices")
            return Written(written, rows, 0, reloaded=True)
        self._view("invoices", "SELECT * FROM changed")
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE rolled_up AS {rollup}")
        self.engine.execute("DROP TABLE changed")
        self.engine.execute("ALTER TABLE rolled_up RENAME TO changed")
        return self._changed(PURCHASES, held)

    def fold(self, contract: TableContract, held: Held) -> Held | None:
        """Write what the limits say of the overlay into the table; None: nothing.

        The rows stay what they are.
        """
        held = self._back_to(contract, held)
        overlay = self._overlay(contract, held)
        if not overlay:
            return None
        path = table_path(self.folder, contract)
        table = files_of(self._opened(path), path, "part")
        self._view("entries", overlays.all_in(contract, overlay))
        parts = self._to_fold(table)
        if not _number(self.engine, overlays.foldable(contract, parts)):
            if not _too_many(overlay, self.limits):
                return None
            parts = ()
        return self._folded(contract, held, table, parts)

    def sweep(self, contract: TableContract, keep_hours: int) -> None:
        """Remove files that no version of the last hours needs, and what dead writers left."""
        for path in (table_path(self.folder, contract), overlay_path(self.folder, contract)):
            if newest_version(path) is not None:
                self._opened(path).vacuum(
                    retention_hours=keep_hours,
                    dry_run=False,
                    enforce_retention_duration=False,
                    full=True,
                )

    def _changed(self, contract: TableContract, held: Held) -> Written:
        """Bring table and overlay to what `changed`, `gone` and `replaced` tell."""
        path = table_path(self.folder, contract)
        table = files_of(self._opened(path), path, "part")
        overlay = self._overlay(contract, held)
        every = [file for files in table.paths.values() for file in files]
        for statement in overlays.working_out(contract, every, overlay, self.seq):
            self.engine.execute(statement)
        came = _number(self.engine, "SELECT count(*) FROM changed")
        dead = 0
        if _number(self.engine, "SELECT count(*) FROM gone"):
            dead = _number(self.engine, overlays.gone_count(contract, overlay))
        if not came and not dead:
            return Written(held, 0, 0)
        parts = self._to_fold(table)
        if parts or _too_many(overlay, self.limits):
            return Written(self._folded(contract, held, table, parts), came, dead)
        return Written(self._noted(contract, held), came, dead)

    def _noted(self, contract: TableContract, held: Held) -> Held:
        """Add `added` to the overlay."""
        replaces = self.engine.execute(
            "SELECT DISTINCT part FROM added WHERE state IN ('changed', 'gone')"
        ).fetchall()
        overlay = self._into_overlay(contract, "SELECT * FROM added", mode="append")
        parts = {*held.replaced, *(part for (part,) in replaces)}
        return Held(held.version, overlay, tuple(sorted(parts)))

    def _to_fold(self, table: Files) -> tuple[int, ...]:
        """Return the parts whose `entries` the limits want in the table."""
        counted = self.engine.execute("SELECT part, count(*) FROM entries GROUP BY part").fetchall()
        rows = {int(part): count for part, count in table.rows.items()}
        return overlays.to_fold(dict(counted), rows, self.limits)

    def _folded(
        self,
        contract: TableContract,
        held: Held,
        table: Files,
        parts: tuple[int, ...],
    ) -> Held:
        """Write `entries`: what can be of these parts into the table, the rest as the overlay."""
        files = [file for part in parts for file in table.paths.get(str(part), ())]
        for name, query in overlays.folding(contract, files, parts).items():
            self._view(name, query)
        version = held.version
        if parts:
            version = self._into_parts(contract, "SELECT * FROM folded", parts)
        kept = self.engine.execute(
            "SELECT part, bool_or(state <> 'new') FROM kept GROUP BY part ORDER BY part"
        ).fetchall()
        if not kept and held.overlay is None:
            return Held(version)
        overlay = self._into_overlay(contract, "SELECT * FROM kept")
        return Held(version, overlay, tuple(part for part, replaces in kept if replaces))

    def _anew(self, contract: TableContract, query: str) -> Held:
        """Stream a query into the table as all there is, and leave nothing in its overlay."""
        version = self._into_parts(contract, query, None)
        if not deltalake.DeltaTable.is_deltatable(str(overlay_path(self.folder, contract))):
            return Held(version)
        nothing = overlays.nothing_in(contract)
        return Held(version, self._into_overlay(contract, nothing))

    def _into_parts(self, contract: TableContract, query: str, parts: Iterable[int] | None) -> int:
        """Stream a query into these parts of the table, or (None) as all there is."""
        query = f"SELECT *, {part_of(contract)} AS part FROM ({query})"  # noqa: S608
        return self._written(
            table_path(self.folder, contract),
            query,
            mode="overwrite",
            partition_by=["part"],
            schema_mode="overwrite" if parts is None else None,
            predicate=None if parts is None else " OR ".join(f"part = {part}" for part in parts),
        )

    def _into_overlay(self, contract: TableContract, query: str, mode: str = "overwrite") -> int:
        """Stream a query into the overlay, as all there is or as more of it."""
        path = overlay_path(self.folder, contract)
        shape = {"schema_mode": "overwrite"} if mode == "overwrite" else {}
        return self._written(path, query, mode=mode, partition_by=["state"], **shape)

    def _written(self, path: Path, query: str, **how: Any) -> int:
        """Stream a query into a Delta table in one commit; return the version that it made."""
        there = newest_version(path) is not None
        write_deltalake(
            self._opened(path) if there else path,
            self.engine.execute(query).to_arrow_reader(ROWS_IN_A_BATCH),
            writer_properties=PROPERTIES,
            configuration=None if there else CHECKPOINTS,
            **how,
        )
        return self._opened(path).version()

    def _opened(self, path: Path) -> deltalake.DeltaTable:
        """Return the Delta table in its newest version. Opening reads its log, so only once."""
        if path not in self._open:
            self._open[path] = deltalake.DeltaTable(path)
        return self._open[path]

    def _overlay(self, contract: TableContract, held: Held) -> Mapping[str, list[str]]:
        if held.overlay is None:
            return {}
        path = overlay_path(self.folder, contract)
        return files_of(self._opened(path), path, "state").paths

    def _back_to(self, contract: TableContract, held: Held) -> Held:
        """Return what readers see, as the newest versions: what came after them is undone."""
        version = self._restored(table_path(self.folder, contract), held.version)
        path = overlay_path(self.folder, contract)
        if held.overlay is not None:
            return Held(version, self._restored(path, held.overlay), held.replaced)
        if newest_version(path) is not None:  # the first one, of a writer that died
            return Held(version, self._into_overlay(contract, overlays.nothing_in(contract)))
        return Held(version)

    def _restored(self, path: Path, version: int) -> int:
        if newest_version(path) == version:
            return version
        self._opened(path).restore(version)
        del self._open[path]
        return self._opened(path).version()

    def _view(self, name: str, query: str) -> None:
        self.engine.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {query}')


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


def _too_many(overlay: Mapping[str, list[str]], limits: Limits) -> bool:
    return sum(map(len, overlay.values())) > limits.files


def _begun(rows: pa.RecordBatchReader) -> pa.RecordBatchReader | None:
    """Return the stream of rows with its first batch read, None when there are none."""
    for first in rows:
        if first.num_rows:
            return pa.RecordBatchReader.from_batches(rows.schema, chain([first], rows))
    return None


def _number(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    ((found,),) = engine.execute(query).fetchall()
    return int(found)
