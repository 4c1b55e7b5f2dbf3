"""What stands between the cells: the character that cuts the lines into equal pieces.

Each candidate cuts the sampled lines; its score is the share of records as wide as the most
common width, which the first records must have too. `sep=;` in the first line settles it.
"""

import csv
from collections import Counter
from dataclasses import dataclass

from clientela.intake.reading.own_columns import has_own
from clientela.intake.results import Choice, Question

CANDIDATES = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_FULL_WIDTH = "，；｜"
_SURE = 0.15  # how far the best must lie ahead
_EVEN = 0.8  # share of the records that a line of names is as wide as


@dataclass(frozen=True, kw_only=True)
class Cut:
    """How well one separator cuts. `score` 0 to 1."""

    separator: str
    width: int
    score: float


def declared(first_line: str) -> str | None:
    """Return the separator of a line `sep=;`, or None."""
    text = first_line.strip().strip('"')
    if text[:4].lower() == "sep=" and len(text) <= 5:
        return text[4:] or "\t"
    return None


def of_rejected(first_line: str) -> str | None:
    """Return the separator by which a line names the product's own columns, or None."""
    for separator in CANDIDATES:
        cells = next(csv.reader([first_line], delimiter=separator), [])
        if len(cells) > 1 and has_own(cells):
            return separator
    return None


def decide(lines: list[str]) -> Cut | Question:
    """Return the separator of a text, or the question about it."""
    cuts = sorted((cut_by(s, lines) for s in CANDIDATES), key=lambda c: (-c.score, -c.width))
    best = cuts[0]
    if best.width == 1:
        return _single(lines)
    rivals = [c for c in cuts[1:] if c.width > 1 and c.score > best.score - _SURE]
    if not rivals:  # nothing else to choose: rows that do not fit are set aside with their reason
        return best
    named = _by_header(cuts, lines)
    if named is not None:
        return named
    choices = tuple(_choice(cut, lines) for cut in (best, *rivals))
    return Question(id="separator", code="separator_unclear", choices=choices)


def _by_header(cuts: list[Cut], lines: list[str]) -> Cut | None:
    """Return the one cut by which the first line is a line of names, each told once and none a
    figure, as wide as the records; None where another cuts that line as well."""
    heads = {c.separator: next(csv.reader(lines[:1], delimiter=c.separator), []) for c in cuts}
    found = [c for c in cuts if len(heads[c.separator]) > 1]
    if len(found) != 1 or any(mark in lines[0] for mark in _FULL_WIDTH):
        return None
    (cut,) = found
    names = [name.strip() for name in heads[cut.separator]]
    are_names = all(any(c.isalpha() for c in name) for name in names)
    fits = len(names) == cut.width and cut.score >= _EVEN
    return cut if are_names and len(set(names)) == len(names) and fits else None


def cut_by(separator: str, lines: list[str]) -> Cut:
    """Return how evenly a separator cuts the lines."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator)
    widths = Counter[int]()
    head = 0
    try:
        for number, row in enumerate(reader):
            widths[len(row)] += bool(row)
            head = max(head, len(row)) if number < 20 else head
    except csv.Error:
        pass  # a broken quote further down: judged on the records before it
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    if width == 1 and head > 1:  # mostly lines of one cell: a title block over a small table
        width, count = max((w, c) for w, c in widths.items() if w > 1)
    score = count / max(1, widths.total()) if width > 1 else 0.0
    return Cut(separator=separator, width=width, score=score)


def _single(lines: list[str]) -> Question:
    """A table of one column is more often a separator not understood than a table."""
    full_width = any(mark in line for line in lines for mark in _FULL_WIDTH)
    code = "separator_full_width" if full_width else "single_column"
    choices = tuple(Choice(value=NAMES[s]) for s in CANDIDATES)
    return Question(id="separator", code=code, choices=choices)


def _choice(cut: Cut, lines: list[str]) -> Choice:
    preview = " ⏐ ".join(lines[0].split(cut.separator)[:6]) if lines else ""
    return Choice(value=NAMES[cut.separator], preview=preview[:60])


def answered(value: str) -> str | None:
    """Return the separator that an answer names, by word or as itself, or None."""
    if value in CANDIDATES:
        return value
    return next((s for s, name in NAMES.items() if name == value.lower()), None)
