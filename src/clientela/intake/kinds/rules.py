"""Rules that several kinds share: the order of two days, minor units, what must be given."""

from datetime import date
from decimal import Decimal
from functools import cache

from babel.numbers import get_currency_precision

from clientela.intake.kinds.fields import AMOUNT_DIGITS, Breach, Check, Columns
from clientela.intake.reading.faults import reason

_ONE = Decimal(1)


@cache
def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency: 0.01 EUR, 1 JPY."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def day_order(first: str, second: str) -> Check:
    """Return the check that the day `second` is not before the day `first` of the same row."""

    def check(columns: Columns, rows: int) -> list[Breach]:
        code = f"{second.removesuffix('_on')}_before_{first.removesuffix('_on')}"
        pairs = zip(columns[first], columns[second], strict=True)
        return [
            Breach(index=n, field=second, reason=reason(code))
            for n, (early, late) in enumerate(pairs)
            if isinstance(early, date) and isinstance(late, date) and late < early
        ]

    return check


def required_where(columns: Columns, name: str) -> list[Breach]:
    """Return a breach for each row in which a field is empty."""
    why = reason("required", field=name)
    return [
        Breach(index=n, field=name, reason=why) for n, v in enumerate(columns[name]) if v is None
    ]


def too_large(columns: Columns, *names: str) -> list[Breach]:
    """Return a breach for each row of which an amount, or the price worked out of it, is larger than
    any that a file may give."""
    most = Decimal(10) ** AMOUNT_DIGITS
    why = reason("amount_too_large", allowed=AMOUNT_DIGITS)
    found = []
    for name in names:
        quantities = columns.get("quantity") or [None] * len(columns[name])
        for n, (amount, quantity) in enumerate(zip(columns[name], quantities, strict=True)):
            if not isinstance(amount, Decimal):
                continue
            pieces = abs(quantity) if isinstance(quantity, Decimal) and quantity else _ONE
            if abs(amount) >= most * min(pieces, _ONE):
                found.append(Breach(index=n, field=name, instead="unit_price", reason=why))
    return found


def more_places(columns: Columns, *names: str) -> list[int]:
    """Return the rows in which one of these amounts has more places than its currency has."""
    return sorted({n for name in names for n in _more_places(columns, name)})


def _more_places(columns: Columns, name: str) -> list[int]:
    found = []
    for n, (amount, currency) in enumerate(zip(columns[name], columns["currency"], strict=True)):
        if not isinstance(amount, Decimal) or not isinstance(currency, str):
            continue
        exponent = amount.as_tuple().exponent
        places = minor_unit(currency).as_tuple().exponent
        if exponent < places and amount != round(amount, -int(places)):  # type: ignore[operator]
            found.append(n)
    return found
