"""Which of several encodings a text is most likely in: a suggestion for a person, never a decision.

Three things are looked at, under each encoding: whether the bytes are text in it at all, whether
the column names become names that are known, and whether the letters are those that its languages
write with (`shares`, or the letters of words).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from clientela.intake.reading.names import folded

Share = Callable[[list[bytes]], float]
_CELLS = re.compile(r"[,;\t|]")
_WORDS = re.compile(r"[^\W\d_]+")
_EASTERN = frozenset("ąćęłńóśźżáčďéěíňřšťúůýžőűăâîșțäöüßŁŚŻŹČŠŽŘŐŰ")
_NAMES = 2.0  # what a known name counts for, beside letters that are usual


def ranked(
    names: Sequence[str],
    *,
    header: bytes,
    lines: list[bytes],
    known: AbstractSet[str],
    shares: Mapping[str, Share],
    sound: float | None = None,
) -> list[str]:
    """Return the encodings, the most likely one first; those as likely in the order given.

    :param header: the line that may hold column names; `known`: those that mean a field, folded.
    :param lines: lines with bytes beyond ASCII.
    :param shares: by encoding, how usual the characters of lines are in it (0 to 1).
    :param sound: where some lines are no UTF-8, the share of the bytes beyond ASCII that are;
        without it all are, which no other encoding is by chance but in a word or two: UTF-8 is
        then as likely as any can be by its letters, and less so only by the names of columns.
    """

    def score(name: str) -> float:
        if name == "utf-8":
            share = sound if sound is not None else _readable(lines, name)
            return share + _NAMES * _known(header, name, known)
        letters = shares[name](lines) if name in shares else _letters(lines, name)
        return _readable(lines, name) * letters + _NAMES * _known(header, name, known)

    return sorted(names, key=lambda name: -round(score(name), 2))


def _readable(lines: list[bytes], encoding: str) -> float:
    """Return the share of lines that are text: no broken character, none that nobody writes."""
    good = 0
    for line in lines:
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        good += all(unicodedata.category(c) not in ("Cc", "Cn", "Co") for c in text if c > "\x7f")
    return good / max(1, len(lines))


def _known(header: bytes, encoding: str, known: AbstractSet[str]) -> float:
    """Return the share of column names beyond ASCII that are known names under an encoding."""
    cells = [cell.strip(" \"'\r") for cell in _CELLS.split(header.decode(encoding, "replace"))]
    odd = [cell for cell in cells if not cell.isascii()]
    return sum(folded(cell) in known for cell in odd) / len(odd) if odd else 0.0


def _letters(lines: list[bytes], encoding: str) -> float:
    """Return the share of characters beyond ASCII that stand in words as languages write them."""
    odd = usual = 0
    for line in lines:
        text = line.decode(encoding, "replace")
        odd += sum(c > "\x7f" for c in text)
        for word in _WORDS.findall(text):
            strange = [c for c in word if c > "\x7f"]
            if strange and (word[1:].islower() or word.isupper() or not word[1:]):
                usual += len(strange) if _is_word(word, strange) else 0
            elif strange and not any(c.isupper() or c.islower() for c in strange):
                usual += len(strange)  # of a script without capitals
    return usual / odd if odd else 0.0


def _is_word(word: str, strange: Sequence[str]) -> bool:
    """Tell whether a word is Cyrillic throughout, or Latin with letters of central Europe."""
    if all("\u0400" <= c <= "\u04ff" for c in strange):
        return len(strange) == len(word) > 1
    return len(strange) * 2 <= len(word) and _EASTERN.issuperset(c.lower() for c in strange)
