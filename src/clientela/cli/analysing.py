"""`clientela analyse` and `clientela refresh`: figures from the columnar copy."""

import csv
import json
import sys
from contextlib import nullcontext
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pyarrow as pa
import pyarrow.parquet as pq
import typer
from django.utils import timezone

from clientela.analysis.registry import ANALYSES
from clientela.analysis.results import Answer
from clientela.analysis.services import ask, bring_up_to_date, ensure_copy
from clientela.analysis.services.asking import question
from clientela.cli.days import a_day
from clientela.cli.exits import USAGE, error_console, exits
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows, console
from clientela.cli.principal import As, principal
from clientela.store.context import database_context
from clientela.store.spreadsheets import neutral


class Shape(StrEnum):
    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def analyse(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(ANALYSES)}.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Last day that counts, 2026-06-30.")],
    from_: Annotated[str | None, typer.Option("--from", help="First day of the period.")] = None,
    source: Annotated[str | None, typer.Option(help="Only what this source told of.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="PARAMETER=VALUE.")] = None,
    output: Annotated[Path | None, typer.Option(help="File to write; else the terminal.")] = None,
    as_: As = None,
    format_: Annotated[
        Shape, typer.Option("--format", help="How to print the answer.")
    ] = Shape.TABLE,
) -> None:
    """Answer one analysis over what the user reaches."""
    settings = dict(pair.split("=", 1) for pair in set_ or [] if "=" in pair)
    if name not in ANALYSES or len(settings) != len(set_ or []):
        error_console.print(f"NAME is one of {', '.join(ANALYSES)}; --set takes NAME=VALUE")
        raise typer.Exit(USAGE)
    if format_ is Shape.PARQUET and output is None:
        error_console.print("--format parquet needs --output FILE")
        raise typer.Exit(USAGE)
    with exits(), principal(as_, timezone.now()) as who, database_context(who.context):
        ensure_copy()
        asked = question(
            name,
            as_of=_day(as_of),
            from_on=_day(from_) if from_ else None,
            parameters=settings,
            source=source,
        )
        answer = ask(who.access, asked)
    _write(answer, format_, output)


def refresh(
    full: Annotated[bool, typer.Option("--full", help="Load everything anew.")] = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Bring the columnar copy up to date and store the classes that follow from it."""
    with exits(), principal(None, timezone.now()):
        done, classes = bring_up_to_date(at=timezone.now(), full=full)
    answer: dict[str, Any] = {"refreshed": done is not None, "classes changed": classes}
    if done is not None:
        answer |= {"snapshot": done.snapshot, "seconds": round(done.seconds, 2)}
        answer |= {f"rows: {name}": rows for name, rows in done.rows.items() if rows}
    as_json(answer) if format_ is Format.JSON else as_pairs("columnar copy", answer)


def _write(answer: Answer, shape: Shape, output: Path | None) -> None:
    names = [column.name for column in answer.columns]
    if shape is Shape.PARQUET and output is not None:
        pq.write_table(pa.Table.from_pylist([_flat(row) for row in answer.rows]), output)
    elif shape is Shape.JSON:
        as_json(answer.as_json()) if output is None else _to_file(answer, output)
    elif shape is Shape.CSV:
        with output.open("w", newline="") if output else nullcontext(sys.stdout) as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows({k: neutral(v) for k, v in _flat(row).items()} for row in answer.rows)
    else:
        shown = [[_cell(row[n]) for n in names] for row in answer.rows[:50]]
        as_rows(names, shown, title=f"{answer.analysis} as of {answer.as_of}")
        if len(answer.rows) > len(shown):
            console.print(f"{len(answer.rows) - len(shown):,} rows more: --format csv shows all")
        as_pairs("population", {k: str(v) for k, v in answer.population.items()})


def _flat(row: Any) -> dict[str, Any]:
    return {k: "; ".join(v) if isinstance(v, list) else v for k, v in row.items()}


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return f"{value:.4f}" if isinstance(value, float) else "" if value is None else str(value)


def _to_file(answer: Answer, output: Path) -> None:
    output.write_text(json.dumps(answer.as_json(), ensure_ascii=False, default=str))


def _day(text: str) -> date:
    day = a_day(text)
    if day is None:
        error_console.print(f"{text!r} is no day such as 2026-06-30")
        raise typer.Exit(USAGE)
    return day
