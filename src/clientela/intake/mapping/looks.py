"""What the cells of a column look like, as far as it tells one type from another."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from clientela.intake.grammar.answers import plain
from clientela.intake.grammar.choices import CUSTOMER_KIND as CUSTOMER_KINDS
from clientela.intake.grammar.choices import parse_choice
from clientela.intake.grammar.contact_points import parse_email
from clientela.intake.grammar.dates import DateFormat, parse_day
from clientela.intake.grammar.numbers import NumberFormat, parse_number
from clientela.intake.grammar.places import parse_country, parse_currency
from clientela.intake.kinds.customer_kind import NAME as CUSTOMER_KIND
from clientela.intake.kinds.fields import Field
from clientela.intake.reading.batch import BadCell, Cell
from clientela.kernel.reasons import Reason

_LOOKED_AT = 200
NULL_WORDS = ("null", "none", "n/a", "na", "#n/a", "-", "--", "/", "无", "空", "nil")


def fits_type(cells: Sequence[Cell], field: Field) -> float | None:
    """Return the share of the filled cells that a field's type can read under some rule, or None
    where the type takes any text or there is nothing to look at."""
    test = _TESTS.get(field.type)
    if field.name == CUSTOMER_KIND:
        test = _is_kind  # "Customer type" is as often retail or wholesale
    sound = (cell for cell in cells if not isinstance(cell, BadCell) and not is_null(cell))
    filled = list(islice(sound, _LOOKED_AT))
    if test is None or not filled:
        return None
    return sum(test(cell) for cell in filled) / len(filled)


def is_null(cell: Cell) -> bool:
    """True for an empty cell and for words that people write for one."""
    return isinstance(cell, str) and (not cell.strip() or cell.strip().lower() in NULL_WORDS)


def null_words(cells: Sequence[Cell]) -> list[str]:
    """Return the words for "none" that occur in a column, as written."""
    return sorted({c.strip() for c in cells if isinstance(c, str) and c.strip() and is_null(c)})


def _is_kind(cell: Cell) -> bool:
    return isinstance(plain(parse_choice(cell, dict(CUSTOMER_KINDS))), str)


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, date | datetime):
        return True
    return isinstance(cell, str) and any(
        isinstance(parse_day(cell, DateFormat(order=order)), date)
        for order in ("dmy", "mdy", "ymd")
    )


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, Decimal):
        return True
    rules = (NumberFormat(scaled=True), NumberFormat(decimal=",", grouping=".", scaled=True))
    return isinstance(cell, str) and any(
        isinstance(parse_number(cell, rule, decimals=9), Decimal) for rule in rules
    )


def _is_share(cell: Cell) -> bool:
    return _is_number(cell.rstrip("% ％") if isinstance(cell, str) else cell)


def _is_phone(cell: Cell) -> bool:
    text = format(cell, "f") if isinstance(cell, Decimal) else cell
    if not isinstance(text, str):
        return False
    digits = sum(c.isdigit() for c in text)
    return 7 <= digits <= 20 and all(c.isdigit() or c in "+-() ./转ext" for c in text)


def _is_country(cell: Cell) -> bool:
    return not isinstance(parse_country(cell), Reason) and isinstance(cell, str)


def _is_currency(cell: Cell) -> bool:
    return isinstance(plain(parse_currency(cell)), str)


def _is_email(cell: Cell) -> bool:
    return isinstance(plain(parse_email(cell)), str)


_TESTS: dict[str, Callable[[Cell], bool]] = {
    "quantity": _is_number,
    "count": _is_number,
    "amount": _is_number,
    "unit_price": _is_number,
    "share": _is_share,
    "date": _is_day,
    "moment": _is_day,
    "country": _is_country,
    "currency": _is_currency,
    "phone": _is_phone,
    "email": _is_email,
}
