"""Which currencies are offered where no column says one: first those that the signs in the columns
of money may stand for, as far as the columns agree; ¥ is of China and of Japan."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping

from clientela.intake.grammar.signs import currencies_of_cell, currencies_of_column
from clientela.intake.kinds.fields import MONEY, Kind
from clientela.intake.reading.batch import Cell

USUAL = ("CNY", "EUR", "GBP", "JPY", "MXN", "USD")


def offered(
    kind: Kind, columns: AnyMapping[str, str], samples: AnyMapping[str, Sequence[Cell]]
) -> tuple[str, ...]:
    """Return the codes to offer, the likely ones first.

    :param columns: field → column, as mapped or suggested.
    """
    money = [c for name, c in columns.items() if kind.field(name).type in MONEY]
    said = dict.fromkeys(signs for column in money for signs in _said(column, samples))
    meant = [code for signs in said for code in signs if all(code in other for other in said)]
    return tuple(dict.fromkeys((*meant, *USUAL)))


def _said(column: str, samples: AnyMapping[str, Sequence[Cell]]) -> Iterable[tuple[str, ...]]:
    """Yield what each sign in a column or in its name may stand for."""
    found = [currencies_of_column(column)]
    found += [currencies_of_cell(cell) for cell in samples.get(column, ()) if isinstance(cell, str)]
    return [signs for signs in found if signs]
