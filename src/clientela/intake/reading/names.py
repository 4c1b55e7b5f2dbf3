"""Names of columns as they are compared."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def key_of(name: str) -> str:
    """Return a name as names of fields are compared: many people leave the accents out."""
    apart = unicodedata.normalize("NFD", folded(name))
    return "".join(c for c in apart if not unicodedata.combining(c))


def folded(name: str) -> str:
    """Return a column name without regard to case, width, space and marks such as `*` or `:`."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_\-*:.\u200b\ufeff#]+", "", text)
