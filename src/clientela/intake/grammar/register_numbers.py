"""Tax and registration numbers, checked by the rule of their country where there is one."""

from types import ModuleType

from stdnum import exceptions
from stdnum.cn import uscc
from stdnum.es import nif
from stdnum.eu import vat
from stdnum.mx import rfc

from clientela.intake.grammar.answers import Noted, Parsed
from clientela.intake.grammar.words import code_of
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.faults import reason

_RULES: dict[str, ModuleType] = {"CN": uscc, "ES": nif, "MX": rfc}
_EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
_OLD_CHINESE = (15, 9)  # registration number and organisation code before 2015


def parse_register_number(cell: Cell, country: str | None) -> Parsed:
    """Return the number in compact form, or the reason.

    Noted `register_number_unchecked` where its country is unknown or has no rule here, and
    `register_number_old` for the Chinese forms from before 2015.
    """
    text = code_of(cell, limit=40)
    if not isinstance(text, str):
        return text
    text = text.upper()
    country = country or ("CN" if len(text) == 18 and text.isalnum() else None)
    if country == "CN" and len(text.replace("-", "")) in _OLD_CHINESE:
        return Noted(text.replace("-", ""), "register_number_old")
    try:
        if country in _RULES:
            return str(_RULES[country].validate(text))
        if country in _EU:
            return _european(text, country)
    except exceptions.ValidationError:
        return reason("register_number_invalid", country=country)
    return Noted(text, "register_number_unchecked")


def _european(text: str, country: str) -> Parsed:
    prefix = "EL" if country == "GR" else country
    if not text.startswith(prefix):
        return Noted(text, "register_number_unchecked")
    return str(vat.validate(text))
