"""Arithmetic of the customer file on plain values."""

import unicodedata
from functools import lru_cache

USUAL_TRUST = 50  # of a source of which nobody said how far it is trusted, 0 to 100

# What the analyses call a customer on its file: `analysis.rules` says what each means.
ABC_CLASSES = ("A", "B", "C")
RFM_SEGMENTS = (
    "champions", "loyal", "potentially_loyal", "new", "promising", "needs_attention",
    "about_to_sleep", "at_risk", "not_to_be_lost", "sleeping", "fading", "lost",
)  # fmt: skip


def sort_key(name: str) -> str:
    """Return what sorts a name: pinyin for Chinese, accents folded, lower case.

    The database sorts by code point (collation C), so `Álvarez` and `李` would come after
    `Zulu`; by this key they come as `alvarez` and `li`.
    """
    if name.isascii():
        return " ".join(name.lower().split())
    return " ".join(_folded("".join(_syllable(c) for c in name)).split())


@lru_cache(maxsize=32_768)
def _syllable(character: str) -> str:
    if not "\u3400" <= character <= "\U0003ffff" or character in "（），。、；：！？":
        return character
    from pypinyin import Style, lazy_pinyin  # a second's work, for the first Chinese name only

    return lazy_pinyin(character, style=Style.NORMAL)[0] + " "


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text)
    return "".join(c for c in spread if not unicodedata.combining(c)).casefold()
