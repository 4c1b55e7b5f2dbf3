"""The description of a web page with tables: its encoding, then what the sandbox says of it.

A page says its encoding by a mark at its start or in a `<meta>`; GB 2312 stands for what it grew
into. Where what it says cannot be, or is contradicted by every byte, it is found out or asked as
for any text.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from clientela.intake.reading import encodings
from clientela.intake.reading.archives import plain_chunks
from clientela.intake.reading.describe_workbook import describe_workbook
from clientela.intake.reading.description import Description
from clientela.intake.reading.evidence import Evidence, gather
from clientela.intake.reading.faults import reason, refuse
from clientela.intake.results import Choice, Question

_META = re.compile(
    rb"<(?:meta\b[^>]{0,300}?\bcharset\s*=|\?xml\b[^>]{0,100}?\bencoding\s*=)"
    rb"\s*[\"']?\s*([\w.:-]{2,40})",
    re.I,
)
_STANDS_FOR = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "cp936": "gb18030",
    "x-gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "windows-949": "cp949",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "iso-8859-15": "cp1252",
    "windows-1250": "cp1250", "windows-1251": "cp1251",
}  # fmt: skip


def describe_html(
    path: Path, draft: Description, answers: Mapping[str, str], known: frozenset[str]
) -> Description:
    """Return the description of a page as far as answers and evidence go. Raises FileRefused."""
    found = _encoding(path, draft, answers)
    if isinstance(found, Question):
        return replace(draft, questions=(found,))
    return describe_workbook(path, found, answers, known)


def _encoding(path: Path, draft: Description, answers: Mapping[str, str]) -> Description | Question:
    with path.open("rb") as stream:
        found = gather(plain_chunks(stream))
    mark = encodings.marked(found.head)
    given = answers.get("encoding")
    if mark is None and given in encodings.ENCODINGS:
        return _with(draft, str(given))
    if mark:
        return _with(draft, mark, note="byte_order_mark")
    said = declared(found.head)
    decided = encodings.decide(found)
    if said is None or found.ascii_only:
        if isinstance(decided, Question):
            return decided
        return _with(draft, decided.encoding)
    other = isinstance(decided, encodings.Decided) and decided.encoding != said
    surely = isinstance(decided, encodings.Decided) and decided.why == "valid_utf_8"
    if (surely and not other) or (_reads(found, said) and not surely):
        return _with(draft, said, note="encoding_declared")
    return _contradicted(found, said)


def declared(head: bytes) -> str | None:
    """Return the encoding that a page says it is in, None where it says none that is known."""
    found = _META.search(head[:65536])
    return _STANDS_FOR.get(found[1].decode("ascii", "replace").lower()) if found else None


def _reads(found: Evidence, encoding: str) -> bool:
    """Tell whether nearly every line with other than ASCII bytes is text in an encoding."""
    good = 0
    for line in found.odd_lines:
        try:
            line.decode(encoding)
            good += 1
        except UnicodeDecodeError:
            continue
    return good * 20 >= len(found.odd_lines) * 19


def _contradicted(found: Evidence, said: str) -> Question:
    names = dict.fromkeys((said, "utf-8", "gb18030", "cp1252"))
    lines = sorted(found.odd_lines[:200], key=len)[-2:]
    choices = tuple(Choice(value=name, preview=encodings.preview(lines, name)) for name in names)
    return Question(
        id="encoding", code="encoding_unclear", choices=choices, params={"likely": said}
    )


def _with(draft: Description, encoding: str, *, note: str = "") -> Description:
    if encoding not in encodings.ENCODINGS:
        raise refuse("encoding_not_supported", encoding=encoding)
    notes = (*draft.notes, reason(note, encoding=encoding)) if note else draft.notes
    return replace(draft, layout=replace(draft.layout, encoding=encoding), notes=notes)
