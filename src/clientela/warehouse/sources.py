"""Tables from whatever a notebook holds: Ibis, pandas, polars, Arrow, rows, Parquet files.

    purchases = table_from(frame, PURCHASES)

Only the columns that an analysis needs have to be there. Values are converted without loss or
not at all: 1.0 becomes 1, 1.5 for a whole number is refused. NaN is null in pandas, which has no
other in a column of floats, and nothing that could be converted anywhere else.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from clientela.tables.contract import ContractBroken, TableContract
from clientela.warehouse.files import read_parquet
from clientela.warehouse.parquet import SQL_TYPES

_UNCONVERTED = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError)
Tabular = Any  # an Ibis table, a pandas or polars frame, Arrow, rows, Parquet paths


def table_from(given: Tabular, contract: TableContract) -> ir.Table:
    """Return `given` as an Ibis table with those of the contract's columns that it has.

    Accepts an Ibis table; anything with the Arrow stream interface (pandas, polars, Arrow, DuckDB
    relations); a lazy frame of polars, which is collected; a list of dictionaries; the path of a
    Parquet file, or several.
    Raises ContractBroken for what cannot be converted without loss, and for a file that is not
    there or no Parquet. What the values have to be is not looked at: `checking` does.
    """
    if isinstance(given, ir.Table):
        return given
    if isinstance(given, str | Path):
        return read_parquet([str(given)], contract.name)
    if isinstance(given, Sequence) and given and all(isinstance(g, str | Path) for g in given):
        return read_parquet([str(g) for g in given], contract.name)
    return ibis.memtable(_fitted(_arrow(given, contract), contract))


def tables_from(
    given: Mapping[str, Tabular], contracts: Mapping[str, TableContract]
) -> dict[str, ir.Table]:
    """Return each table of `given`, by the name of its contract, as `table_from` makes it."""
    unknown = sorted(given.keys() - contracts.keys())
    if unknown:
        raise ContractBroken(f"no contracts of the names {unknown}")
    return {name: table_from(value, contracts[name]) for name, value in given.items()}


def _arrow(given: Tabular, contract: TableContract) -> pa.Table:
    if _is_lazy(given):
        given = given.collect()
    try:
        return _converted(given, contract)
    except _UNCONVERTED as error:
        text = f"{contract.name}{_mixed(given)}: values of several kinds in a column: {error}"
        raise ContractBroken(text) from error


def _converted(given: Tabular, contract: TableContract) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    if isinstance(given, Sequence):
        if not all(isinstance(row, Mapping) for row in given):
            raise ContractBroken(f"{contract.name}: rows have to be dictionaries")
        return pa.Table.from_pylist(list(given), schema=None if given else _schema(contract))
    if _library(given) == "pandas":
        if not given.columns.is_unique:
            twice = sorted({str(name) for name in given.columns[given.columns.duplicated()]})
            raise ContractBroken(f"{contract.name}: columns given twice: {', '.join(twice)}")
        return pa.Table.from_pandas(given, preserve_index=False)
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    raise ContractBroken(
        f"{contract.name}: cannot make a table of {type(given).__name__}. Give a pandas or polars "
        "frame, an Arrow table, a list of dictionaries, or the path of a Parquet file"
    )


def _mixed(given: Tabular) -> str:
    """Return the first column of rows that Arrow can make none of; of a frame the error says it."""
    if not isinstance(given, Sequence) or not given:
        return ""
    for name in given[0]:
        try:
            pa.array([row.get(name) for row in given])
        except _UNCONVERTED:
            return f".{name}"
    return ""


def _library(given: Tabular) -> str:
    return type(given).__module__.partition(".")[0]


def _is_lazy(given: Tabular) -> bool:
    return _library(given) == "polars" and hasattr(given, "collect")


def _schema(contract: TableContract) -> pa.Schema:
    return contract.schema.to_pyarrow()


def _fitted(table: pa.Table, contract: TableContract) -> pa.Table:
    """Return the columns that the contract knows, cast to its types."""
    fitted = {}
    for field in _schema(contract):
        if field.name not in table.column_names:
            continue
        column = _plain(table[field.name])
        try:
            fitted[field.name] = column.cast(field.type, safe=True)
        except _UNCONVERTED as error:
            raise ContractBroken(_told(column, field.name, contract, error)) from error
    return pa.table(fitted)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column in a type that Arrow casts from.

    From text as polars keeps it (`string_view`) it only makes text; categories become their words.
    """
    if pa.types.is_dictionary(column.type):
        words = [chunk.dictionary.cast(pa.string()).take(chunk.indices) for chunk in column.chunks]
        return pa.chunked_array(words, pa.string())
    return column.cast(pa.string()) if pa.types.is_string_view(column.type) else column


def _told(
    column: pa.ChunkedArray, name: str, contract: TableContract, error: pa.ArrowException
) -> str:
    """Return which values of a column are not of the type promised, and in how many rows."""
    where, promised = f"{contract.name}.{name}", contract.columns[name]
    allowed = f"Allowed: {promised.type}{'' if promised.required else ', or null'}"
    unlike = f"try_cast(value AS {SQL_TYPES[promised.type]}) IS NULL"
    if pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
        unlike += " OR value <> trunc(value)"
    values = pa.table({"value": column})  # by its name in the query
    try:
        with duckdb.connect() as looking:
            looking.register("given", values)
            found = looking.execute(
                f"SELECT count(*), min(value) FROM given WHERE value IS NOT NULL AND ({unlike})"  # noqa: S608
            ).fetchone()
    except duckdb.Error:
        found = None
    if not found or not found[0]:
        return f"{where}: {column.type} where {promised.type} is promised ({error})"
    return f"{where}: {found[1]!r} in {found[0]} of {len(column)} rows. {allowed}"
