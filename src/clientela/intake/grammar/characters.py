"""Characters that are read as others, and that somebody is told of: the text as given stays in
the raw record, the value that is stored has them no more (see `words`)."""

import re
import unicodedata
from decimal import Decimal

from clientela.intake.reading.batch import Cell

ZERO_WIDTH, FULL_WIDTH = "zero_width_removed", "full_width_converted"
SPACES, COMPOSED = "spaces_unified", "characters_composed"
NEGATIVE = "negative_written_otherwise"
NORMALISED = (ZERO_WIDTH, FULL_WIDTH, SPACES, COMPOSED, NEGATIVE)
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_MINUS_BEFORE = re.compile(r"-[^\d]*[\d.,]")
_SPACES = re.compile("[\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000]")


def normalised(cell: Cell, *, spaces: bool) -> list[str]:
    """Return the codes of what is read otherwise in a cell that was taken.

    :param spaces: whether unusual spaces are told as well; between thousands they are usual.
    """
    if not isinstance(cell, str) or cell.isascii():
        return []
    found = [ZERO_WIDTH] if _ZERO_WIDTH.search(cell) else []
    if _FULL_WIDTH.search(cell):
        found.append(FULL_WIDTH)
    if spaces and _SPACES.search(cell):
        found.append(SPACES)
    if not unicodedata.is_normalized("NFC", cell):
        found.append(COMPOSED)
    return found


def negative_otherwise(cell: Cell, value: object) -> bool:
    """Tell whether a cell that was read as a number below zero has no plain minus before its
    digits: (2), 2-, or another sign for minus."""
    if not isinstance(cell, str) or not isinstance(value, Decimal) or value >= 0:
        return False
    return _MINUS_BEFORE.search(cell) is None
