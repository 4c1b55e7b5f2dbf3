"""Telephone numbers and e-mail addresses."""

import re

import phonenumbers

from clientela.intake.grammar.answers import Noted, Parsed, plain
from clientela.intake.grammar.words import clean
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason

_SEVERAL = re.compile(r"(\d{6,}.*?)[/;、，,|].*\d{6,}")
_PLACEHOLDERS = frozenset({"+8613800138000", "+8613888888888", "+8613000000000"})
# One @, no spaces, a local part of at most 64 characters, a domain of dotted labels.
_EMAIL = re.compile(
    r"(?P<local>[^\s@,;:<>()\[\]\"\\]{1,64})@(?P<domain>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63})"
)


def holds_several(cell: Cell) -> bool:
    """Tell whether a cell holds more than one telephone number."""
    return isinstance(cell, str) and _SEVERAL.search(cell) is not None


def first_of(text: str) -> str:
    """Return the first of several telephone numbers."""
    return re.split(r"[/;、，,|]", text, maxsplit=1)[0].strip()


def parse_phone(cell: Cell, region: str | None, *, first: bool = False) -> Parsed:
    """Return a number in E.164, or the reason.

    `region` is the country (two letters) of numbers written without one; of several in the cell
    the `first` is taken, if that was said. Noted: `phone_extension_dropped`,
    `phone_looks_made_up`, `first_phone_taken`.
    """
    text = plain(clean(cell, limit=80))  # garbled or not, it is a number or none
    if not isinstance(text, str):
        return text
    if holds_several(text):
        one = parse_phone(first_of(text), region) if first else reason("several_phones")
        return Noted(str(plain(one)), "first_phone_taken") if not isinstance(one, Reason) else one
    if not any(sign.isdigit() for sign in text):
        return reason("phone_invalid")
    if not region and not text.startswith(("+", "00")):
        return reason("phone_country_missing")
    try:
        number = phonenumbers.parse(
            re.sub(r"\s*转\s*", " ext. ", re.sub(r"^00", "+", text)), region
        )
    except phonenumbers.NumberParseException:
        return reason("phone_invalid")
    if not phonenumbers.is_valid_number(number):
        return reason("phone_invalid")
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if value in _PLACEHOLDERS:
        return Noted(value, "phone_looks_made_up")
    return Noted(value, "phone_extension_dropped") if number.extension else value


def parse_email(cell: Cell) -> Parsed:
    """Return an address with its domain in lower case, or the reason. Syntax only."""
    text = plain(clean(cell, limit=254))
    if not isinstance(text, str):
        return text
    found = _EMAIL.fullmatch(text)
    if not found or ".." in found["local"] or found["local"][0] == "." or found["local"][-1] == ".":
        return reason("email_invalid")
    return f"{found['local']}@{found['domain'].lower()}"
