"""What the program in the sandbox says of a web page, in the form that it has for workbooks.

Each table is a sheet, by the name `table N` in the order of the page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from clientela.intake.reading import limits
from clientela.intake.reading.html_tables import read_tables

Write = Callable[[object], None]
HEAD_ROWS = 200
_ROWS_A_LINE = 1000


@dataclass
class _Seen:
    """What is kept of a table while it passes: its first rows, and some of the rest."""

    filled: int = 0
    hidden: int = 0
    first: list[tuple[int, list[str]]] = field(default_factory=list)
    spread: list[tuple[int, list[str]]] = field(default_factory=list)
    stride: int = 1

    def keep(self, number: int, cells: list[str], *, hidden: bool) -> None:
        """Look at one row."""
        self.filled += any(cells)
        self.hidden += hidden and any(cells)
        if len(self.first) < HEAD_ROWS:
            self.first.append((number, cells))
        elif number % self.stride == 0:
            self.spread.append((number, cells))
            if len(self.spread) > limits.SAMPLE_LINES:
                self.spread, self.stride = self.spread[::2], self.stride * 2


def name_of(number: int) -> str:
    """Return the name of a table, numbered from 0."""
    return f"table {number + 1}"


def describe_page(path: Path, encoding: str, write: Write) -> None:
    """Write a description of each table. Raises FileRefused."""
    seen: dict[int, _Seen] = {}

    def row(table: int, number: int, cells: list[str], hidden: bool) -> None:
        seen.setdefault(table, _Seen()).keep(number, cells, hidden=hidden)

    page = read_tables(path, encoding, row)
    for table in range(page.tables):
        one = seen.get(table, _Seen())
        write(
            {
                "name": name_of(table), "visible": True, "rows": one.filled,
                "merged": page.merged.get(table, 0), "notes": [], "hidden_rows": one.hidden,
                "sample": [*one.first, *one.spread],
            }
        )  # fmt: skip


def rows_of_page(path: Path, encoding: str, sheet: str, skip_hidden: bool, write: Write) -> None:
    """Write the rows of one table, some at a time. Raises FileRefused."""
    part: list[tuple[int, list[str]]] = []

    def row(table: int, number: int, cells: list[str], hidden: bool) -> None:
        if name_of(table) != sheet or (hidden and skip_hidden):
            return
        part.append((number, cells))
        if len(part) == _ROWS_A_LINE:
            write(part)
            part.clear()

    read_tables(path, encoding, row)
    write(part)
