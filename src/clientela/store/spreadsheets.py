"""Text that no spreadsheet takes for a formula.

Spreadsheets run cells that begin with = + - @ (also full-width, or behind a tab or line
end). Such text gets an apostrophe before it on the way out, and loses it on the way in.
"""

from typing import Any

STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def neutral(value: Any) -> Any:
    """Return a value as it may stand in a cell; numbers written as text stay numbers."""
    if not isinstance(value, str) or not value or value[0] not in STARTS or _is_number(value):
        return value
    return f"'{value}"


def restored(text: str) -> str:
    """Return the text that `neutral` was given."""
    return text[1:] if text[:1] == "'" and text[1:2] in STARTS else text


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()
