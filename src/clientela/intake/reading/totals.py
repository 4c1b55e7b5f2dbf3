"""Rows of totals that a person or a report added to the data: 合计, Total, Suma."""

from collections.abc import Sequence

from clientela.intake.reading.batch import Cell

_WORDS = frozenset(
    (
        "total", "totals", "subtotal", "sub-total", "sum", "grand total", "gran total", "suma",
        "suma total", "total general", "合计", "合 计", "总计", "小计", "合計", "總計", "累计",
        "本页合计", "本月合计",
    )
)  # fmt: skip
_SEARCHED = 3  # columns from the left in which the word stands


def total_rows(rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Return the indexes of rows that hold a word for a total and are half empty or more."""
    half = (len(rows[0]) + 1) // 2 if rows else 0
    sparse = [n for n, row in enumerate(rows) if row.count("") >= half]
    return [n for n in sparse if any(_is_word(cell) for cell in rows[n][:_SEARCHED])]


def _is_word(cell: Cell) -> bool:
    if not isinstance(cell, str) or len(cell) >= 16:
        return False
    return cell.strip().rstrip(":：").lower() in _WORDS
