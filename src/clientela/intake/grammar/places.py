"""Countries and currencies by code and by name, from the Unicode locale data that babel carries."""

from functools import cache

from babel import Locale
from babel.core import get_global

from clientela.intake.grammar.answers import Noted, Parsed, text_of
from clientela.intake.grammar.words import folded
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason

_LANGUAGES = ("en", "zh_Hans", "zh_Hant", "es", "de", "fr")
# Names in use that the locale data do not give.
_ALSO = {
    "eire": "IE", "republic of ireland": "IE", "rsa": "ZA", "usa": "US", "u.s.a.": "US",
    "united states of america": "US", "america": "US", "ee.uu.": "US", "eeuu": "US", "uk": "GB",
    "u.k.": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "inglaterra": "GB", "czech republic": "CZ", "holland": "NL",
    "the netherlands": "NL", "uae": "AE", "hong kong": "HK", "hongkong": "HK", "macau": "MO",
    "macao": "MO", "taiwan": "TW", "south korea": "KR", "republic of korea": "KR", "prc": "CN",
    "p.r. china": "CN", "mainland china": "CN", "people's republic of china": "CN", "中国大陆": "CN",
    "中华人民共和国": "CN", "大陆": "CN", "香港": "HK", "澳门": "MO", "台湾": "TW", "russia": "RU",
    "viet nam": "VN", "mejico": "MX", "ivory coast": "CI", "turkey": "TR", "türkei": "TR",
    "swaziland": "SZ", "macedonia": "MK", "burma": "MM", "cape verde": "CV",
    "canary islands": "ES", "islas canarias": "ES", "canarias": "ES", "ceuta": "ES", "melilla": "ES",
}  # fmt: skip
_NOT_SAID = frozenset(
    [
        "unspecified",
        "unknown",
        "other",
        "not specified",
        "n/a",
        "未知",
        "不详",
        "其他",
        "desconocido",
        "otro",
        "otros",
    ]
)
_GROUPS = frozenset(
    [
        "channel islands",
        "european community",
        "european union",
        "eu",
        "europe",
        "asia",
        "africa",
        "latin america",
        "worldwide",
        "international",
        "欧盟",
        "欧洲",
        "亚洲",
        "海外",
        "国外",
        "union europea",
        "europa",
    ]
)
_CURRENCY_WORDS = {
    "rmb": "CNY", "人民币": "CNY", "元": "CNY", "人民币元": "CNY", "€": "EUR", "£": "GBP",
    "us$": "USD", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "港币": "HKD", "港元": "HKD",
    "hk$": "HKD", "euro": "EUR", "euros": "EUR", "pounds": "GBP", "sterling": "GBP",
    "us dollar": "USD", "dolares": "USD", "pesos mexicanos": "MXN", "比索": "MXN",
}  # fmt: skip


# Codes of two letters in the locale data that are no country of ISO 3166-1: groups, parts of
# countries that are only reserved, and what tests of translations use.
_NO_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


@cache
def country_codes() -> frozenset[str]:
    """Return the codes of two letters of ISO 3166-1."""
    territories = map(str, Locale("en").territories)
    two = (code for code in territories if len(code) == 2 and code.isalpha())
    return frozenset(two) - _NO_COUNTRIES


@cache
def country_names() -> dict[str, str]:
    """Return folded names and codes of two and three letters to codes of two letters."""
    names: dict[str, str] = {}
    alias = get_global("territory_aliases")
    codes = country_codes()
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if str(code) in codes:
                names.setdefault(folded(name), str(code))
    for code, targets in ((str(code), targets) for code, targets in alias.items()):
        if len(code) == 3 and code.isalpha() and len(targets) == 1 and targets[0] in codes:
            names[code.lower()] = targets[0]
    names |= {code.lower(): code for code in codes}
    return names | {folded(name): code for name, code in _ALSO.items()}


def parse_country(cell: Cell) -> Parsed:
    """Return the ISO 3166-1 code of two letters, or the reason.

    Nothing is made of a word for "unknown" or for several countries: None, noted.
    """
    text = text_of(cell)
    if isinstance(text, Reason):
        return text
    key = folded(text)
    if not key:
        return None
    if key in _NOT_SAID:
        return Noted(None, "country_not_said")
    if key in _GROUPS:
        return Noted(None, "country_is_several")
    return country_names().get(key) or reason("country_unknown")


@cache
def currencies() -> frozenset[str]:
    """Return the ISO 4217 codes that are legal tender somewhere today."""
    return frozenset(
        entry[0]
        for entries in get_global("territory_currencies").values()
        for entry in entries
        if entry[2] is None and entry[3]
    )


def parse_currency(cell: Cell) -> Parsed:
    """Return the ISO 4217 code, or the reason. `$` and `¥` stand for several and are refused."""
    text = text_of(cell)
    if isinstance(text, Reason):
        return text
    key = folded(text)
    if not key:
        return None
    if key in ("$", "¥", "dollar", "peso", "pesos"):
        return reason("currency_ambiguous")
    if key.upper() in currencies():
        return key.upper()
    return _CURRENCY_WORDS.get(key) or reason("currency_unknown")
