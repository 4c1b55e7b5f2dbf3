"""Whether a column called a tax holds amounts or the rate of it, and a price is one without tax.

A column "IVA" holds 210.00 of a net amount of 1,000.00, or 21. Amounts are few shares of the amounts
beside them, whatever these are; rates are few figures themselves. Where both may be, the shares are
looked at: tax is hardly ever under 3 % or over 30 %, or it is none.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest

from clientela.intake.grammar.formats import decide_numbers
from clientela.intake.grammar.numbers import NumberFormat, parse_number
from clientela.intake.kinds.amounts import MOST_TAX
from clientela.intake.mapping.looks import is_null
from clientela.intake.reading.batch import Cell

_FEW = 6  # rates that a file may have
_HIGHEST = 100
_LEAST, _MOST = Decimal("0.03"), MOST_TAX  # of an amount, where it is taxed
_NEARLY_ALL = 0.9  # rows; the rest are errors of theirs
_NOTHING = Decimal("0.005")  # what cents make of small amounts
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


def price_is_net(
    quantities: Sequence[Cell],
    prices: Sequence[Cell],
    discounts: Sequence[Cell],
    grosses: Sequence[Cell],
) -> bool:
    """Tell whether quantity × price is the amount without tax, as the amounts with it beside it show:
    they are more, by what a tax is. Where they are the same the tax may be in the price."""
    columns = [_figures(cells) for cells in (quantities, prices, discounts, grosses)]
    shares = [
        gross / worked - 1
        for quantity, price, discount, gross in zip_longest(*columns)
        if quantity and price and gross and (worked := quantity * price * _left(discount))
    ]
    fit = sum(-_NOTHING <= share <= _MOST for share in shares)
    taxed = any(share >= _LEAST for share in shares)
    return taxed and fit >= len(shares) * _NEARLY_ALL


def _left(discount: Decimal | None) -> Decimal:
    """Return what a discount leaves of a price, be it a part of 1 or in per cent."""
    off = discount or Decimal(0)
    return 1 - (off / 100 if off > 1 else off)


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
