"""Reading from PostgreSQL what has changed since a watermark, by ADBC, in one snapshot.

Each contract has a view of its name in the schema `warehouse`, with a column `txid xid8` that a
trigger sets to the writing transaction. All views are read in one REPEATABLE READ transaction:

    pulled     rows with txid ≥ the last watermark that the transaction sees
    watermark  pg_snapshot_xmin(pg_current_snapshot()), the oldest transaction still running

Every transaction below the watermark has ended and was seen, so nothing that commits late is lost.
What lies above it is read now and, to be safe, once more the next time; the copy equals the
database as the transaction saw it, whatever else was open. Rows that left a view are told by
`warehouse.tombstones(contract, row_key, txid)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from adbc_driver_postgresql import dbapi

from clientela.tables.contract import TableContract

BATCH_BYTES = 4 * 1024 * 1024  # of rows in flight; bounds the memory of a pull


class ViewBroken(RuntimeError):
    """A view in the database does not give what its contract promises."""


@dataclass(frozen=True)
class Source:
    """An open transaction on the database."""

    connection: Any
    database: str  # cluster, its time line and the database: another one starts from nothing
    watermark: int

    @contextmanager
    def changed(self, contract: TableContract, since: int | None) -> Iterator[pa.RecordBatchReader]:
        """Give the contract's rows written since a watermark, all of them for None, as a stream.

        Raises ViewBroken for a column that is missing, of another type or null against the
        contract.
        """
        columns = ", ".join(f'"{name}"' for name in contract.columns)
        where = "" if since is None else f" WHERE txid >= '{since:d}'::xid8"
        query = f"SELECT {columns} FROM warehouse.{contract.name}{where}"  # noqa: S608
        with self.connection.cursor() as cursor:
            cursor.adbc_statement.set_options(
                **{"adbc.postgresql.batch_size_hint_bytes": str(BATCH_BYTES)}
            )
            try:
                cursor.execute(query)
            except dbapi.ProgrammingError as error:
                raise ViewBroken(f"{contract.name}: {error}") from error
            schema = contract.schema.to_pyarrow()
            broken: list[ViewBroken] = []
            batches = _kept_to(contract, schema, cursor.fetch_record_batch(), broken)
            try:
                yield pa.RecordBatchReader.from_batches(schema, batches)
            except Exception as error:
                # Whoever consumed the stream wraps what stopped it in an error of its own.
                raise (broken[0] if broken else error) from error

    def gone(self, contract: TableContract, since: int | None) -> pa.Table:
        """Return the keys (row_key) of rows that left the contract's view since a watermark.

        For None, when all rows are read anew, there are none.
        """
        if since is None:
            return pa.table({"row_key": pa.array([], pa.int64())})
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT row_key::bigint AS row_key FROM warehouse.tombstones "  # noqa: S608
                f"WHERE contract = '{contract.name}' AND txid >= '{since:d}'::xid8"
            )
            return cursor.fetch_arrow_table()


@contextmanager
def open_source(dsn: str) -> Iterator[Source]:
    """Open one read-only snapshot of the database and say which it is and how far it reaches."""
    with dbapi.connect(dsn) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL TIME ZONE 'UTC'")
            cursor.execute(
                "SELECT s.system_identifier::text || '/' || c.timeline_id::text || '/' || d.oid::text,"
                " pg_snapshot_xmin(pg_current_snapshot())::text"
                " FROM pg_control_system() AS s, pg_control_checkpoint() AS c, pg_database AS d"
                " WHERE d.datname = current_database()"
            )
            database, watermark = cursor.fetchone()
        yield Source(connection, database, int(watermark))
        connection.rollback()


def _kept_to(
    contract: TableContract,
    schema: pa.Schema,
    batches: pa.RecordBatchReader,
    broken: list[ViewBroken],
) -> Iterator[pa.RecordBatch]:
    """Give the batches in the contract's types, or say (in `broken` too) what is not as promised."""
    for batch in batches:
        try:
            arrays = [_column(contract, batch.column(field.name), field) for field in schema]
        except ViewBroken as error:
            broken.append(error)
            raise
        yield pa.record_batch(arrays, schema=schema)


def _column(contract: TableContract, array: pa.Array, field: pa.Field) -> pa.Array:
    name = f"{contract.name}.{field.name}"
    if contract.columns[field.name].required and array.null_count:
        raise ViewBroken(f"{name} is null in {array.null_count} rows")
    try:
        return array.cast(field.type, safe=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ViewBroken(f"{name}: {error}") from error
