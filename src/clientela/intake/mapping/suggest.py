"""Which column is which field: by name in three languages, and by what the cells look like.

Confidence of a pair is 1 for a name that is a synonym, less for one that is only like it (token
similarity of rapidfuzz), and is lowered where the cells do not fit the type. Each column takes
one field and each field one column, the surest pairs first. A name that says only of what thing
the column speaks ("Producto"), or only that it names something ("Nombre"), is settled by the
cells: see `things`. One that leaves open which of two amounts it means ("Total", "Importe",
"金额") is sure only beside a column that tells: the kind says which names those are. One that says
that tax is in the amounts, or that they are rates of it, is taken at its word: see `amount_names`.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from clientela.intake.kinds.fields import Field, Kind
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping import things
from clientela.intake.mapping.amount_names import GROSS, OF_AMOUNTS, amount_said, how_sure
from clientela.intake.mapping.looks import fits_type
from clientela.intake.mapping.tax import holds_rates
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.names import key_of

SURE = 0.8  # taken by `--yes` from here on
_WORTH_ASKING = 0.5
_VAGUE = 0.7  # of a name that may mean another field as well
_TOLD_BY_CELLS = ("email", "phone", "country")  # types of which nothing else looks like one
_CONTENT = 0.95  # share of the cells that have to look like one of these
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
    columns: Sequence[str],
    samples: AnyMapping[str, Sequence[Cell]],
    kind: Kind,
    *,
    doubting: bool = True,
) -> list[Suggestion]:
    """Return at most one suggestion a column and a field, in the order of the columns.

    `samples` are cells by column. Columns without a suggestion are absent.
    :param doubting: be unsure of a vague name; which of two amounts it means is no doubt about
    the kind.
    """
    bare = _bare(columns, samples, kind)
    open_ = {c: found for c in columns if (found := _open_word(c, samples.get(c, ()), kind))}
    pairs = [pair for found in open_.values() for pair in found]
    pairs += [
        pair
        for column in columns
        if column not in open_ and column not in bare
        for pair in _pairs(column, kind, samples.get(column, ()))
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
    _settle_bare(columns, bare, samples, fields.keys(), taken)
    _identify(taken, fields.keys(), frozenset(open_))
    _lead(taken, kind)
    _doubt_taxes(taken, samples, fields.keys())
    if doubting:
        _doubt(taken, kind)
    return [taken[column] for column in columns if column in taken]


def _open_word(column: str, cells: Sequence[Cell], kind: Kind) -> list[Suggestion]:
    """Return the two pairs of a column whose name leaves code or name open, by what is in it."""
    fields = frozenset(field.name for field in kind.fields)
    found = things.thing_of(column, fields)
    share = things.code_share(cells) if found else None
    if found is None or share is None:
        return []
    if share >= things.CLEAR or share <= 1 - things.CLEAR:
        field = found[0] if share >= things.CLEAR else found[1]
        return [Suggestion(column=column, field=field, confidence=0.95, why="content")]
    return [
        Suggestion(column=column, field=field, confidence=0.7, why="content") for field in found
    ]


def _bare(
    columns: Sequence[str], samples: AnyMapping[str, Sequence[Cell]], kind: Kind
) -> dict[str, bool]:
    """Return the columns that are only called a name or a code and hold such; True: codes."""
    if not any(field.name == "customer_name" for field in kind.fields):
        return {}  # a file of customers or of products: there a name is a name
    found = {}
    for column in columns:
        share = things.code_share(samples.get(column, ()))
        words = things.BARE_CODES if share and share >= things.CLEAR else things.BARE_NAMES
        if share is not None and key_of(column) in words:
            found[column] = words is things.BARE_CODES
    return found


def _settle_bare(
    columns: Sequence[str],
    bare: AnyMapping[str, bool],
    samples: AnyMapping[str, Sequence[Cell]],
    fields: AbstractSet[str],
    taken: dict[str, Suggestion],
) -> None:
    """Give columns that are only called a name or a code the thing that they go together with."""
    for codes in (True, False):
        own = ("customer_key", "product_code") if codes else ("customer_name", "product_name")
        other = ("customer_name", "product_name") if codes else ("customer_key", "product_code")
        for column in (c for c, of_codes in bare.items() if of_codes == codes):
            by_field = {s.field: c for c, s in taken.items()}
            customer, product = (f if f in fields and f not in by_field else "" for f in own)
            found = things.about(
                things.Bare(column=column, customer=customer, product=product),
                beside={f: by_field[o] for f, o in zip(own, other, strict=True) if o in by_field},
                header=columns,
                samples=samples,
            )
            if found is not None:
                field, sure = found
                taken[column] = Suggestion(
                    column=column, field=field, confidence=sure, why="content"
                )


def _identify(
    taken: dict[str, Suggestion], fields: AbstractSet[str], open_: frozenset[str]
) -> None:
    """Let the names of customers tell them apart where nothing else does: sales to a customer of
    whom only the name is known are no sales to nobody."""
    if not {"customer_key", "customer_name"} <= fields:
        return
    by_field = {s.field: s for s in taken.values()}
    named = by_field.get("customer_name")
    bare = named is not None and key_of(named.column) in things.BARE_NAMES
    if named is None or "customer_key" in by_field or not (bare or named.column in open_):
        return
    sure = min(named.confidence, 0.7 if bare else 0.9)
    taken[named.column] = replace(named, field="customer_key", confidence=sure)


def _lead(taken: dict[str, Suggestion], kind: Kind) -> None:
    """Let what would be one more of something be the first where no column is that."""
    for field in kind.fields:
        by_field = {s.field: s for s in taken.values()}
        if field.beside and field.name in by_field and field.beside not in by_field:
            found = by_field[field.name]
            taken[found.column] = replace(found, field=field.beside)


def _doubt_taxes(
    taken: dict[str, Suggestion],
    samples: AnyMapping[str, Sequence[Cell]],
    fields: AbstractSet[str],
) -> None:
    """Leave to somebody whether a column of taxes holds rates, where it looks like that."""
    by_field = {s.field: s for s in taken.values()}
    found = by_field.get("tax_amount")
    if found is None:
        return
    beside = next((by_field[f].column for f in ("net_amount", "gross_amount") if f in by_field), "")
    if holds_rates(samples.get(found.column, ()), samples.get(beside, ())):
        rate = "tax_rate" in fields and "tax_rate" not in by_field
        field = "tax_rate" if rate else "tax_amount"
        unsure = min(found.confidence, _VAGUE)
        taken[found.column] = replace(found, field=field, confidence=unsure, why="content")


def _doubt(taken: dict[str, Suggestion], kind: Kind) -> None:
    """Leave to somebody what a vague name means, unless a column beside it tells."""
    sure = {s.field for s in taken.values() if s.is_sure}
    for field in kind.fields:
        found = next((s for s in taken.values() if s.field == field.name), None)
        if found is None or not field.vague or not sure.isdisjoint(field.told_by):
            continue
        outright = {key_of(n) for n in (field.name, *field.synonyms)}
        if key_of(found.column) not in outright and amount_said(found.column) is None:
            unsure = min(found.confidence, _VAGUE)
            taken[found.column] = replace(found, confidence=unsure)


def _pairs(column: str, kind: Kind, cells: Sequence[Cell]) -> list[Suggestion]:
    """Return what a column may be; where its name says which amount it holds, no other amount."""
    pairs = [pair for field in kind.fields if (pair := _pair(column, field, cells)) is not None]
    fields = {field.name: field for field in kind.fields}
    said = amount_said(column) if "net_amount" in fields else None
    if said is None:
        return pairs
    name, rest = said
    own = [pair for pair in pairs if pair.field == name]
    pairs = [pair for pair in pairs if pair.field not in OF_AMOUNTS]
    amounts = ("net_amount", GROSS) if name == GROSS else ()
    others = fields.keys() - OF_AMOUNTS
    sure = how_sure(rest, _names(fields, amounts), _names(fields, others)) if name else 0.0
    if sure and (found := _fitted(column, fields[name], cells, sure, "similar_name")):
        own.append(found)
    return [*pairs, *sorted(own, key=lambda pair: -pair.confidence)[:1]]


def _names(fields: AnyMapping[str, Field], some: Iterable[str]) -> set[str]:
    found = (fields[name] for name in some)
    return {key_of(n) for field in found for n in (*field.synonyms, *field.vague)}


def _pair(column: str, field: Field, cells: Sequence[Cell]) -> Suggestion | None:
    names = [key_of(name) for name in (field.name, *field.synonyms, *field.vague)]
    key = key_of(column)
    if key in names:
        # An earlier synonym says more: "金额" is first of all an amount, then a gross amount.
        rank = names.index(key) * 0.002
        confidence, why = 0.99 - min(rank, 0.05), "synonym"
    else:
        likeness = max(fuzz.ratio(key, name) for name in names) if key else 0.0
        if likeness >= _LIKE_NAME:
            confidence, why = likeness / 100 * 0.85, "similar_name"
        elif (
            field.type in _TOLD_BY_CELLS
            and not field.beside
            and (fits_type(cells, field) or 0) >= _CONTENT
        ):
            confidence, why = 0.6, "content"
        else:
            return None
    return _fitted(column, field, cells, confidence, why)


def _fitted(
    column: str, field: Field, cells: Sequence[Cell], confidence: float, why: str
) -> Suggestion | None:
    """Return the pair as sure as its cells leave it, None where that is not worth asking."""
    fit = fits_type(cells, field)
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
        found = {s.field: s.confidence for s in suggest(columns, samples, kind, doubting=False)}
        required = [found.get(name, 0.0) for name in kind.required]
        covered = sum(found.values()) / max(1, len(columns))
        scores.append((kind.name, round(covered * sum(required) / max(1, len(required)), 3)))
    return sorted(scores, key=lambda item: -item[1])
