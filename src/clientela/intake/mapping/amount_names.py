"""What the name of a column says of its amounts outright: that tax is in them, or that it is a rate.

"Importe con IVA" is never the net amount, however alike the names are, nor is "VAT %" a tax. What
else such a name says decides how sure that is: "amount" and the like beside it leave no doubt. A
price of one piece with tax in it is no amount of a line: no field takes it.
"""

import re
import unicodedata
from collections.abc import Collection

from clientela.intake.grammar.words import folded
from clientela.intake.reading.names import key_of

GROSS, RATE, NONE = "gross_amount", "tax_rate", ""
# Of these fields such a name means the one or none.
OF_AMOUNTS = frozenset(("net_amount", "tax_amount", "unit_price", GROSS, RATE))
_SAID, _PERHAPS = 0.95, 0.7
_TAX = r"(?:vat|tax|taxes|gst|hst|iva|igic|ipsi|impuestos?)"
_IN = r"(?:inc|incl|including|includes|included|inclusive|with|con|incluye|incluyendo|c)"
_FILL = r"(?: (?:of|the|all|any|sales|el|los|de))*"
_WITH_TAX = re.compile(
    rf"(?<!\bnot )(?<!\bno )\b{_IN}{_FILL} {_TAX}\b"
    rf"|\b{_TAX} (?:inc|incl|including|included|inclusive|incluid[oa]s?)\b"
    r"|(?<!不)(?<!未)(?<!非)(?<!是否)含(?:增值)?[税稅]|[价價][税稅]合[计計]"
)
_PER_CENT = (
    r"(?:%|\b(?:percent|percentage|per cent|pct|rates?|tipo|porcentaje|por ciento|tasa|alicuota)\b)"
)
_IS_RATE = re.compile(rf"\b{_TAX}\b.*{_PER_CENT}|{_PER_CENT}.*\b{_TAX}\b|[税稅]率|[税稅]点")
_OF_A_RATE = re.compile(
    rf"\b{_TAX}\b|{_PER_CENT}|\b(?:de|del|of|the|in|en|sales)\b|(?:增值[税稅])?[税稅][率点]"
)
_PRICE = re.compile(
    r"\b(?:price|precio|precios|pvp|unit|unitario|each|per)\b|[单單][价價]|售[价價]|[价價]格"
)


def amount_said(column: str) -> tuple[str, str] | None:
    """Return (field that a name says outright, empty where it is none, what else the name says);
    None where a name says nothing of tax in it."""
    text = _words(column)
    found = _WITH_TAX.search(text)
    if found:
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        return (NONE if _PRICE.search(rest) else GROSS), " ".join(rest.split())
    if _IS_RATE.search(text):
        return RATE, " ".join(_OF_A_RATE.sub(" ", text).split())
    return None


def how_sure(rest: str, amounts: Collection[str], others: Collection[str]) -> float:
    """Return how sure a field is that a name says outright, 0 where it speaks of another thing.

    :param rest: what else the name says.
    :param amounts: names of amounts as they are compared; `others` those of other fields.
    """
    plain = key_of(rest)
    if plain in others:
        return 0.0
    return _SAID if plain in ("", "total") or plain in amounts else _PERHAPS


def _words(name: str) -> str:
    """Return the words of a name, folded, with single blanks between them: `AmountInclVAT`."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    text = re.sub(r"(?<=\b\w)\.(?=\w\b|\W|$)", "", text)  # I.V.A.
    return " ".join(re.findall(r"[^\W\d_]+|%", folded(text)))
