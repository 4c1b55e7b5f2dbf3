"""An answer of an analysis as a table, CSV, JSON or Parquet: on the terminal or in a file."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from clientela.analysis.results import Answer, Column
from clientela.analysis.rules import LEAST_IN_GROUP
from clientela.cli.output import as_pairs, as_rows, console
from clientela.store.spreadsheets import neutral

ON_TERMINAL = 50  # rows
# What a terminal shows last, and whole or not at all: a program's names of a customer.
_LAST = ("customer", "source_keys")
_FIRST = ("name", "group", "cohort")  # of whom a row is


class Shape(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def only(answer: Answer, names: Sequence[str]) -> Answer:
    """Return the answer with some of its columns, in the order given. Raises KeyError."""
    known = {column.name: column for column in answer.columns}
    return replace(
        answer,
        columns=[known[name] for name in names],
        rows=[{name: row[name] for name in names} for row in answer.rows],
    )


def write(answer: Answer, shape: Shape, output: Path | None) -> None:
    """Print an answer, or write it to a file. Raises OSError where that cannot be written."""
    if shape is Shape.PARQUET and output is not None:
        from clientela.cli.parquet_file import write_parquet  # its engine, when it is asked for

        write_parquet(answer, output)
        return
    opened: AbstractContextManager[TextIO] = (
        output.open("w", newline="", encoding="utf-8") if output else nullcontext(sys.stdout)
    )
    with opened as file:
        if shape is Shape.JSON:
            file.write(json.dumps(answer.as_json(), ensure_ascii=False, default=str) + "\n")
        elif shape is Shape.CSV:
            _csv(answer, file)
        else:
            _table(answer, file if output else None)


def _csv(answer: Answer, file: TextIO) -> None:
    writer = csv.DictWriter(file, [c.name for c in answer.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: neutral(v) for k, v in _flat(row).items()} for row in answer.rows)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: "; ".join(v) if isinstance(v, list) else v for k, v in row.items()}


def _table(answer: Answer, file: TextIO | None) -> None:
    """Print the first rows on the terminal in the columns that fit, or all of both to a file."""
    names = [column.name for column in answer.columns]
    rows = answer.rows if file else answer.rows[:ON_TERMINAL]
    hidden = as_rows(
        names,
        [[_cell(column, row[column.name]) for column in answer.columns] for row in rows],
        title=f"{answer.analysis} as of {answer.as_of}",
        numbers={column.name for column in answer.columns if _is_figure(column)},
        whole=_LAST,
        last=_LAST,
        first={*_FIRST, *_sorted_by(answer)},
        file=file,
    )
    if len(answer.rows) > len(rows):
        console.print(f"{len(answer.rows) - len(rows):,} more rows: --format csv shows all.")
    if hidden:
        console.print(
            f"{len(hidden)} of {len(names)} columns left out: {', '.join(hidden)}. "
            "--columns NAME,NAME shows the ones you name; csv and json have all.",
            markup=False,
        )
    as_pairs("taken over", population(answer), file=file)


def _sorted_by(answer: Answer) -> set[str]:
    """Return the columns by which the rows are in order: the figures that matter."""
    from clientela.analysis.registry import ANALYSES

    order = (name.lstrip("-") for name in ANALYSES[answer.analysis].ordered_by(answer.parameters))
    return {name.removesuffix("_minor") for name in order}


def population(answer: Answer) -> dict[str, str]:
    """Return what an answer was taken over, each part in words and figures."""
    over = answer.population
    said = {
        "scope": str(over["scope"]).replace("_", " "),
        "period": f"{answer.from_on or 'the beginning'} to {answer.as_of}",
    }
    if over["customers"] is None:  # the whole is too small to be told to this reader
        said["customers"] = f"fewer than {LEAST_IN_GROUP}"
    else:
        said["customers"] = f"{over['customers']:,}"
        said["documents"] = f"{over['documents']:,}"
        said["amounts"] = ", ".join(_money(amount) for amount in over["amounts"])
    for name in ("anonymous", "without_settlement"):
        part = over[name]
        if part["documents"]:
            said[name.replace("_", " ")] = f"{part['documents']:,} documents, {_money(part)}"
    settings = [f"{name} {value}" for name, value in answer.parameters.items() if value is not None]
    if settings:
        said["parameters"] = ", ".join(settings)
    return said | {"snapshot": str(answer.snapshot)}


def _money(amount: Mapping[str, Any]) -> str:
    return f"{amount['currency']} {Decimal(amount['amount']):,}"


def _is_figure(column: Column) -> bool:
    return column.type in ("int64", "float64", "decimal")


def _cell(column: Column, value: Any) -> Any:
    if value is None or isinstance(value, bool) or not _is_figure(column):
        return value
    if column.type == "decimal":
        return f"{Decimal(value):,}"
    return f"{value:,.4f}" if isinstance(value, float) else f"{value:,}"
