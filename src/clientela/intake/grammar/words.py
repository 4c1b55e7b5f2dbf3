"""Text that people wrote: cleaned where nothing is lost, refused where something hides.

The text as given stays in the raw record. Kept as it is: brackets and punctuation in full width,
traditional characters, emoji, markup (it is text, never run). Changed: composed form (NFC),
zero-width characters out, unusual spaces and line ends to a space, letters and digits of full
width to ASCII.
"""

import re
import unicodedata

from clientela.intake.grammar.answers import Noted, Parsed, text_of
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason

_DROPPED = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_SPACES = dict.fromkeys(
    [9, 10, 13, 0x85, 0xA0, 0x2028, 0x2029, 0x202F, 0x3000, *range(0x2000, 0x200B)], " "
)
_FULL_WIDTH = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_TABLE = _DROPPED | _SPACES | _FULL_WIDTH
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_OVERRIDE = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_LONE = re.compile(r"[\ud800-\udfff]")
_FILLER = re.compile(r"[\u115f\u1160\u3164\uffa0\u2800]")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_MARKS_IN_A_ROW = 4
GARBLED = "mojibake_suspected"
# UTF-8 read as Latin-1 or GBK, GBK read as something else, and what bad conversions leave behind.
_LOOKS_GARBLED = re.compile(
    r"\ufffd|锟斤拷|烫烫烫|屯屯屯|[ÃÂåäæçéè][\u0080-\u00bf¡-¿]|[\u4e00-\u9fff]\?\?|瀹㈡|鍏徃"
)
_REFUSED = (
    (_LONE, "lone_surrogate"),
    (_CONTROL, "control_character"),
    (_OVERRIDE, "direction_override"),
    (_FILLER, "blank_looking_character"),
    (_ESCAPED, "escaped_character"),
)


def clean(cell: Cell, *, limit: int = 500) -> Parsed:
    """Return the cleaned text, None when nothing is left, or the reason why not.

    `limit` is in characters. Noted: `mojibake_suspected`, `private_use_character`.
    """
    text = text_of(cell)
    if isinstance(text, Reason):
        return text
    if text.isascii() and text.isprintable() and "_x" not in text:
        text = text.strip()
        return _bounded(text, limit) if text else None
    why = next((reason(code) for pattern, code in _REFUSED if pattern.search(text)), None)
    if why:
        return why
    text = unicodedata.normalize("NFC", text.translate(_TABLE)).strip()
    if _has_pile_of_marks(text):
        return reason("too_many_marks", allowed=_MARKS_IN_A_ROW)
    value = _bounded(text, limit) if text else None
    if _LOOKS_GARBLED.search(text):
        return value if isinstance(value, Reason) else Noted(value, GARBLED)
    if _PRIVATE.search(text):
        return value if isinstance(value, Reason) else Noted(value, "private_use_character")
    return value


def code_of(cell: Cell, *, limit: int = 120) -> Parsed:
    """Return a code or number that names something: cleaned and in one width, case kept."""
    value = clean(cell, limit=limit)
    if isinstance(value, str) and not value.isascii():
        return unicodedata.normalize("NFKC", value).strip()
    return value


def folded(text: str) -> str:
    """Return text for comparing words: one width, no case, no accents, single spaces."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(kept.split())


def _bounded(text: str, limit: int) -> str | Reason:
    return text if len(text) <= limit else reason("too_long", allowed=limit, found=len(text))


def _has_pile_of_marks(text: str) -> bool:
    run = 0
    for c in text:
        run = run + 1 if unicodedata.combining(c) else 0
        if run > _MARKS_IN_A_ROW:
            return True
    return False
