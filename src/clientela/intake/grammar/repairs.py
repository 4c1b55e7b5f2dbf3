"""Garbled text put right, as a suggestion for a person: it is shown beside what came, never taken.

UTF-8 that was read as Windows-1252 or as GBK, and GBK that was read as Windows-1252, come back
whole where no byte was lost. What bytes were lost of (U+FFFD, 锟斤拷, `確??`) nobody can put right.
"""

import re
import unicodedata

_LOST = re.compile(r"\ufffd|锟斤拷|烫烫烫|屯屯屯|\?\?")
_READ_AS = (("cp1252", "utf-8"), ("gb18030", "utf-8"), ("cp1252", "gb18030"))
_ODD_RUN = re.compile(r"[^\x00-\x7f]+")
_LATIN = re.compile(r"[\u00c0-\u024f]")


def repaired(text: str) -> str | None:
    """Return what a garbled text said before it was read in a wrong encoding, or None where that
    cannot be told."""
    if _LOST.search(text):
        return None
    single = any(len(run) % 2 for run in _ODD_RUN.findall(text))
    for wrong, right in _READ_AS:
        if single and right == "gb18030":
            continue  # its characters are of two bytes each: accents stand alone
        found = _again(text, wrong, right)
        if found is None:  # only parts of it are garbled
            found = _ODD_RUN.sub(lambda run: _again(run[0], wrong, right) or run[0], text)  # noqa: B023
        if found != text and _is_plain(found, right):
            return found
    return None


def _again(text: str, wrong: str, right: str) -> str | None:
    try:
        return _bytes(text, wrong).decode(right)
    except UnicodeError:
        return None


def _bytes(text: str, encoding: str) -> bytes:
    """Return the bytes of a text; Windows-1252 has none for five of them, which stand for
    themselves."""
    if encoding != "cp1252":
        return text.encode(encoding)
    return b"".join(c.encode("latin-1" if "\x80" <= c <= "\x9f" else encoding) for c in text)


def _is_plain(text: str, right: str) -> bool:
    """Tell whether a text is what people write: no control or unassigned character, and where it
    is said to be Chinese no accents beside it."""
    if any(unicodedata.category(c) in ("Cc", "Cn", "Co", "Cs") for c in text):
        return False
    return right != "gb18030" or not _LATIN.search(text)
