"""The text of DuckDB queries over Parquet files of a contract. Names and paths are our own."""

from collections.abc import Iterable

from clientela.tables.contract import TableContract
from clientela.warehouse.snapshots import Pieces

_SQL_TYPES = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE", "boolean": "BOOLEAN"}


def columns_of(contract: TableContract) -> str:
    """Return the contract's columns, quoted, with commas between."""
    return ", ".join(f'"{name}"' for name in contract.columns)


def rows_in(contract: TableContract, files: Iterable[str]) -> str:
    """Return a query for the contract's columns in these files; typed and empty for none."""
    listed = ", ".join(f"'{quoted(file)}'" for file in files)
    if not listed:
        held = ", ".join(
            f'CAST(NULL AS {_SQL_TYPES[column.type]}) AS "{name}"'
            for name, column in contract.columns.items()
        )
        return f"SELECT {held} WHERE false"
    query = "SELECT {} FROM read_parquet([{}], hive_partitioning = false)"
    return query.format(columns_of(contract), listed)


def standing_in(contract: TableContract, pieces: Pieces) -> str:
    """Return a query for the contract's rows in these pieces: those that stand."""
    whole = rows_in(contract, pieces.whole)
    if not pieces.replaced:
        return whole
    key = f'"{contract.one_row_per[0]}"'
    keys = ", ".join(f"'{quoted(file)}'" for file in pieces.keys)
    query = "{} UNION ALL SELECT t.* FROM ({}) AS t ANTI JOIN (SELECT {} FROM {}) AS k USING ({})"
    read = f"read_parquet([{keys}], hive_partitioning = false)"
    return query.format(whole, rows_in(contract, pieces.replaced), key, read, key)


def quoted(path: object) -> str:
    """Return a path as it stands between single quotes."""
    return str(path).replace("'", "''")
