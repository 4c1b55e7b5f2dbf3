"""The rule of a column, from all of its sampled cells: the order of its dates, its decimal mark.

A rule is taken only when it is the one rule under which the cells make sense. Where two do, a
person chooses; where none does, the column mixes two, and a person has to say which is right.
Indian groups, 12,34,567, are asked about even where no other rule reads them: a comma too many is
as likely.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from clientela.intake.grammar.dates import DateFormat, is_numeric_day, parse_day
from clientela.intake.grammar.numbers import NumberFormat, parse_number
from clientela.intake.grammar.signs import split_sign
from clientela.intake.reading.batch import Cell

_ORDERS = ("dmy", "mdy", "ymd")
_CANDIDATES = (
    NumberFormat(decimal=".", grouping=","),
    NumberFormat(decimal=",", grouping="."),
    NumberFormat(decimal=",", grouping=" "),
    NumberFormat(decimal=".", grouping=" "),
    NumberFormat(decimal=".", grouping="'"),
    NumberFormat(decimal=",", grouping="'"),
    NumberFormat(decimal=".", grouping="indian"),
)
_COMMA, _INDIAN = 0, len(_CANDIDATES) - 1  # places of two that read the same marks
_MARKED = re.compile(r"[.,'’ \u00a0\u202f，．]")
_ENOUGH = 0.98  # of the readable cells; the rest are errors of theirs


@dataclass(frozen=True, kw_only=True)
class Undecided:
    """Several rules fit, or none. `choices` are the rules by name, with what a cell becomes."""

    code: str
    choices: tuple[tuple[str, str], ...]  # (name of the rule, preview)


def decide_dates(cells: Iterable[Cell]) -> DateFormat | Undecided:
    """Return the order of the days of a column."""
    texts = sorted({cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()})
    numeric = [text for text in texts if is_numeric_day(text)]
    if not numeric:
        serial = bool(texts) and all(re.fullmatch(r"[2-7]\d{4}", t, re.ASCII) for t in texts)
        return DateFormat(serial=serial)
    reads = {order: _readable(numeric, DateFormat(order=order)) for order in _ORDERS}
    best = max(map(len, reads.values()))
    fits = [order for order in _ORDERS if best and len(reads[order]) == best]
    anyhow = set().union(*reads.values())
    if not any(re.search(r"\d{4}", text) for text in numeric):
        # 25/12/26 is a day under two orders, so a few bad cells may tip the scales: ask.
        fits = [order for order in _ORDERS if len(reads[order]) * 2 >= max(1, best)]
    if best < len(anyhow) * _ENOUGH:
        some = tuple(order for order in _ORDERS if reads[order])
        return Undecided(code="date_order_mixed", choices=_days(numeric, some))
    dotted = all("." in text for text in numeric)
    if "dmy" in fits and "mdy" in fits and dotted and "ymd" not in fits:
        fits = ["dmy"]  # nobody writes the month first between points
    if len(fits) == 1:
        return DateFormat(order=fits[0])
    return Undecided(code="date_order_unclear", choices=_days(numeric, fits or _ORDERS))


def _readable(texts: list[str], rule: DateFormat) -> set[str]:
    return {text for text in texts if isinstance(parse_day(text, rule), date)}


def _days(texts: list[str], orders: Iterable[str]) -> tuple[tuple[str, str], ...]:
    def shown(order: str) -> str:
        rule = DateFormat(order=order)
        text = next((text for text in texts if text in _readable([text], rule)), texts[0])
        read = parse_day(text, rule)
        return f"{text} → {read.isoformat()}" if isinstance(read, date) else text

    return tuple((order, shown(order)) for order in orders)


def mark_told(cells: Iterable[Cell]) -> str:
    """Return the decimal mark that a column shows, empty where it shows none or leaves it open:
    `1 234` is read alike under two."""
    texts = _marked(cells)
    if isinstance(decide_numbers(texts), Undecided):
        return ""
    marks = {_CANDIDATES[n].decimal for n in _fitting(_reads(texts))}
    return marks.pop() if len(marks) == 1 else ""


def _marked(cells: Iterable[Cell]) -> list[str]:
    texts = sorted({cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()})
    marked = [text for text in texts if _MARKED.search(split_sign(text)[0].strip(" ()-+"))]
    return [text for text in marked if any(c.isdigit() for c in text)]


def decide_numbers(cells: Iterable[Cell], mark: str = "") -> NumberFormat | Undecided:
    """Return the decimal mark and the grouping of a column.

    :param mark: the decimal mark of the columns beside it, which decides where its cells do not.
    """
    marked = _marked(cells)
    if not marked:
        return NumberFormat()
    reads = _reads(marked)
    fits = _fitting(reads)
    anyhow = {text for read in reads.values() for text in read}
    if not fits or len(reads[fits[0]]) < len(anyhow) * _ENOUGH:
        every = tuple(n for n in reads if reads[n])
        return Undecided(code="number_format_mixed", choices=_numbers(marked, every))
    meanings = {tuple(sorted(reads[n].items())): n for n in reversed(fits)}
    if len(meanings) == 1 and fits[0] != _INDIAN:
        return _CANDIDATES[fits[0]]
    if fits == [_INDIAN]:
        told = [text for text in reads[_INDIAN] if text not in reads[_COMMA]]
        shown = _numbers(told, (_COMMA, _INDIAN))
        return Undecided(code="number_format_unclear", choices=shown)
    apart = tuple(sorted(meanings.values()))
    likely = [n for n in apart if _CANDIDATES[n].decimal == mark]
    if len(likely) == 1:
        return _CANDIDATES[likely[0]]
    return Undecided(code="number_format_unclear", choices=_numbers(marked, apart))


def _reads(texts: list[str]) -> dict[int, dict[str, str]]:
    return {n: _values(texts, rule) for n, rule in enumerate(_CANDIDATES)}


def _fitting(reads: dict[int, dict[str, str]]) -> list[int]:
    """Return the rules under which the most cells are numbers, none where no cell is one."""
    best = max(map(len, reads.values()))
    return [n for n in reads if best and len(reads[n]) == best]


def _values(texts: list[str], rule: NumberFormat) -> dict[str, str]:
    scaled = NumberFormat(decimal=rule.decimal, grouping=rule.grouping, scaled=True)
    found = ((text, parse_number(text, scaled, decimals=9)) for text in texts)
    return {text: str(value) for text, value in found if value.__class__.__name__ == "Decimal"}


def _numbers(texts: list[str], candidates: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    shown = []
    for n in candidates:
        values = _values(texts, _CANDIDATES[n])
        text = next(iter(values), texts[0])
        shown.append((number_rule_name(_CANDIDATES[n]), f"{text} → {values.get(text, '?')}"))
    return tuple(shown)


_NAMES = {".": "point", ",": "comma"}
_GROUPS = {
    "": "none",
    ",": "comma",
    ".": "point",
    " ": "space",
    "'": "apostrophe",
    "indian": "indian",
}


def number_rule_name(rule: NumberFormat) -> str:
    """Return the rule as a word an answer may give: `decimal_point_grouped_comma`."""
    return f"decimal_{_NAMES[rule.decimal]}_grouped_{_GROUPS[rule.grouping]}"


def number_rule(name: str) -> NumberFormat | None:
    """Return the rule of a name, or None."""
    return next((rule for rule in _CANDIDATES if number_rule_name(rule) == name), None)


def number_rule_names() -> tuple[str, ...]:
    """Return the name of every rule that an answer may give."""
    return tuple(map(number_rule_name, _CANDIDATES))
