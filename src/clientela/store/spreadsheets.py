"""Text that no spreadsheet takes for a formula, and that comes back as it was.

Spreadsheets run cells that begin with = + - @ (also full-width, or behind a tab or a line
end). In many countries a semicolon parts cells, so what stands behind one begins a cell too.
At each such place an apostrophe goes before the text on the way out, and exactly one comes
off on the way in. Apostrophes that stand there already are counted as part of the text and
get one more, so `'=1` and `=1` stay apart: `restored(neutral(text)) == text` for every text.
"""

import re
from typing import Any

_STARTS = "=+\\-@\t\r\n＝＋－＠"
_BEGINNING = "(^|[;\t\r\n])"  # of the cell, or of what some spreadsheet takes for one
_RISKY = re.compile(f"{_BEGINNING}(?='*[{_STARTS}])")
_NEUTRAL = re.compile(f"{_BEGINNING}'(?='*[{_STARTS}])")


def neutral(value: Any) -> Any:
    """Return a value as it may stand in a cell; numbers written as text stay numbers."""
    if not isinstance(value, str) or _is_number(value):
        return value
    return _RISKY.sub(r"\1'", value)


def restored(text: str) -> str:
    """Return the text that `neutral` was given."""
    return _NEUTRAL.sub(r"\1", text) if "'" in text else text


def given_again(text: str) -> str:
    """Return a cell of a file as it may stand in another: escaped once, however it came."""
    return str(neutral(restored(text)))


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
