"""Blocks of lines to batches of records, strictly, with exact line numbers and the raw text.

A block without a doubtful line goes through the `csv` module whole; any other one record by
record, so that each fault stays with its record:

* a quote that never closes: every line from its own on is rejected, none is taken on a guess;
* text after a closing quote, NUL, bytes outside the encoding, too long a cell: that record;
* more or fewer cells than the header: that record. Empty cells past the last column are dropped.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from clientela.intake.reading import limits
from clientela.intake.reading.batch import BLANKS, Batch, Cell, Fault, encoded, is_blank
from clientela.intake.reading.faults import reason
from clientela.intake.reading.lines import Block
from clientela.intake.reading.totals import total_rows, without_totals
from clientela.kernel.reasons import Reason

# The module refuses cells over a limit of its own in the middle of a record, and would take the
# rest of that record for the next one. The limit here is put on whole records, and is lower.
csv.field_size_limit(max(csv.field_size_limit(), 4 * limits.RECORD_BYTES))
_BROKEN = re.compile(r"[\udc80-\udcff]")  # a byte that is no text, as surrogate escapes keep it


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a record of a text looks like."""

    separator: str
    width: int
    data_line: int  # first line of the file that holds data
    encoding: str
    skip_comments: bool = False


@dataclass
class _Draft:
    """A batch while it is filled."""

    rows: list[list[Cell]] = field(default_factory=list)
    row_nos: list[int] = field(default_factory=list)
    line_nos: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    blank: int = 0
    comments: int = 0


class TextRecords:
    """The records of one text, from the first to the last."""

    def __init__(self, blocks: Iterator[Block], shape: Shape) -> None:
        self._blocks = blocks
        self._shape = shape
        self._row_no = 0
        self._open_quote: int | None = None  # line of a quote that never closes
        self._queue: deque[tuple[int, str, Reason | None]] = deque()
        self._taken: list[tuple[int, str, Reason | None]] = []
        self._size = 0  # characters of the record being read

    def batches(self) -> Iterator[Batch]:
        """Yield the records, a block at a time."""
        for block in self._blocks:
            trimmed = self._data_of(block)
            if trimmed is not None:
                yield self._whole(trimmed) or self._one_by_one(trimmed)

    def _data_of(self, block: Block) -> Block | None:
        before = self._shape.data_line - block.first_line
        if before <= 0:
            return block
        if before >= len(block.texts):
            return None
        faults = {i - before: fault for i, fault in block.faults.items() if i >= before}
        return Block(self._shape.data_line, block.texts[before:], faults)

    def _whole(self, block: Block) -> Batch | None:
        """Return the batch of a block in which every line is one sound record, else None."""
        texts, width = block.texts, self._shape.width
        if block.faults or self._open_quote or self._shape.skip_comments:
            return None
        reader = csv.reader(texts, delimiter=self._shape.separator, strict=True)
        try:
            rows: list[list[Cell]] = list(reader)  # type: ignore[arg-type]
        except csv.Error:
            return None
        if reader.line_num != len(rows) or set(map(len, rows)) != {width}:
            return None
        if len(max(texts, key=len)) > limits.CELL_CHARACTERS or total_rows(rows):
            return None
        if not all(row[0].strip() for row in rows) and any(map(is_blank, rows)):  # type: ignore[union-attr]
            return None
        first, self._row_no = self._row_no + 1, self._row_no + len(rows)
        return Batch(
            rows=rows,
            row_nos=range(first, first + len(rows)),
            line_nos=range(block.first_line, block.first_line + len(rows)),
            texts=texts,
            encoding=self._shape.encoding,
        )

    def _one_by_one(self, block: Block) -> Batch:
        draft = _Draft()
        self._load(block)
        reader = self._reader()
        while self._queue:
            self._taken, self._size = [], 0
            if self._open_quote:
                self._reject_tail(draft)
            elif self._shape.skip_comments and self._queue[0][1].startswith("#"):
                self._queue.popleft()
                draft.comments += 1
            elif _is_cut(self._queue[0]):
                self._cut_line(draft)
            else:
                try:
                    self._keep(draft, next(reader))
                except csv.Error as error:
                    self._broken(draft, str(error))
                    reader = self._reader()
        return without_totals(Batch(**vars(draft), encoding=self._shape.encoding))

    def _load(self, block: Block) -> None:
        for index, text in enumerate(block.texts):
            self._queue.append((block.first_line + index, text, block.faults.get(index)))

    def _reader(self) -> "Iterator[list[str]]":
        return csv.reader(self._pull(), delimiter=self._shape.separator, strict=True)

    def _pull(self) -> Iterator[str]:
        """Give one line after the other to the parser, which asks for more while a quote is open.

        Ends, and so breaks the record, when the record is too long or the file is over.
        """
        while self._size <= limits.RECORD_BYTES:
            if not self._queue:
                block = next(self._blocks, None)
                if block is None:
                    return
                self._load(block)
            if _is_cut(self._queue[0]):
                return
            line = self._queue.popleft()
            self._taken.append(line)
            self._size += len(line[1])
            yield line[1] + "\n"

    def _cut_line(self, draft: _Draft) -> None:
        """A line longer than a record may be, of which only the start was kept."""
        self._taken = [self._queue.popleft()]
        why = self._taken[0][2] or reason("record_too_long")
        if why.params["open_quote"] == "yes":
            self._open_quote = self._taken[0][0]
        self._fault(draft, why)

    def _broken(self, draft: _Draft, message: str) -> None:
        """A record that the parser refuses: a quote left open to the end, or malformed."""
        if "unexpected end of data" in message:
            self._open_quote = self._taken[0][0]
            self._queue.extendleft(reversed(self._taken))
            return
        self._fault(draft, reason("quote_malformed"))

    def _reject_tail(self, draft: _Draft) -> None:
        while self._queue:
            self._taken = [self._queue.popleft()]
            if self._taken[0][1].strip(BLANKS):
                self._fault(draft, reason("quote_not_closed", line=self._open_quote))
            else:
                draft.blank += 1

    def _keep(self, draft: _Draft, cells: list[str]) -> None:
        width = self._shape.width
        fault = next((line[2] for line in self._taken if line[2]), None)
        if fault is None and is_blank(cells):
            draft.blank += len(self._taken)
            return
        if len(cells) > width and is_blank(cells[width:]):
            cells = cells[:width]
        if fault is None and len(cells) != width:
            code = "too_many_cells" if len(cells) > width else "too_few_cells"
            fault = reason(code, expected=width, found=len(cells))
        if fault is None and max(map(len, cells)) > limits.CELL_CHARACTERS:
            fault = reason("cell_too_long", allowed=limits.CELL_CHARACTERS)
        if fault is not None:
            self._fault(draft, fault, cells)
            return
        self._row_no += 1
        draft.rows.append(list(cells))
        draft.row_nos.append(self._row_no)
        draft.line_nos.append(self._taken[0][0])
        draft.texts.append("\n".join(text for _, text, _ in self._taken))

    def _fault(self, draft: _Draft, why: Reason, cells: Sequence[str] = ()) -> None:
        self._row_no += 1
        text = "\n".join(text for _, text, _ in self._taken)
        raw = encoded(text, self._shape.encoding)
        draft.faults.append(
            Fault(
                row_no=self._row_no,
                line_no=self._taken[0][0],
                reason=why,
                raw=raw,
                cells=cells,
                column=_column_at_fault(why, cells) if len(cells) == self._shape.width else None,
            )
        )


def _column_at_fault(why: Reason, cells: Sequence[str]) -> int | None:
    """Return which cell of a record cannot be taken, where one alone is the reason."""
    tests: dict[str, Callable[[str], bool]] = {
        "invalid_bytes": lambda cell: _BROKEN.search(cell) is not None,
        "nul_character": lambda cell: "\0" in cell,
        "cell_too_long": lambda cell: len(cell) > limits.CELL_CHARACTERS,
    }
    found = [n for n, cell in enumerate(cells) if why.code in tests and tests[why.code](cell)]
    return found[0] if found else None


def _is_cut(line: tuple[int, str, Reason | None]) -> bool:
    return line[2] is not None and line[2].code == "record_too_long"
