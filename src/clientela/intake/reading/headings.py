"""Lines of column names within the rows: a second table under the first, or the header once more.

A row in which two cells or more are filled, each with a word that is known as the name of a column
(of any field, or of this file), is no data. Where it is the file's own header again the rows below
go on. Where it is another one they are of another table, and none of them is read as of this.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from clientela.intake.reading.batch import Batch, Cell, Fault
from clientela.intake.reading.faults import reason
from clientela.intake.reading.names import folded
from clientela.intake.reading.own_columns import is_own
from clientela.kernel.reasons import Reason

CODE = "heading_within_rows"
_LONGEST = 60  # characters of a name
_BEGINNING, _KEPT = 4, 10_000


class _Beginnings(dict[str, bool]):
    """Whether a text that begins so may be a known name: of nearly every row it settles by one
    look that its first cell is none."""

    def __init__(self, known: AbstractSet[str]) -> None:
        super().__init__()
        self._names = tuple(known)

    def __missing__(self, beginning: str) -> bool:
        if len(self) >= _KEPT:
            self.clear()
        start = folded(beginning)
        found = self[beginning] = any(name.startswith(start) for name in self._names)
        return found


class Headings:
    """Watches the records of one file for lines of names, from its first record to its last."""

    def __init__(self, header: Sequence[str], known: AbstractSet[str]) -> None:
        self._header = [(n, folded(name)) for n, name in enumerate(header) if not is_own(name)]
        self._first = self._header[0][0] if self._header else 0
        self._known = known | {name for _, name in self._header if name}
        self._may = _Beginnings(self._known)
        self._foreign = 0  # line of the names of another table

    def watched(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield the batches with lines of names, and rows of another table, set aside."""
        for batch in batches:
            found = self._found(batch)
            yield self._without(batch, found) if found or self._foreign else batch

    def _found(self, batch: Batch) -> list[int]:
        at, may = self._first, self._may
        maybe = [
            n
            for n, row in enumerate(batch.rows)
            if not (cell := row[at]) or (isinstance(cell, str) and may[cell[:_BEGINNING]])
        ]
        return [n for n in maybe if self._names(batch.rows[n])]

    def _names(self, row: Sequence[Cell]) -> bool:
        """Tell whether every filled cell of a row is a name of a column, and two are filled."""
        filled = [row[n] for n, _ in self._header if row[n] != ""]
        return len(filled) > 1 and all(
            isinstance(cell, str) and len(cell) <= _LONGEST and folded(cell) in self._known
            for cell in filled
        )

    def _is_header(self, row: Sequence[Cell]) -> bool:
        return all(folded(str(row[n])) == name for n, name in self._header)

    def _without(self, batch: Batch, found: list[int]) -> Batch:
        """Return the batch with what is none of its table's rows among its faults."""
        names, aside, keep = set(found), list[Fault](), list[int]()
        for n in range(len(batch.rows)):
            line = batch.line_nos[n]
            if n in names and self._is_header(batch.rows[n]):
                self._foreign = 0
                aside.append(_aside(batch, n, reason(CODE, line=line), skipped=True))
                continue
            if n in names:
                self._foreign = line
            if self._foreign:
                aside.append(_aside(batch, n, reason(CODE, line=self._foreign)))
            else:
                keep.append(n)
        faults = sorted([*batch.faults, *aside], key=lambda fault: fault.row_no)
        return replace(
            batch,
            rows=[batch.rows[n] for n in keep], row_nos=[batch.row_nos[n] for n in keep],
            line_nos=[batch.line_nos[n] for n in keep], texts=[batch.texts[n] for n in keep],
            faults=faults,
        )  # fmt: skip


def _aside(batch: Batch, n: int, why: Reason, *, skipped: bool = False) -> Fault:
    return Fault(
        row_no=batch.row_nos[n],
        line_no=batch.line_nos[n],
        reason=why,
        raw=batch.raw(n),
        outcome="skipped" if skipped else "rejected",
        cells=batch.rows[n],
    )
