"""Which record names the columns.

The header is the first record as wide as the table, with text in every cell, over records that
hold something else. Where a title stands above it, where the first record looks like data, or
where text stands over text and no name is known, a person is asked.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from clientela.intake.reading.faults import refuse
from clientela.intake.reading.names import folded
from clientela.intake.reading.own_columns import has_own
from clientela.intake.results import Choice, Question
from clientela.store.spreadsheets import restored

_FIGURE = re.compile(
    r"[\s\d.,/:;'’()+\-−–%#￥¥$€£年月日时分秒TZ]*\d[\s\d.,/:;'’()+\-−–%￥¥$€£年月日时分秒TZ元]*"
)
_SEARCHED = 20  # records from the top that may be the header


@dataclass(frozen=True, kw_only=True)
class Line:
    """A record of the head: where it starts, where it ends, its cells as text."""

    first: int
    last: int
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        """Cells without the empty ones at the end."""
        return len(trimmed(self.cells))


@dataclass(frozen=True, kw_only=True)
class Header:
    """Names of the columns and the line where data start. `names` may hold empty ones."""

    names: tuple[str, ...]
    data_line: int


def trimmed(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the cells without empty ones at the end."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return tuple(cells[:end])


def looks_like_figure(text: str) -> bool:
    """True for a number, a date or a time as people write them: no header says that."""
    return bool(_FIGURE.fullmatch(text.strip()))


def find_header(lines: list[Line], known: frozenset[str]) -> Header | Question:
    """Return the header of a table or the question which record it is.

    `known` are folded names of fields. Raises FileRefused when there is no record at all.
    """
    if not lines:
        raise refuse("empty_file")
    if has_own(lines[0].cells):
        return _named_by(lines[0])  # a file of rejected rows: the product wrote this line
    width = table_width(lines)
    fits = [n for n, line in enumerate(lines[:_SEARCHED]) if fits_header(line, width)]
    if not fits:
        return _question(lines, [0], code="header_missing")
    first = fits[0]
    if first > 0:
        return _question(lines, fits[:3], code="header_below_title")
    below = [line for line in lines[1:] if line.width]
    named = sum(folded(cell) in known for cell in lines[0].cells) * 3 >= width
    if named or not below or any(looks_like_figure(c) for line in below for c in line.cells):
        return _named_by(lines[0])
    return _question(lines, [0], code="header_unclear")


def table_width(lines: list[Line]) -> int:
    """Return the most common width of the records; of equally common ones the larger."""
    widths = Counter(line.width for line in lines if line.width)
    return max(widths.items(), key=lambda item: (item[1], item[0]))[0] if widths else 0


def fits_header(line: Line, width: int) -> bool:
    """True when a record could name the columns: nearly as wide as the table, text only."""
    filled = [cell for cell in trimmed(line.cells) if cell.strip()]
    wide = len(filled) * 2 > width and line.width + 1 >= min(width, 3)
    return bool(filled) and wide and not any(looks_like_figure(cell) for cell in filled)


def header_at(lines: list[Line], line_no: int) -> Header | None:
    """Return the header at a line of the file, None when no record starts there."""
    return next((_named_by(line) for line in lines if line.first == line_no), None)


def _named_by(line: Line) -> Header:
    return Header(
        names=tuple(restored(c.strip()) for c in trimmed(line.cells)), data_line=line.last + 1
    )


def unnamed(lines: list[Line]) -> Header:
    """Return made names `column_1`, `column_2` … for a table without a header."""
    width = table_width(lines)
    return Header(names=tuple(f"column_{n}" for n in range(1, width + 1)), data_line=lines[0].first)


def _question(lines: list[Line], at: list[int], *, code: str) -> Question:
    choices = [
        Choice(value=str(lines[n].first), preview=" | ".join(lines[n].cells)[:60]) for n in at
    ]
    return Question(id="header", code=code, choices=(*choices, Choice(value="none")))


def check_names(names: Sequence[str], *, columns: int) -> None:
    """Raise FileRefused for too many columns or two of one name, naming both."""
    if len(names) > columns:
        raise refuse("too_many_columns", found=len(names), allowed=columns)
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        key = folded(name)
        if key in seen:
            raise refuse("duplicate_header", name=name, first=seen[key], second=position)
        if key:
            seen[key] = position


def empty_names(names: Sequence[str]) -> list[Question]:
    """Return a question for each column without a name; none of a file of rejected rows, whose
    questions were answered when it first came."""
    if has_own(names):
        return []
    return [
        Question(
            id=f"empty_header:{position}",
            code="empty_header",
            choices=(Choice(value="ignore"), Choice(value="keep")),
            params={"position": str(position)},
        )
        for position, name in enumerate(names, start=1)
        if not name.strip()
    ]
