"""The text of DuckDB queries over Parquet files of a contract. Names and paths are our own."""

from collections.abc import Iterable

from clientela.tables.contract import TableContract
from clientela.warehouse.snapshots import Pieces

SQL_TYPES = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE", "boolean": "BOOLEAN"}


def columns_of(contract: TableContract) -> str:
    """Return the contract's columns, quoted, with commas between."""
    return ", ".join(f'"{name}"' for name in contract.columns)


def rows_in(contract: TableContract, files: Iterable[str]) -> str:
    """Return a query for the contract's columns in these files; typed and empty for none."""
    files = tuple(files)
    if not files:
        held = ", ".join(
            f'CAST(NULL AS {SQL_TYPES[column.type]}) AS "{name}"'
            for name, column in contract.columns.items()
        )
        return f"SELECT {held} WHERE false"
    return f"SELECT {columns_of(contract)} FROM {files_in(files)}"  # noqa: S608


def standing_in(contract: TableContract, pieces: Pieces) -> str:
    """Return a query for the contract's rows in these pieces: those that stand."""
    key = f'"{contract.one_row_per[0]}"'
    found = [rows_in(contract, pieces.whole)]
    if pieces.replaced:
        left = rows_in(contract, pieces.replaced)
        found.append(
            f"SELECT t.* FROM ({left}) AS t"  # noqa: S608
            f" ANTI JOIN (SELECT {key} FROM {files_in(pieces.keys)}) AS k USING ({key})"
        )
    if pieces.noted:
        found.append(
            f"SELECT {columns_of(contract)} FROM {files_in(pieces.noted)} AS n"  # noqa: S608
            f" ANTI JOIN (SELECT {key}, seq FROM {files_in(pieces.void)}) AS v USING ({key}, seq)"
        )
    return " UNION ALL ".join(found)


def files_in(files: Iterable[str]) -> str:
    """Return the Parquet files, at least one, as a table of all columns that they hold."""
    listed = ", ".join(f"'{quoted(file)}'" for file in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def quoted(path: object) -> str:
    """Return a path as it stands between single quotes."""
    return str(path).replace("'", "''")
