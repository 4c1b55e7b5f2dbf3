"""What was found out about a file before any row of it is taken.

A description with open questions is a draft; answers make it whole. It is stored with the run, so
that a run that was killed goes on with the same reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from clientela.intake.reading.batch import Cell
from clientela.intake.results import Question
from clientela.kernel.reasons import Reason
from clientela.store.spreadsheets import restored


@dataclass(frozen=True, kw_only=True)
class Layout:
    """All that reading the records needs. `width` cells a record, `header` names for them."""

    container: str  # text, gzip, zip, xlsx, xls, ods, html
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    header: tuple[str, ...] = ()
    data_line: int = 1  # first line of the file (row of the sheet) with data
    skip_comments: bool = False
    skip_hidden: bool = False

    @property
    def width(self) -> int:
        """Cells in a record."""
        return len(self.header)

    @property
    def is_workbook(self) -> bool:
        """True for a file that the sandbox reads."""
        return self.container in ("xlsx", "xls", "ods", "html")

    def as_json(self) -> dict[str, object]:
        """Return plain values that `from_json` takes."""
        return {**vars(self), "header": list(self.header)}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "Layout":
        """Return the layout that `as_json` wrote."""
        layout = cls(**value)  # type: ignore[arg-type]
        return replace(layout, header=tuple(layout.header))


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of a workbook. `rows` are those with anything in them."""

    name: str
    rows: int
    visible: bool


@dataclass(frozen=True, kw_only=True)
class Description:
    """A file before its rows. `samples` are whole records from all over it; `rows_estimate`
    counts lines, which are more than records where cells hold line ends."""

    name: str
    sha256: str
    size: int  # bytes as delivered
    layout: Layout
    rows_estimate: int = 0
    samples: tuple[tuple[Cell, ...], ...] = ()
    sheets: tuple[Sheet, ...] = ()
    notes: tuple[Reason, ...] = ()  # said, not asked: an encoding assumed, a mark removed
    questions: tuple[Question, ...] = ()
    refusals: tuple[Reason, ...] = ()

    @property
    def is_ready(self) -> bool:
        """True when records may be read."""
        return not self.questions and not self.refusals and bool(self.layout.header)

    @property
    def preview(self) -> tuple[tuple[Cell, ...], ...]:
        """The first records, for a person to look at."""
        return self.samples[:20]

    def column(self, index: int) -> list[Cell]:
        """Return the sampled cells of one column, as they will be typed."""
        cells = (row[index] for row in self.samples if index < len(row))
        return [restored(cell) if isinstance(cell, str) else cell for cell in cells]
