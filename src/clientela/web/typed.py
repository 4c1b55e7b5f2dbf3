"""Amounts and days as people type them: with their language's marks, or full-width in Chinese.

    1.234,50   1234,50   1,234.50   1 234.50   １２３４．５０   ２０２６－０５－３１

Of two kinds of mark the last one parts the decimals. One mark alone that stands before three
digits is read by the reader's language; before any other number of digits it can only part
decimals, whoever writes it. What can be read both ways by nobody is refused.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from clientela.kernel.reasons import Invalid, Reason
from clientela.web import formats

_SIGNS = str.maketrans({"−": "-", "，": ",", "。": ".", "、": ",", "’": "'", "٫": ".", "٬": ","})
_BLANK = re.compile(r"[\s'_]")
_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(?:(\.\d{3})+|(,\d{3})+)", re.ASCII)


class NotReadable(ValueError):
    """What was typed is no amount, or no day."""


def amount_text(text: str) -> str:
    """Return an amount as programs write it: 1234.50. Raises NotReadable."""
    read = _BLANK.sub("", unicodedata.normalize("NFKC", text).translate(_SIGNS))
    marks = [mark for mark in read if mark in ".,"]
    decimal = _decimal_mark(read, marks)
    whole, _, part = read.rpartition(decimal) if decimal else (read, "", "")
    if any(mark in ".," for mark in whole) and not _GROUPED.fullmatch(whole):
        raise NotReadable(text)
    plain = re.sub(r"[.,]", "", whole) + (f".{part}" if decimal else "")
    if not _PLAIN.fullmatch(plain):
        raise NotReadable(text)
    return str(Decimal(plain))


def _decimal_mark(read: str, marks: list[str]) -> str:
    """Return the mark that parts the decimals; empty where none does."""
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return ""  # 1.234.567
    if len(read.rpartition(marks[0])[2]) != 3:
        return marks[0]
    own = str(formats.locale().number_symbols["latn"]["decimal"])
    return marks[0] if marks[0] == own else ""


def day_text(text: str) -> str:
    """Return a day as programs write it: 2026-05-31. Raises NotReadable."""
    read = unicodedata.normalize("NFKC", text).translate(_SIGNS).strip()
    try:
        return date.fromisoformat(read).isoformat()
    except ValueError as error:
        raise NotReadable(text) from error


def read_filters(
    given: Mapping[str, str], *, amounts: Iterable[str] = (), days: Iterable[str] = ()
) -> dict[str, str]:
    """Return filters as selectors read them. Raises Invalid with a reason for each bad field."""
    read, reasons = dict(given), []
    for names, reader, code in (
        (amounts, amount_text, "value_not_an_amount"),
        (days, day_text, "value_not_a_date"),
    ):
        for name in names:
            if text := given.get(name, "").strip():
                try:
                    read[name] = reader(text[:200])
                except NotReadable:
                    reasons.append(Reason(code=code, params={"field": name}))
    if reasons:
        raise Invalid(*reasons)
    return read
