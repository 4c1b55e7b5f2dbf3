"""Records on their way from the file to the grammar, some thousands at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal

from clientela.intake.results import Outcome
from clientela.kernel.reasons import Reason

# What a blank cell holds. Not all that `str.strip` takes: U+001C is data, and bad data.
BLANKS = " \t\v\f\n"


@dataclass(frozen=True)
class BadCell:
    """A cell that holds no usable value: an error, a lost formula result. `shown` is what a
    person sees in it; a text file that holds the like is refused as well."""

    code: str
    shown: str = "#VALUE!"

    def __str__(self) -> str:
        return self.shown


# Errors as spreadsheets write them, in English (which Chinese ones do too) and in Spanish.
ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
_ALSO = ("#SPILL!", "#CALC!", "#N/D", "#¡REF!", "#¡DIV/0!", "#¡VALOR!", "#¿NOMBRE?", "#¡NUM!",
         "#¡NULO!", "#¡DESBORDAMIENTO!", "#¡CALC!")  # fmt: skip
_ERROR = re.compile(rf"(?:{'|'.join(map(re.escape, (*ERRORS, *_ALSO)))})(?: .*)?", re.S)


def is_error(text: str) -> bool:
    """Tell whether a text is an error of a spreadsheet: `#N/A`, or one with what it hides,
    `#NUM! 12345678901234500000`."""
    return "#" in text[:8] and _ERROR.fullmatch(text.strip()) is not None


# Text files give text only; a workbook also gives what its cells are typed as.
Cell = str | Decimal | date | datetime | time | BadCell


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A record that was read but cannot be taken, with its bytes as they came, the cells that it
    was cut into, and the place of the one at fault, as far as either is known."""

    row_no: int
    line_no: int
    reason: Reason
    raw: bytes
    outcome: Outcome = "rejected"
    cells: Sequence[Cell] = ()
    column: int | None = None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Records of equal width. `row_nos` count data records from 1, `line_nos` the lines of the
    file from 1 (rows of the sheet in a workbook). `texts` are the records as written."""

    rows: list[list[Cell]]
    row_nos: Sequence[int]
    line_nos: Sequence[int]
    texts: Sequence[str]
    encoding: str
    faults: list[Fault] = field(default_factory=list)
    blank: int = 0  # lines without a record
    comments: int = 0

    @property
    def read(self) -> int:
        """Records in this batch, the faulty ones included."""
        return len(self.rows) + len(self.faults)

    def raw(self, index: int) -> bytes:
        """Return the record at `index` in the encoding of the file, line ends as LF."""
        return encoded(self.texts[index], self.encoding)

    def since(self, start_row: int) -> "Batch":
        """Return the batch without the records before `start_row`."""
        keep = [i for i, row_no in enumerate(self.row_nos) if row_no >= start_row]
        faults = [fault for fault in self.faults if fault.row_no >= start_row]
        return replace(self.only(keep, faults), blank=0, comments=0)

    def only(self, keep: Sequence[int], faults: list[Fault]) -> "Batch":
        """Return the batch with the records at these indexes, and with these faults."""
        return replace(
            self,
            rows=[self.rows[i] for i in keep],
            row_nos=[self.row_nos[i] for i in keep],
            line_nos=[self.line_nos[i] for i in keep],
            texts=[self.texts[i] for i in keep],
            faults=faults,
        )


def is_blank(cells: Sequence[Cell]) -> bool:
    """True for a line in which nothing is written: it is no record."""
    return not any(cell.strip(BLANKS) if isinstance(cell, str) else True for cell in cells)


def encoded(text: str, encoding: str) -> bytes:
    """Return the bytes of decoded text again, undecodable bytes as they were."""
    return text.encode(encoding, "surrogateescape")
