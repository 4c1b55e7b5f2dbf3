"""Cells of one column to typed values, each different cell parsed once.

Codes, dates, prices and countries repeat: of half a million dates in a sales file 23,000 differ.
So a column keeps what it has parsed, up to a bound, and a batch is one look-up a cell.
"""

from collections.abc import Callable, Sequence

from clientela.intake.grammar.answers import Noted, Parsed, plain
from clientela.intake.grammar.characters import NEGATIVE, negative_otherwise, normalised
from clientela.intake.grammar.choices import YES_NO, parse_choice
from clientela.intake.grammar.contact_points import parse_email, parse_phone
from clientela.intake.grammar.dates import parse_day, parse_moment
from clientela.intake.grammar.numbers import parse_number, parse_share
from clientela.intake.grammar.places import parse_country, parse_currency
from clientela.intake.grammar.register_numbers import parse_register_number
from clientela.intake.grammar.signs import currencies_of_cell
from clientela.intake.grammar.words import clean, code_of, folded
from clientela.intake.kinds.fields import AMOUNT_DIGITS, FIGURES, MONEY, QUANTITY_DIGITS, Field
from clientela.intake.mapping.model import ColumnRule
from clientela.intake.reading.batch import Cell, is_error
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason
from clientela.store.spreadsheets import restored

_REMEMBERED = 65_536
Key = tuple[Cell, object]  # a cell and the country of its row, where the meaning depends on it


class Converter:
    """Typed values of one column. After `convert`, `problems` and `notes` know every cell that
    gave one; cells are their keys (with the country, for telephone and register numbers)."""

    def __init__(
        self,
        parse: Callable[..., Parsed],
        nulls: tuple[str, ...] = (),
        *,
        spaces: bool = True,
        money: bool = False,
    ) -> None:
        self._parse = parse
        self._money = money
        self._spaces = spaces  # said where they are not the usual ones
        self._nulls = frozenset(folded(word) for word in nulls)
        self._values: dict[object, object] = {}
        self.problems: dict[object, Reason] = {}
        self.notes: dict[object, list[str]] = {}
        self.signs: dict[object, tuple[str, ...]] = {}  # currencies that a sign may stand for

    def convert(self, cells: Sequence[object]) -> list[object]:
        """Return the value of each cell, None for an empty or a bad one."""
        values = self._values
        unseen = set(cells).difference(values)
        if unseen:
            if len(values) + len(unseen) > _REMEMBERED:
                self._forget()
                unseen = set(cells)
            for cell in unseen:
                self._learn(cell)
        return [values[cell] for cell in cells]

    def bad(self, cells: Sequence[object]) -> list[tuple[int, Reason]]:
        """Return (index, reason) of the cells that could not be read."""
        if not self.problems or self.problems.keys().isdisjoint(cells):
            return []
        return [(n, self.problems[c]) for n, c in enumerate(cells) if c in self.problems]

    def noted(self, cells: Sequence[object]) -> dict[str, list[int]]:
        """Return the indexes of the cells that carry a note, by code."""
        found: dict[str, list[int]] = {}
        if self.notes and not self.notes.keys().isdisjoint(cells):
            for n, cell in enumerate(cells):
                for code in self.notes.get(cell, ()):
                    found.setdefault(code, []).append(n)
        return found

    def _forget(self) -> None:
        for known in (self._values, self.problems, self.notes, self.signs):
            known.clear()

    def _learn(self, key: object) -> None:
        parsed = self._read(key)
        if isinstance(parsed, Reason):
            self.problems[key] = parsed
            self._values[key] = None
            return
        cell = key[0] if isinstance(key, tuple) else key
        notes = normalised(cell, spaces=self._spaces)  # type: ignore[arg-type]
        if isinstance(parsed, Noted):
            notes = [parsed.code, *notes]
        if negative_otherwise(cell, parsed):  # type: ignore[arg-type]
            notes = [*notes, NEGATIVE]
        if notes:
            self.notes[key] = notes
        if self._money and isinstance(cell, str) and (signs := currencies_of_cell(cell)):
            self.signs[key] = signs
        self._values[key] = plain(parsed)

    def _read(self, key: object) -> Parsed:
        cell, *country = key if isinstance(key, tuple) else (key,)
        if isinstance(cell, str):
            cell = restored(cell)  # without the mark that keeps spreadsheets from running it
            if self._nulls and folded(cell) in self._nulls:
                return None
            if is_error(cell):
                return reason("error_cell")
        return self._parse(cell, *country)


def converter_for(field: Field, rule: ColumnRule, *, currency: str | None) -> Converter:
    """Return the converter of a field's column. `currency` is that of the whole file, if set."""
    spaces = field.type not in FIGURES
    money = field.type in MONEY
    return Converter(_parser(field, rule, currency), rule.nulls, spaces=spaces, money=money)


def needs_country(field: Field) -> bool:
    """True where a cell means something only beside its country."""
    return field.type in ("phone", "register_number")


def _parser(field: Field, rule: ColumnRule, currency: str | None) -> Callable[..., Parsed]:
    numbers, dates, places = rule.numbers, rule.dates, field.decimals
    words = dict(field.words or {})

    def amount(cell: Cell) -> Parsed:
        return parse_number(cell, numbers, decimals=places, currency=currency, digits=AMOUNT_DIGITS)

    by_type: dict[str, Callable[..., Parsed]] = {
        "text": lambda cell: clean(cell, limit=field.limit),
        "code": code_of,
        "quantity": lambda cell: parse_number(
            cell, numbers, decimals=places, digits=QUANTITY_DIGITS
        ),
        "count": lambda cell: _whole(cell, rule),
        "amount": amount,
        "unit_price": amount,
        "share": lambda cell: parse_share(cell, numbers),
        "date": lambda cell: parse_day(cell, dates),
        "moment": lambda cell: parse_moment(cell, dates),
        "yes_no": lambda cell: parse_choice(cell, dict(YES_NO)),
        "country": parse_country,
        "currency": parse_currency,
        "phone": lambda cell, region: parse_phone(cell, region, first=rule.several == "first"),
        "email": parse_email,
        "register_number": parse_register_number,
        "choice": lambda cell: parse_choice(cell, words),
    }
    return by_type[field.type]


def _whole(cell: Cell, rule: ColumnRule) -> Parsed:
    value = parse_number(cell, rule.numbers, decimals=0)
    if isinstance(value, Reason) or value is None:
        return value
    number = int(str(value))
    return number if number >= 0 else reason("count_negative")
