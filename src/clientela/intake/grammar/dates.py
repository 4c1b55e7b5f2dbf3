"""Days and instants as people write them, under one order for a whole column.

Taken whatever the order: ISO 8601, `2026年3月4日`, `20260304`, `2026/3/4`, months by name in English,
Chinese and Spanish. Under the column's order: `03/04/2026`, `3.4.26`. Instants may follow with
`08:26`, `8:26:05 PM`, `T08:26:00+08:00`. A day that never was is refused, not moved.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from clientela.intake.grammar.answers import Noted, Parsed, text_of
from clientela.intake.reading.batch import BadCell, Cell
from clientela.intake.reading.faults import reason
from clientela.kernel.days import FIRST_DAY
from clientela.kernel.reasons import Reason

FIRST_YEAR, LAST_YEAR = FIRST_DAY.year, 2199
_OPEN_END = date(9999, 12, 31)
_DIGITS = {0xFF10 + n: 0x30 + n for n in range(10)} | {
    0xFF0F: "/",
    0xFF0D: "-",
    0x3000: " ",
    0xA0: " ",
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero", "feb february febrero", "mar march marzo",
            "apr april abr abril", "may mayo", "jun june junio", "jul july julio",
            "aug august ago agosto", "sep sept september septiembre setiembre",
            "oct october octubre", "nov november noviembre", "dec december dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NUMERIC = re.compile(r"(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,4})", re.ASCII)
_CHINESE = re.compile(r"(\d{2,4})年(\d{1,2})月(\d{1,2})日?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s-]*(?:de\s+)?([a-z]{3,10})\.?,?[\s-]*(?:del?\s+)?(\d{4}|\d{2})",
    re.ASCII,
)
_MONTH_DAY = re.compile(r"([a-z]{3,10})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+(\d{4})", re.ASCII)
_TIME = re.compile(
    r"(?P<day>.*?\S)(?:\s*T\s*|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.I | re.ASCII,
)
_OTHER_CALENDAR = (
    (re.compile(r"民国|民國|令和|平成|昭和|ROC"), "era_calendar"),
    (re.compile(r"农历|農曆|正月|腊月|臘月|初[一二三四五六七八九十]|廿"), "lunar_calendar"),
    (re.compile(r"1\d{9}|1\d{12}"), "unix_time"),
)
_SERIAL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, kw_only=True)
class DateFormat:
    """How a column writes days: `order` of day, month, year; two-digit years from `pivot` on
    belong to the last century; `serial` when days are numbers of a workbook."""

    order: str = "ymd"
    pivot: int = 70
    serial: bool = False


Moment = tuple[date, datetime | None]


def parse_moment(cell: Cell, rule: DateFormat) -> Parsed:
    """Return (day, instant or None), None for an empty cell, or the reason.

    An instant carries a zone only where the text does. 9999-12-31 means "none", and is noted.
    """
    if isinstance(cell, datetime):
        return (cell.date(), cell)
    if isinstance(cell, date):
        return (cell, None)
    if isinstance(cell, BadCell):
        return reason(cell.code)
    text = text_of(cell)
    if isinstance(cell, time) or isinstance(text, Reason):
        return reason("not_a_date")
    text = text.translate(_DIGITS).strip()
    if not text:
        return None
    if isinstance(cell, Decimal) or (rule.serial and text.isdigit()):
        return _from_serial(text)
    return _from_text(text, rule)


def parse_day(cell: Cell, rule: DateFormat) -> Parsed:
    """Return the day of `parse_moment`."""
    found = parse_moment(cell, rule)
    return found[0] if isinstance(found, tuple) else found


def _from_serial(text: str) -> Parsed:
    """Days since 1899-12-30, as workbooks count from March 1900 on."""
    number = Decimal(text)
    if not 61 <= number < 110_000:
        return reason("not_a_date")
    day = _SERIAL_ZERO + timedelta(days=int(number))
    seconds = round((number % 1) * 86400)
    return (day, datetime.combine(day, time()) + timedelta(seconds=seconds) if seconds else None)


def _from_text(text: str, rule: DateFormat) -> Parsed:
    found = _TIME.fullmatch(text)
    day = read_day(found["day"] if found else text, rule)
    if day == _OPEN_END:
        return Noted(None, "open_end_means_none")
    if not isinstance(day, date):
        return day
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return reason("year_out_of_range", year=day.year)
    if found is None:
        return (day, None)
    instant = _instant(day, found)
    return (day, instant) if isinstance(instant, datetime) else instant


def _instant(day: date, found: re.Match[str]) -> datetime | Reason:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return reason("no_such_time")
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return reason("no_such_time")
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(found["zone"]))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def read_day(text: str, rule: DateFormat) -> date | Reason:
    """Return the day that a text without a time says under the column's order, or the reason."""
    for pattern, parts in ((_CHINESE, "ymd"), (_COMPACT, "ymd")):
        if found := pattern.fullmatch(text):
            return _day(dict(zip(parts, found.groups(), strict=True)), rule)
    if found := _NUMERIC.fullmatch(text):
        first, _, second, third = found.groups()
        order = "ymd" if len(first) == 4 else rule.order
        if (len(first) != 4 and order == "ymd" and len(third) == 4) or len(first) == 3:
            return reason("date_order_differs", expected=order)
        if len(first) != 4 and len(third) in (1, 3) and order != "ymd":
            return reason("not_a_date")
        return _day(dict(zip(order, (first, second, third), strict=True)), rule)
    return _by_name(text.lower(), rule)


def _by_name(text: str, rule: DateFormat) -> date | Reason:
    if (found := _DAY_MONTH.fullmatch(text)) and found[2] in _MONTHS:
        return _day({"d": found[1], "m": str(_MONTHS[found[2]]), "y": found[3]}, rule)
    if (found := _MONTH_DAY.fullmatch(text)) and found[1] in _MONTHS:
        return _day({"m": str(_MONTHS[found[1]]), "d": found[2], "y": found[3]}, rule)
    code = next((code for pattern, code in _OTHER_CALENDAR if pattern.search(text)), "not_a_date")
    return reason(code)


def _day(parts: dict[str, str], rule: DateFormat) -> date | Reason:
    year, month, day = int(parts["y"]), int(parts["m"]), int(parts["d"])
    if len(parts["y"]) <= 2:
        year += 1900 if year >= rule.pivot else 2000
    try:
        return date(year, month, day)
    except ValueError:
        return reason("no_such_day")


def is_numeric_day(text: str) -> bool:
    """True for a text whose meaning depends on the order: `03/04/2026`, `3.4.26`."""
    found = _TIME.fullmatch(text.strip())
    body = (found["day"] if found else text).strip()
    match = _NUMERIC.fullmatch(body)
    return bool(match and len(match[1]) < 3)
