"""The text of DuckDB queries over Parquet files of a contract. Names and paths are our own."""

from collections.abc import Iterable

from clientela.tables.contract import TableContract

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


def quoted(path: object) -> str:
    """Return a path as it stands between single quotes."""
    return str(path).replace("'", "''")
