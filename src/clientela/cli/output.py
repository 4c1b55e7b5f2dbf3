"""Answers on a terminal and for programs."""

import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clientela.cli.fitting import Fitted, fitted

console = Console()


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the answer.")]


def as_json(value: Any) -> None:
    """Print one JSON value and a line end. Days and instants are those of ISO 8601, as by API."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)  # an instant is a date too


def as_pairs(title: str, values: Mapping[str, Any], *, file: TextIO | None = None) -> None:
    """Print names and values as a small table; of a tuple each value on a line of its own."""
    table = Table(title=cell(title), show_header=False, title_justify="left")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in values.items():
        lines = value if isinstance(value, tuple) else (value,)
        table.add_row(cell(name), Text("\n".join(shown(number(line)) for line in lines)))
    _to(file).print(table)


def as_rows(
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    *,
    whole: Collection[str] = (),
    numbers: Collection[str] = (),
    last: Collection[str] = (),
    first: Sequence[str] = (),
    wrapped: Collection[str] = (),
    least: Mapping[str, int] = MappingProxyType({}),
    file: TextIO | None = None,
) -> Sequence[str]:
    """Print rows under their column names, as many columns as the terminal is wide for.

    Long texts are cut, numbers never. Returns the columns that were left out.

    :param whole: columns whose texts are of use only whole.
    :param numbers: columns of figures, set to the right.
    :param last: columns to leave out before all others.
    :param first: columns to keep before all others, the first longest.
    :param wrapped: columns whose texts take more lines instead of being cut.
    :param least: cells that the texts of a column are not cut below; others go before.
    :param file: where to print everything, however wide, instead of on the terminal.
    """
    texts = [[shown(value) for value in row] for row in rows]
    uncut = {*whole, *numbers}
    width = console.width if file is None else None
    fit = fitted(columns, texts, width=width, uncut=uncut, last=last, first=first, kept=least)
    _to(file, fit).print(_table(columns, texts, title, fit, numbers, wrapped))
    return [columns[n] for n in range(len(columns)) if n not in fit.places]


def _table(
    columns: Sequence[str],
    texts: Sequence[Sequence[str]],
    title: str,
    fit: Fitted,
    numbers: Collection[str],
    wrapped: Collection[str],
) -> Table:
    table = Table(title=cell(title) if title else None, title_justify="left")
    for n, width in zip(fit.places, fit.widths, strict=True):
        table.add_column(
            cell(columns[n]),
            width=width,
            no_wrap=columns[n] not in wrapped,
            overflow="fold" if columns[n] in wrapped else "ellipsis",
            justify="right" if columns[n] in numbers else "left",
        )
    for row in texts:
        table.add_row(*(Text(row[n]) for n in fit.places))
    return table


def _to(file: TextIO | None, fit: Fitted | None = None) -> Console:
    if file is None:
        return console
    return Console(file=file, width=max(100, fit.total if fit else 0), no_color=True)


def number(value: Any) -> Any:
    """Return whole numbers with their thousands apart, anything else as it is."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def shown(value: Any) -> str:
    """Return a value as one line that a terminal can be given: nothing in it moves its cursor."""
    if value is None:
        return ""
    text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(c if c.isprintable() else "\ufffd" for c in text.replace("\n", " "))


def cell(value: Any) -> Text:
    """Return a value as it is: what looks like mark-up in a name is part of the name."""
    return Text(shown(value))


def stage(text: str) -> None:
    """Say what a long command is at, on standard error: a line where no terminal shows bars."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        screen.print(Text(text), soft_wrap=True)


@contextmanager
def progress(*, lines: bool = False) -> Iterator["Bars"]:
    """Show progress on a terminal, on standard error; where there is none, nothing.

    :param lines: where there is no terminal, a line at the begin and at the end of each stage.
    """
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    screen = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(),
        TimeElapsedColumn(), console=screen, disable=not screen.is_terminal, transient=True,
    )  # fmt: skip
    with bar:
        yield Bars(bar, lines=lines and not screen.is_terminal)


class Bars:
    """One bar for each stage of a run."""

    def __init__(self, bar: Any, *, lines: bool = False) -> None:
        self.bar = bar
        self.lines = lines
        self.tasks: dict[str, Any] = {}

    def __call__(self, stage: str, done: int, of: int) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bar.add_task(stage, total=of)
            self._say(f"{stage}: {number(of)}", done < of)
        self._say(f"{stage}: done", done >= of)
        self.bar.update(self.tasks[stage], completed=done, total=of)

    def _say(self, text: str, now: bool) -> None:
        if self.lines and now:
            self.bar.console.print(Text(text), soft_wrap=True)
