"""Dates, numbers, money and places as the reader's language writes them (CLDR, by Babel)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from clientela.intake.grammar.places import country_codes
from clientela.kernel.days import zone_names
from clientela.kernel.money import Money

LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN", "es": "es_ES"}
ERAS = (date(1, 1, 1), date(9999, 12, 31))


def locale() -> Locale:
    """Return the locale of the language in force."""
    return Locale.parse(LOCALES.get(get_language() or "en", "en_GB"))


def day(value: date | str | None) -> str:
    """Return a day as `4 May 2026`; ISO text is read, other text stays as it is."""
    if isinstance(value, str):
        try:
            read: date | None = date.fromisoformat(value)
        except ValueError:
            return value
    else:
        read = value
    return str(format_date(read, "medium", locale=locale())) if read else ""


def month(value: str) -> str:
    """Return a month, written 2026-05, as `May 2026`; other text stays as it is."""
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return value
    return str(format_skeleton("yMMM", first, locale=locale()))


def moment(value: datetime | None) -> str:
    """Return an instant in the reader's time zone, to the minute."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_datetime(local, "medium", locale=locale()).rpartition(":")[0] or ""


def clock(value: str) -> str:
    """Return the time of day of an instant, written in ISO, in the reader's time zone."""
    local = timezone.localtime(datetime.fromisoformat(value))
    return str(format_time(local, "short", locale=locale()))


def last_day(end: datetime | None) -> str:
    """Return the last whole day, in UTC, of a time that ends where the next one begins."""
    return "" if end is None else day((end - timedelta(microseconds=1)).astimezone(UTC).date())


def number(value: Decimal | int | float | None) -> str:
    """Return a number with the reader's separators."""
    return "" if value is None else str(format_decimal(value, locale=locale()))


def part(value: float | None) -> str:
    """Return what a line adds to an average, to two places; a dash where it adds to none."""
    return "–" if value is None else str(format_decimal(value, "#,##0.00", locale=locale()))


def rate(value: Decimal | None) -> str:
    """Return an exchange rate with all of its places."""
    return "" if value is None else str(format_decimal(value, "#,##0.##########", locale=locale()))


def money(minor: int | None, currency: str | None) -> str:
    """Return a whole number of minor units with its currency: `€1,234.50`."""
    if minor is None or not currency:
        return ""
    amount = Money.of_minor(minor, currency).amount
    return str(format_currency(amount, currency, locale=locale(), currency_digits=True))


def amount(value: Decimal | str | None, currency: str | None) -> str:
    """Return a decimal amount with its currency."""
    if value is None or not currency:
        return "" if value is None else str(value)
    return str(format_currency(Decimal(value), currency, locale=locale(), currency_digits=True))


def country(code: str | None) -> str:
    """Return the name of a country; an unknown code stands for itself."""
    return str(locale().territories.get((code or "").upper(), code or ""))


def currencies() -> list[tuple[object, str]]:
    """Return code and name of every currency that is tender somewhere, after one for none."""
    names = locale().currencies
    return [("", "—"), *((c, f"{c} · {names.get(c, c)}") for c in tender())]


@cache
def tender() -> tuple[str, ...]:
    """Return the ISO 4217 codes of the currencies that are tender somewhere now, in order."""
    stated = get_global("territory_currencies").values()
    return tuple(sorted({c for each in stated for c, _, end, legal in each if legal and not end}))


def zones(none: str | Promise) -> list[tuple[object, str | Promise]]:
    """Return every time zone with its name, after one choice for none."""
    return [("", none), *((name, name.replace("_", " ")) for name in zone_names())]


def countries() -> list[tuple[object, str]]:
    """Return code and name of every country by name, after one choice for none."""
    territories = locale().territories
    named = [(code, str(territories.get(code, code))) for code in country_codes()]
    return [("", "—"), *sorted(named, key=lambda pair: pair[1])]
