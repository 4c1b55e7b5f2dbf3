"""An answer of an analysis as a table, CSV, JSON or Parquet: on the terminal or in a file."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

import typer

from clientela.analysis.results import HIDDEN, Answer, Column, in_cell
from clientela.analysis.rules import LEAST_IN_GROUP
from clientela.cli.output import as_pairs, as_rows, console
from clientela.store.spreadsheets import neutral

ON_TERMINAL = 50  # rows
_LAST = ("customer",)  # a program's name of a customer: a terminal shows it last, and whole
_KEYS = "source_keys"
_WHOLE = (*_LAST, _KEYS)
# Of whom or what a row is. A customer's key leads to its file: the search takes it.
_WHOSE = ("name", "group", _KEYS, "key", "cohort", "month_number")
_READ = {"name": 24, "group": 24}  # cells that a name is not cut below


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


def write(answer: Answer, shape: Shape, output: Path | None, as_of: date | None = None) -> None:
    """Print an answer, or write it to a file. Raises OSError where that cannot be written.

    What it lacks, and of which days it is, is said beside it, on standard error: the days unless
    the terminal shows them.

    :param as_of: the day that was asked for, which an answer in groups may be before.
    """
    if answer.copy:
        runs = answer.copy["runs_not_in"]
        said = "a refresh is due now" if answer.copy["refreshing"] else "the next refresh is at"
        at = "" if answer.copy["refreshing"] else f" {answer.copy['next_refresh_at']}"
        them = "1 new import is" if runs == 1 else f"{runs:,} new imports are"
        typer.echo(f"{them} not in these figures yet: {said}{at}.", err=True)
    if output or shape is Shape.CSV or as_of not in (None, answer.as_of):
        typer.echo(_of_days(answer, as_of), err=True)
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


def _of_days(answer: Answer, asked: date | None) -> str:
    """Return of which days an answer is, and why they are not those that were asked for."""
    ((name, days),) = _days(answer).items()
    said = f"{answer.analysis}: {name} {days}."
    if asked in (None, answer.as_of):
        return said
    why = "groups are told over whole months, products over whole quarters"
    return f"{said} Not until {asked}: {why}."


def _csv(answer: Answer, file: TextIO) -> None:
    writer = csv.DictWriter(file, [c.name for c in answer.columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: neutral(in_cell(v)) for k, v in row.items()} for row in answer.rows)


def _table(answer: Answer, file: TextIO | None) -> None:
    """Print the first rows on the terminal in the columns that fit, or all of both to a file.

    Of whom a row is comes first, then the figures that answer the question: neither is left out.
    The last to go before them are the keys of a customer.
    """
    first = _foremost(answer)
    columns = sorted(answer.columns, key=lambda c: first.index(c.name) if c.name in first else 99)
    names = [column.name for column in columns]
    rows = answer.rows if file else answer.rows[:ON_TERMINAL]
    hidden = as_rows(
        names,
        [
            [
                _cell(column, row[column.name], file) or _nobody(answer, column.name, row)
                for column in columns
            ]
            for row in rows
        ],
        title=f"{answer.analysis} as of {answer.as_of}",
        numbers={column.name for column in columns if _is_figure(column)},
        whole=_WHOLE,
        last=_LAST,
        first=[*(name for name in first if name != _KEYS), _KEYS],
        least=_READ,
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


def _nobody(answer: Answer, name: str, row: Mapping[str, Any]) -> str:
    """Return what a table calls a row without a customer where its name stands; else nothing."""
    of = answer.parameters
    is_one = name == "name" and row.get("customer") is None and of.get("per") != "total"
    is_group = name == "group" and of.get("by") == "customer" and not row.get(name)
    return "without a customer" if is_one or is_group else ""


def _foremost(answer: Answer) -> list[str]:
    """Return of whom a row is, and the figures that answer the question, as they leave."""
    from clientela.analysis.registry import ANALYSES

    spec = ANALYSES[answer.analysis]
    of = [*_WHOSE, *(figure.name for figure in spec.figures if figure.is_key)]
    names = (name.removesuffix("_minor") for name in (*of, *spec.leads))
    there = {column.name for column in answer.columns}
    return [name for name in dict.fromkeys(names) if name in there]


def population(answer: Answer) -> dict[str, str]:
    """Return what an answer was taken over, each part in words and figures."""
    over = answer.population
    said = {
        "scope": str(over["scope"]).replace("_", " "),
        **_days(answer),
    }
    if over["customers"] is None:  # the whole is too small to be told to this reader
        said["customers"] = f"fewer than {LEAST_IN_GROUP}"
    else:
        said["customers"] = f"{over['customers']:,}"
        if over["documents"] is not None:
            said["documents"] = f"{over['documents']:,}"
            said["amounts"] = ", ".join(_money(amount) for amount in over["amounts"])
    for name in ("anonymous", "without_settlement"):
        part = over[name]
        if part["documents"]:
            said[name.replace("_", " ")] = f"{part['documents']:,} documents, {_money_of(part)}"
    hidden = sum(bool(row.get(HIDDEN)) for row in answer.rows)
    if hidden:
        said["hidden"] = (
            f"{hidden:,} of {len(answer.rows):,} groups: fewer than {LEAST_IN_GROUP} customers, "
            "or they would tell one of so few"
        )
    settings = [f"{name} {value}" for name, value in answer.parameters.items() if value is not None]
    if settings:
        said["parameters"] = ", ".join(settings)
    return said | {"snapshot": str(answer.snapshot)}


def _days(answer: Answer) -> dict[str, str]:
    """Return the days that an answer is of; of a balance the one at whose end it stands."""
    from clientela.analysis.registry import ANALYSES

    if ANALYSES[answer.analysis].is_balance:
        return {"at the end of": str(answer.as_of)}
    return {"period": f"{answer.from_on or 'the beginning'} to {answer.as_of}"}


def _money_of(part: Mapping[str, Any]) -> str:
    """Return what documents beside the whole come to: not known where one of them has no rate."""
    if part["amount"] is None:
        return f"amount in {part['currency']} not known (no exchange rate)"
    return _money(part)


def _money(amount: Mapping[str, Any]) -> str:
    return f"{amount['currency']} {Decimal(amount['amount']):,}"


def _is_figure(column: Column) -> bool:
    return column.type in ("int64", "float64", "decimal")


def _cell(column: Column, value: Any, file: TextIO | None) -> Any:
    """Return a value as a table shows it; of a customer's keys a terminal has room for one."""
    if isinstance(value, list) and file is None:
        return f"{value[0]} +{len(value) - 1}" if len(value) > 1 else in_cell(value)
    if value is None or isinstance(value, bool) or not _is_figure(column):
        return in_cell(value)
    if column.type == "decimal":
        return f"{Decimal(value):,}"
    return f"{value:,.4f}" if isinstance(value, float) else f"{value:,}"
