"""Text that a database and an answer can hold, and text that neither can."""

import re

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")  # a NUL; half a character of UTF-16
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def is_whole(text: str) -> bool:
    """Tell whether a text is a whole number in the digits 0 to 9: `int` takes `1_2` and `١٢` too."""
    return _WHOLE.fullmatch(text.strip()) is not None


def is_storable(text: str) -> bool:
    """Tell whether a text can be kept and sent: PostgreSQL holds no NUL, UTF-8 no surrogate."""
    return _NOT_STORABLE.search(text) is None


def legible(text: str) -> str:
    """Return a text with U+FFFD for each character that nothing can hold."""
    return _NOT_STORABLE.sub("\ufffd", text)
