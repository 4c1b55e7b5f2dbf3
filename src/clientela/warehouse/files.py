"""Parquet files that a caller names, and what is told where one is no such file."""

from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir

from clientela.tables.contract import ContractBroken

MAGIC = b"PAR1"  # how a Parquet file begins
# What other kinds of files are called, by their ending, and what reads them.
OTHERS = {
    ".csv": ("a CSV file", "pandas.read_csv"),
    ".tsv": ("a text file", "pandas.read_table"),
    ".txt": ("a text file", "pandas.read_csv"),
    ".json": ("a JSON file", "pandas.read_json"),
    ".jsonl": ("a file of JSON lines", "polars.read_ndjson"),
    ".xlsx": ("a workbook", "pandas.read_excel"),
    ".xls": ("a workbook", "pandas.read_excel"),
    ".ods": ("a workbook", "pandas.read_excel"),
}


def read_parquet(paths: Sequence[str], name: str) -> ir.Table:
    """Return the rows of Parquet files, unread, as the table `name`.

    Raises ContractBroken for a file that is not there or no Parquet, and says what to do instead.
    """
    for path in paths:
        _refuse_other(path, name)
    try:
        return ibis.read_parquet(list(paths))
    except duckdb.Error as error:
        named = ", ".join(paths)
        text = f"{name}: {named} cannot be read as Parquet files: {error}"
        raise ContractBroken(text) from error


def _refuse_other(path: str, name: str) -> None:
    """Raise ContractBroken for a path of this machine that leads to no Parquet file."""
    if "://" in path:
        return
    file = Path(path)
    if not file.exists():
        if has_magic(path):
            if glob(path, recursive=True):
                return
            raise ContractBroken(f"{name}: no file matches {path}{_from_where(file)}")
        raise ContractBroken(f"{name}: the file {path} does not exist{_from_where(file)}")
    if file.is_dir():
        text = f"{name}: {path} is a folder. Name the files in it: '{file / '*.parquet'}'"
        raise ContractBroken(text)
    if _begins(file) == MAGIC:
        return
    kind, reader = OTHERS.get(file.suffix.lower(), ("no Parquet file", ""))
    with_what = f"{reader}({path!r})" if reader else "pandas, polars or DuckDB"
    raise ContractBroken(
        f"{name}: {path} is {kind}; only Parquet files are read by their path. Read it with "
        f"{with_what} and pass the table"
    )


def _begins(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(len(MAGIC))


def _from_where(file: Path) -> str:
    return "" if file.is_absolute() else f" in {Path.cwd()}"
