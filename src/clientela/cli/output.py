"""Answers on a terminal and for programs."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

console = Console()


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the answer.")]


def as_json(value: Any) -> None:
    """Print one JSON value and a line end."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def as_pairs(title: str, values: Mapping[str, Any]) -> None:
    """Print names and values as a small table."""
    table = Table(title=title, show_header=False, title_justify="left")
    for name, value in values.items():
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        table.add_row(name, shown)
    console.print(table)


def as_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> None:
    """Print rows under their column names."""
    table = Table(title=title or None, title_justify="left")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)


@contextmanager
def progress() -> Iterator["Bars"]:
    """Show progress on a terminal, on standard error; nothing where there is none."""
    shown = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), console=shown, disable=not shown.is_terminal, transient=True,
    )  # fmt: skip
    with bar:
        yield Bars(bar)


class Bars:
    """One bar for each stage of a run."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[str, Any] = {}

    def __call__(self, stage: str, done: int, of: int) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bar.add_task(stage, total=of)
        self.bar.update(self.tasks[stage], completed=done, total=of)
