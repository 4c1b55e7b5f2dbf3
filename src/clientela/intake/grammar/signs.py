"""Signs and words of money, and the currencies that each may stand for.

A sign alone hardly ever names one currency: `$` is written in Mexico and Singapore as in the
United States, `¥` in Japan and China, `kr` in four countries (Unicode CLDR, narrow symbols). So a
sign says which currencies an amount can be in. It never makes one the currency of a row, and it
contradicts a row that says a currency which is not among them.
"""

import re

_DOLLARS = (
    "USD", "MXN", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MOP", "BND", "FJD", "SBD", "ARS",
    "CLP", "COP", "UYU", "DOP", "CUP", "BRL", "NIO", "BBD", "BMD", "BSD", "BZD", "GYD", "JMD",
    "KYD", "SRD", "TTD", "XCD", "LRD", "NAD", "CVE", "TOP", "WST",
)  # fmt: skip
# In characters 元 is the unit of every dollar of East Asia; that of the United States is 美元.
SIGNS: dict[str, tuple[str, ...]] = {
    "¥": ("CNY", "JPY"), "rmb": ("CNY",), "cny": ("CNY",), "人民币": ("CNY",),
    "元": ("CNY", "HKD", "TWD", "MOP", "SGD"), "美元": ("USD",), "欧元": ("EUR",), "英镑": ("GBP",),
    "港元": ("HKD",), "港币": ("HKD",), "日元": ("JPY",), "円": ("JPY",), "jpy": ("JPY",),
    "$": _DOLLARS, "us$": ("USD",), "usd": ("USD",), "mx$": ("MXN",), "mxn": ("MXN",),
    "hk$": ("HKD",), "hkd": ("HKD",), "nt$": ("TWD",), "s$": ("SGD",), "sgd": ("SGD",),
    "a$": ("AUD",), "aud": ("AUD",), "ca$": ("CAD",), "c$": ("CAD", "NIO"), "cad": ("CAD",),
    "nz$": ("NZD",), "nzd": ("NZD",), "r$": ("BRL",), "brl": ("BRL",),
    "€": ("EUR",), "eur": ("EUR",), "£": ("GBP", "EGP", "FKP", "GIP", "LBP", "SHP", "SSP", "SYP"),
    "gbp": ("GBP",), "chf": ("CHF",), "kr": ("SEK", "NOK", "DKK", "ISK"), "kr.": ("DKK", "ISK"),
    "sek": ("SEK",),
    "nok": ("NOK",), "dkk": ("DKK",), "₹": ("INR",), "inr": ("INR",), "₩": ("KRW", "KPW"),
    "krw": ("KRW",), "₽": ("RUB",), "₺": ("TRY",), "zł": ("PLN",), "pln": ("PLN",),
    "kč": ("CZK",), "czk": ("CZK",), "₱": ("PHP", "CUP"), "฿": ("THB",), "₫": ("VND",),
    "₪": ("ILS",), "₴": ("UAH",),
}  # fmt: skip
_WORDS = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
_PREFIX = re.compile(rf"([-+]?)\s*({_WORDS})\s*([-+(]?\s*[\d.,].*)", re.I)
_SUFFIX = re.compile(rf"(.*?[\d.,)\-万亿kK])\s*({_WORDS})", re.I)
# At the end of a column's name, or in brackets in it: a sign, or a word that stands alone.
_NAMED = re.compile(
    rf"[(（\[]\s*({_WORDS})\s*[)）\]]|(?<![^\W\d_])({_WORDS})\s*$|({_WORDS})\s*$", re.I
)
_WIDE = {0xFFE5: "¥", 0xFF04: "$", 0xFFE1: "£", 0xFFE6: "₩"}


def split_sign(text: str) -> tuple[str, str]:
    """Return the text without its sign or word of money, and that sign in lower case."""
    found = _PREFIX.fullmatch(text)
    if found:
        return found[1] + found[3], found[2].lower()
    found = _SUFFIX.fullmatch(text)
    return (found[1], found[2].lower()) if found else (text, "")


def shown(currencies: tuple[str, ...]) -> str:
    """Return currencies as a reason names them: the first ones, where a sign is of many."""
    return "/".join(currencies[:3]) + ("/…" if len(currencies) > 3 else "")


def currencies_of_cell(text: str) -> tuple[str, ...]:
    """Return the currencies that the sign of an amount may stand for; none where it has no sign."""
    if text.isascii() and text[:1].isdigit() and text[-1:].isdigit():
        return ()  # nearly all of them
    sign = split_sign(text.translate(_WIDE).strip())[1]
    return SIGNS.get(sign, ())


def currencies_of_column(name: str) -> tuple[str, ...]:
    """Return the currencies that the sign in a column's name may stand for: `Price (€)`,
    `Net USD`, `金额（元）`. A word counts only where it stands alone: not in `Bunker`."""
    every = list(_NAMED.finditer(name.translate(_WIDE).strip()))
    if not every:
        return ()
    found = every[-1]
    sign = (found[1] or found[2] or found[3]).lower()
    if found[3] and sign[-1].isalpha() and sign.isascii():
        return ()
    return SIGNS[sign]
