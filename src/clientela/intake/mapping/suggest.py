"""Which column is which field: by name in three languages, and by what the cells look like.

Confidence of a pair is 1 for a name that is a synonym, less for one that is only like it (token
similarity of rapidfuzz), and is lowered where the cells do not fit the type. Each column takes
one field and each field one column, the surest pairs first.
"""

import unicodedata
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from clientela.intake.kinds.fields import Field, Kind
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.looks import fits_type
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.headers import folded

SURE = 0.8  # taken by `--yes` from here on
_WORTH_ASKING = 0.5
_LIKE_NAME = 84  # similarity in percent under which two names have nothing to do with each other


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A column, the field it seems to be, how sure from 0 to 1, and why as a code."""

    column: str
    field: str
    confidence: float
    why: str  # synonym, similar_name, content

    @property
    def is_sure(self) -> bool:
        """True where the suggestion may be taken without asking."""
        return self.confidence >= SURE


def suggest(
    columns: Sequence[str], samples: AnyMapping[str, Sequence[Cell]], kind: Kind
) -> list[Suggestion]:
    """Return at most one suggestion a column and a field, in the order of the columns.

    `samples` are cells by column. Columns without a suggestion are absent.
    """
    pairs = [
        pair
        for column in columns
        for field in kind.fields
        if (pair := _pair(column, field, samples.get(column, ()))) is not None
    ]
    order = {column: n for n, column in enumerate(columns)}
    fields = {field.name: n for n, field in enumerate(kind.fields)}
    pairs.sort(key=lambda p: (-p.confidence, order[p.column], fields[p.field]))
    taken: dict[str, Suggestion] = {}
    used: set[str] = set()
    for pair in pairs:
        if pair.column not in taken and pair.field not in used:
            taken[pair.column] = pair
            used.add(pair.field)
    return [taken[column] for column in columns if column in taken]


@lru_cache(maxsize=8192)
def _key(name: str) -> str:
    """Return a name as names are compared: many people leave the accents out."""
    apart = unicodedata.normalize("NFD", folded(name))
    return "".join(c for c in apart if not unicodedata.combining(c))


def _pair(column: str, field: Field, cells: Sequence[Cell]) -> Suggestion | None:
    names = [_key(name) for name in (field.name, *field.synonyms)]
    key = _key(column)
    fit = fits_type(cells, field)
    if key in names:
        # An earlier synonym says more: "金额" is first of all an amount, then a gross amount.
        rank = names.index(key) * 0.002
        confidence, why = 0.99 - min(rank, 0.05), "synonym"
    else:
        likeness = max(fuzz.ratio(key, name) for name in names) if key else 0.0
        if likeness >= _LIKE_NAME:
            confidence, why = likeness / 100 * 0.85, "similar_name"
        elif fit is not None and fit >= 0.95 and field.type in ("email", "phone", "country"):
            confidence, why = 0.6, "content"
        else:
            return None
    # A name that says it outright stands against a good part of bad cells, which are set aside.
    if fit is not None and fit < (0.5 if why == "synonym" else 0.9):
        confidence *= 0.3 + 0.7 * fit
    if confidence < _WORTH_ASKING:
        return None
    return Suggestion(column=column, field=field.name, confidence=round(confidence, 3), why=why)


def suggest_kind(
    columns: Sequence[str], samples: AnyMapping[str, Sequence[Cell]]
) -> list[tuple[str, float]]:
    """Return the kinds by how well the columns fit them, best first, from 0 to 1.

    Score = share of the columns that find a field × share of the required fields that are found,
    both weighted by confidence.
    """
    scores = []
    for kind in KINDS.values():
        found = {s.field: s.confidence for s in suggest(columns, samples, kind)}
        required = [found.get(name, 0.0) for name in kind.required]
        covered = sum(found.values()) / max(1, len(columns))
        scores.append((kind.name, round(covered * sum(required) / max(1, len(required)), 3)))
    return sorted(scores, key=lambda item: -item[1])
