"""Rows of totals that a person or a report added to the data: 合计, Total, Suma.

One that is half empty is told by its word alone. One that carries a day and amounts like any
document is told by the number of the document: there the word stands instead of one.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from clientela.intake.reading.batch import Batch, Cell, Fault
from clientela.intake.reading.faults import reason
from clientela.intake.results import Outcome

_WORDS = frozenset(
    (
        "total", "totals", "subtotal", "sub-total", "sum", "grand total", "gran total", "suma",
        "suma total", "total general", "合计", "合 计", "总计", "小计", "合計", "總計", "累计",
        "本页合计", "本月合计", "suma y sigue", "suma anterior", "suma y anterior", "carried forward",
        "brought forward", "running total", "subtotales", "totales", "小計", "累計", "σ", "∑",
    )
)  # fmt: skip
_SEARCHED = 3  # columns from the left in which the word stands
# A word for a total, and of what it is one: `Total K1`, `合计（三月）`.
_OF_SOMETHING = re.compile(
    r"(?:(?:grand |gran |running |sub-?)?totals?|totales|subtotales|suma|suma y sigue)(?:\s+|\s*[:：(（]).+"
    r"|[本上]?[页月年季日]?(?:合\s?计|合計|总计|總計|小计|小計|累计|累計).+"
)
SUSPECTED = "totals_row_suspected"


def without_totals(batch: Batch) -> Batch:
    """Return the batch with its rows of totals set aside as skipped, not loaded as data."""
    return _without(batch, dict.fromkeys(total_rows(batch.rows), ("totals_row", "skipped")))


def without_numbered_totals(batch: Batch, at: int) -> Batch:
    """Return the batch without the rows that say in the column of numbers that they are a total:
    skipped where that is all it says, else set aside, for somebody to look at."""
    found: dict[int, tuple[str, Outcome]] = {}
    for n, row in enumerate(batch.rows):
        cell = row[at]
        if not isinstance(cell, str) or cell.strip()[:1].isdigit():
            continue
        if _is_word(cell):
            found[n] = ("totals_row", "skipped")
        elif _OF_SOMETHING.fullmatch(_plain(cell)):
            found[n] = (SUSPECTED, "rejected")
    return _without(batch, found)


def total_rows(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the indexes of rows that hold a word for a total and are half empty or more."""
    half = (len(rows[0]) + 1) // 2 if rows else 0
    sparse = [n for n, row in enumerate(rows) if row.count("") >= half]
    return [n for n in sparse if any(_is_word(cell) for cell in rows[n][:_SEARCHED])]


def _is_word(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) < 24 and _plain(cell) in _WORDS


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().rstrip(":").strip().lower()


def _without(batch: Batch, aside: Mapping[int, tuple[str, Outcome]]) -> Batch:
    if not aside:
        return batch
    keep = [i for i in range(len(batch.rows)) if i not in aside]
    faults = [*batch.faults, *_faults(batch, aside)]
    return batch.only(keep, sorted(faults, key=lambda fault: fault.row_no))


def _faults(batch: Batch, aside: Mapping[int, tuple[str, Outcome]]) -> Collection[Fault]:
    return [
        Fault(
            row_no=batch.row_nos[i],
            line_no=batch.line_nos[i],
            reason=reason(code),
            raw=batch.raw(i),
            outcome=outcome,
            cells=batch.rows[i],
        )
        for i, (code, outcome) in sorted(aside.items())
    ]
