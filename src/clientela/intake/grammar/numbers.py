"""Numbers as people write them, under one rule for a whole column.

`1,234` is a thousand and more, or one and a bit: no cell can tell, so the column does (see
`formats`). Refused whatever the rule: NaN, infinity, exponents, underscores, hexadecimal,
fractions, digits of other scripts (Python reads them all), grouping in the wrong place, more
digits than the field holds. Nothing is rounded here.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from clientela.intake.grammar.answers import Parsed, text_of
from clientela.intake.grammar.signs import SIGNS, shown, split_sign
from clientela.intake.reading.batch import BadCell, Cell
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason

INTEGER_DIGITS = 15
_FULL_WIDTH = {0xFF10 + n: 0x30 + n for n in range(10)} | {
    0xFF0C: ",", 0xFF0E: ".", 0xFF0D: "-", 0x2212: "-", 0xFF0B: "+", 0xFF08: "(", 0xFF09: ")",
    0xFF05: "%", 0xA0: " ", 0x202F: " ", 0x2009: " ", 0x2019: "'", 0xFFE5: "¥", 0xFF04: "$",
    0xFFE1: "£", 0x3000: " ",
}  # fmt: skip
SCALES = {"万": 4, "萬": 4, "亿": 8, "億": 8, "k": 3, "千": 3}
_SCALED = re.compile(r"(.*\d)\s*([万萬亿億千kK])")
_NOT_FINITE = re.compile(r"[-+]?(?:s?nan\d*|inf(?:inity)?)", re.I)
_EXPONENT = re.compile(r"[-+]?\d+(?:[.,]\d*)?e[-+]?\d+", re.I)


@dataclass(frozen=True, kw_only=True)
class NumberFormat:
    """How a column writes numbers. `grouping` "" allows none, "indian" is 12,34,567."""

    decimal: str = "."
    grouping: str = ","
    scaled: bool = False  # 1.2万, 3亿, 5k
    percent: str = ""  # of a share: "points" (5 means 5 %) or "fraction" (0.05 means 5 %)

    @property
    def pattern(self) -> re.Pattern[str]:
        """The form of an unsigned number under this rule."""
        return _PATTERNS[self.decimal, self.grouping]


def _pattern(decimal: str, grouping: str) -> re.Pattern[str]:
    point = re.escape(decimal)
    whole = r"\d+"
    if grouping == "indian":
        whole = r"\d{1,2}(?:,\d{2})*,\d{3}|\d+"
    elif grouping:
        whole = rf"\d{{1,3}}(?:{re.escape(grouping)}\d{{3}})+|\d+"
    return re.compile(rf"(?P<whole>{whole})?(?:{point}(?P<part>\d+))?", re.ASCII)


_PATTERNS = {
    (decimal, grouping): _pattern(decimal, grouping)
    for decimal in ".,"
    for grouping in ("", ",", ".", " ", "'", "indian")
    if decimal != grouping and not (decimal == "," and grouping == "indian")
}


def parse_number(
    cell: Cell,
    rule: NumberFormat,
    *,
    decimals: int,
    currency: str | None = None,
    digits: int = INTEGER_DIGITS,
) -> Parsed:
    """Return a Decimal with at most `decimals` places, None for an empty cell, or the reason.

    `currency` is what the column is in, when known: a sign of another currency is refused. More than
    `digits` before the point are no quantity and no amount, but a number of something.
    """
    if isinstance(cell, Decimal):
        return _checked(cell, decimals, digits)
    if isinstance(cell, BadCell):
        return reason(cell.code)
    text = text_of(cell)
    if not isinstance(text, str) or not isinstance(cell, str):
        return reason("not_a_number")
    text = text.translate(_FULL_WIDTH).strip()
    if not text:
        return None
    text, sign = split_sign(text)
    if sign and currency and currency not in SIGNS[sign]:
        return reason("currency_conflict", expected=currency, found=shown(SIGNS[sign]))
    text, power = _split_scale(text)
    if power and not rule.scaled:
        return reason("scale_not_agreed")
    value = _unsigned_or_signed(text, rule)
    if isinstance(value, Decimal):
        return _checked(value.scaleb(power), decimals, digits)
    return value


def _split_scale(text: str) -> tuple[str, int]:
    found = _SCALED.fullmatch(text)
    return (found[1], SCALES[found[2].lower()]) if found else (text, 0)


def _unsigned_or_signed(text: str, rule: NumberFormat) -> Decimal | Reason:
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    elif text[:1] in "+-":
        negative, text = text[0] == "-", text[1:].lstrip()
    elif text.endswith("-"):
        negative, text = True, text[:-1].rstrip()
    found = rule.pattern.fullmatch(text)
    if not found or not (found["whole"] or found["part"]):
        return _why_not(text)
    whole = "".join(c for c in found["whole"] or "0" if c.isdigit())
    value = Decimal(f"{whole}.{found['part']}" if found["part"] else whole)
    return -value if negative and value else value


def _why_not(text: str) -> Reason:
    if _NOT_FINITE.fullmatch(text):
        return reason("not_finite")
    if _EXPONENT.fullmatch(text):
        return reason("exponent_not_allowed")
    if text and set(text) <= set("0123456789., '"):
        return reason("grouping_wrong")
    return reason("not_a_number")


def _checked(value: Decimal, decimals: int, digits: int) -> Decimal | Reason:
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if places > decimals:
        value, places = value.normalize(), max(0, -int(value.normalize().as_tuple().exponent))
    if places > decimals:
        return reason("too_many_decimals", allowed=decimals, found=places)
    if value.adjusted() >= digits:
        return reason("too_many_digits", allowed=digits)
    return Decimal(format(value, "f")) if isinstance(exponent, int) and exponent > 0 else value


def parse_share(cell: Cell, rule: NumberFormat) -> Parsed:
    """Return a share in [0, 1] from `5%`, or from a plain number as `rule.percent` says."""
    text = text_of(cell)
    if isinstance(text, str) and text.rstrip().endswith(("%", "％")):
        value = parse_number(text.rstrip()[:-1], rule, decimals=6)
        return _share(value, -2)
    if not rule.percent:
        return reason("percent_unclear") if text else None
    return _share(parse_number(cell, rule, decimals=6), -2 if rule.percent == "points" else 0)


def _share(value: Parsed, power: int) -> Parsed:
    if not isinstance(value, Decimal):
        return value
    share = value.scaleb(power)
    return share if 0 <= share <= 1 else reason("share_out_of_range")
