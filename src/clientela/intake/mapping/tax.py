"""Whether a column called a tax holds amounts or the rate of it.

A column "IVA" holds 210.00 of a net amount of 1,000.00, or 21. Amounts are few shares of the amounts
beside them, whatever these are; rates are few figures themselves. Where both may be, the shares are
looked at: tax is hardly ever under 3 % or over 30 %, or it is none.
"""

from collections.abc import Sequence
from decimal import Decimal

from clientela.intake.grammar.formats import decide_numbers
from clientela.intake.grammar.numbers import NumberFormat, parse_number
from clientela.intake.mapping.looks import is_null
from clientela.intake.reading.batch import Cell

_FEW = 6  # rates that a file may have
_HIGHEST = 100
_LEAST, _MOST = Decimal("0.03"), Decimal("0.30")  # of an amount, where it is taxed
_SIGNS = "% ％"


def holds_rates(taxes: Sequence[Cell], amounts: Sequence[Cell]) -> bool:
    """Tell whether a column of taxes looks like one of rates.

    :param amounts: what is taxed, row by row; empty where no column is known to hold it.
    """
    if any(isinstance(cell, str) and cell.strip().endswith(("%", "％")) for cell in taxes):
        return True
    figures = _figures(taxes)
    told = [figure for figure in figures if figure is not None]
    if not told or any(not 0 <= figure <= _HIGHEST for figure in told):
        return False
    values = {figure for figure in told if figure}
    pairs = [
        (tax, abs(amount))
        for tax, amount in zip(figures, _figures(amounts), strict=False)
        if tax and amount
    ]
    if len(values) > _FEW or not values:
        return False
    if not pairs:
        return len(told) > len(values) or len(told) == 1
    shares = {round(tax / amount, 3 if tax / amount >= _LEAST else 6) for tax, amount in pairs}
    if len(values) != len(shares):
        return len(values) < len(shares)
    return not all(_LEAST <= share <= _MOST for share in shares)


def _figures(cells: Sequence[Cell]) -> list[Decimal | None]:
    """Return the numbers of a column, None for what is none."""
    texts = [cell for cell in cells if isinstance(cell, str) and not is_null(cell)]
    rule = decide_numbers(texts)
    if not isinstance(rule, NumberFormat):
        rule = NumberFormat()
    read = (parse_number(_bare(cell), rule, decimals=9) for cell in cells)
    return [figure if isinstance(figure, Decimal) else None for figure in read]


def _bare(cell: Cell) -> Cell:
    return cell.rstrip(_SIGNS) if isinstance(cell, str) else cell
