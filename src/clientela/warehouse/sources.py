"""Tables from whatever a notebook holds: Ibis, pandas, polars, Arrow, rows, Parquet files.

    purchases = table_from(frame, PURCHASES)

Only the columns that an analysis needs have to be there. Values are converted without loss or
not at all: 1.0 becomes 1, 1.5 for a whole number is refused.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa

from clientela.tables.contract import ContractBroken, TableContract

Tabular = Any  # an Ibis table, a pandas or polars frame, Arrow, rows, Parquet paths


def table_from(given: Tabular, contract: TableContract) -> ir.Table:
    """Return `given` as an Ibis table with those of the contract's columns that it has.

    Accepts an Ibis table; anything with the Arrow stream interface (pandas, polars, Arrow, DuckDB
    relations); a list of dictionaries; the path of a Parquet file, or several.
    Raises ContractBroken for what cannot be converted without loss, and for a file that is not
    there or no Parquet.
    """
    if isinstance(given, ir.Table):
        return given
    if isinstance(given, str | Path):
        return _parquet([str(given)], contract)
    if isinstance(given, Sequence) and given and all(isinstance(g, str | Path) for g in given):
        return _parquet([str(g) for g in given], contract)
    return ibis.memtable(_fitted(_arrow(given, contract), contract))


def tables_from(
    given: Mapping[str, Tabular], contracts: Mapping[str, TableContract]
) -> dict[str, ir.Table]:
    """Return each table of `given`, by the name of its contract, as `table_from` makes it."""
    unknown = sorted(given.keys() - contracts.keys())
    if unknown:
        raise ContractBroken(f"no contracts of the names {unknown}")
    return {name: table_from(value, contracts[name]) for name, value in given.items()}


def _parquet(paths: list[str], contract: TableContract) -> ir.Table:
    try:
        return ibis.read_parquet(paths)
    except duckdb.Error as error:
        named = ", ".join(paths)
        raise ContractBroken(f"{contract.name}: {named} cannot be read as Parquet files") from error


def _arrow(given: Tabular, contract: TableContract) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pa.RecordBatch):
        return pa.Table.from_batches([given])
    if isinstance(given, Sequence):
        if not all(isinstance(row, Mapping) for row in given):
            raise ContractBroken(f"{contract.name}: rows have to be dictionaries")
        return pa.Table.from_pylist(list(given), schema=None if given else _schema(contract))
    if type(given).__module__.partition(".")[0] == "pandas":
        return pa.Table.from_pandas(given, preserve_index=False)
    if hasattr(given, "__arrow_c_stream__"):
        return pa.table(given)
    raise ContractBroken(f"{contract.name}: cannot make a table of {type(given).__name__}")


def _schema(contract: TableContract) -> pa.Schema:
    return contract.schema.to_pyarrow()


def _fitted(table: pa.Table, contract: TableContract) -> pa.Table:
    """Return the columns that the contract knows, cast to its types."""
    fitted = {}
    for field in _schema(contract):
        if field.name not in table.column_names:
            continue
        try:
            fitted[field.name] = table[field.name].cast(field.type, safe=True)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise ContractBroken(f"{contract.name}.{field.name}: {error}") from error
    return pa.table(fitted)
