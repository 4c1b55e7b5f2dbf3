"""From a described file to a mapping, and the questions that stand between.

`plan` may be asked again and again: each answer removes its question. A sure kind of rows is
taken, shown and may be answered otherwise. What else is sure is taken at once or, without `take_sure`, put to the person as a suggestion; what is not sure is always asked.
A column that nothing is known of is asked too: it is left out only where the mapping says so or
somebody answers `ignore`, never silently; the columns that the product itself adds to a file of
rejected rows mean nothing and are not asked about. A field that an open suggestion would fill is not asked
for beside it; what has to be asked of a column if its suggestion is taken is asked at once, so that
one round of answers settles what can be known in one.
Ids of questions: `kind`, `column:NAME`, `field:NAME`, `set:FIELD`, `dates:NAME`, `numbers:NAME`,
`nulls:NAME`, `percent:NAME`, `scale:NAME`, `several:NAME`, where NAME is a column; `customers:key` (see
`customers`).
"""

from collections.abc import Collection, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace

from clientela.intake.kinds.fields import Kind
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.column_rules import with_rules
from clientela.intake.mapping.constants import demand_constants
from clientela.intake.mapping.currencies import offered
from clientela.intake.mapping.customers import with_customers
from clientela.intake.mapping.model import Mapping
from clientela.intake.mapping.prefixes import suggest_prefixes
from clientela.intake.mapping.suggest import Suggestion, suggest, suggest_kind
from clientela.intake.mapping.tax import price_is_net
from clientela.intake.reading.batch import Cell
from clientela.intake.reading.description import Description
from clientela.intake.reading.faults import reason
from clientela.intake.reading.names import folded
from clientela.intake.reading.own_columns import without_own
from clientela.intake.results import Choice, Question
from clientela.kernel.reasons import Invalid, Reason

_KIND_SURE, _KIND_AHEAD = 0.4, 0.1  # taken where the sure suggestions are
_KIND_PLAIN, _KIND_FAR_AHEAD = 0.6, 0.25  # taken unasked
# Columns that no import may fill: rights, limits, ratings and consent have their own ways.
_PROTECTED = frozenset(
    ("isadmin", "isstaff", "issuperuser", "password", "role", "createdby", "updatedby",
     "creditlimit", "limit", "rating", "grade", "score", "consent", "publicid", "orgnodeid",
     "信用额度", "信用等级", "额度", "límitedecrédito", "límite", "consentimiento")
)  # fmt: skip
# One of these beside an amount with tax says how much tax is in it.
WITH_TAX_KNOWN = frozenset(("net_amount", "tax_amount", "tax_rate"))
_PRICED = ("quantity", "unit_price", "discount")  # these make an amount as well


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A mapping as far as it is settled, what was suggested for it, what is open."""

    mapping: Mapping
    suggestions: tuple[Suggestion, ...] = ()
    questions: tuple[Question, ...] = ()
    notes: tuple[Reason, ...] = ()  # said, not asked: columns of a saved mapping that are not there

    @property
    def is_settled(self) -> bool:
        """True when the mapping can be applied."""
        return not self.questions


def plan(
    description: Description,
    *,
    kind: str | None = None,
    saved: Mapping | None = None,
    settings: Sequence[str] = (),
    answers: AnyMapping[str, str] | None = None,
    take_sure: bool = False,
) -> Plan:
    """Return the mapping for a described file with its open questions.

    `settings` are `FIELD=VALUE` as `--set` takes them. Raises Invalid for an unknown kind, an
    unreadable setting, and a value that its field cannot hold.
    """
    answers = answers or {}
    header = [name for name in without_own(description.layout.header) if name]
    samples = {name: description.column(n) for n, name in enumerate(description.layout.header)}
    name = kind or (saved.kind if saved else None) or answers.get("kind")
    if name is None:
        found = suggest_kind(header, samples)
        ahead = found[0][1] - found[1][1]
        sure = (_KIND_SURE, _KIND_AHEAD) if take_sure else (_KIND_PLAIN, _KIND_FAR_AHEAD)
        if found[0][1] < sure[0] or ahead < sure[1]:
            demand_constants(KINDS.values(), _set(Mapping(kind=""), settings, answers))
            choices = tuple(Choice(value=n, preview=format(s, ".2f")) for n, s in found)
            question = Question(id="kind", code="kind_unclear", choices=choices)
            return Plan(mapping=Mapping(kind=""), questions=(question,))
        name = found[0][0]
    if name not in KINDS:
        raise Invalid(reason("unknown_kind", kind=name, known=", ".join(KINDS)))
    mapping = replace(saved, kind=name) if saved else Mapping(kind=name)
    mapping = _set(mapping, settings, answers)
    demand_constants([KINDS[name]], mapping)
    planned = _settled(KINDS[name], mapping, header, samples, answers, take_sure)
    return replace(planned, notes=_absent(saved, planned.mapping, header)) if saved else planned


def _absent(saved: Mapping, planned: Mapping, header: list[str]) -> tuple[Reason, ...]:
    """Return what to say of the columns that a saved mapping reads, a file has not, and no other
    column stands for."""
    return tuple(
        reason("mapping_column_absent", column=column, field=field)
        for field, column in saved.columns.items()
        if column not in header and field not in {*planned.columns, *planned.constants}
    )


def _set(mapping: Mapping, settings: Sequence[str], answers: AnyMapping[str, str]) -> Mapping:
    """Return the mapping with what was said for all rows, answers last."""
    said = [f"{id_[4:]}={value}" for id_, value in answers.items() if id_.startswith("set:")]
    for setting in (*settings, *said):
        mapping = mapping.with_setting(setting)
    return mapping


def _settled(
    kind: Kind,
    mapping: Mapping,
    header: list[str],
    samples: AnyMapping[str, Sequence[Cell]],
    answers: AnyMapping[str, str],
    take_sure: bool,
) -> Plan:
    suggestions = tuple(
        s
        for s in suggest(header, samples, kind)
        if s.field not in mapping.constants and not _is_protected(s.column)
    )
    mapping, questions = _columns(kind, mapping, header, suggestions, answers, take_sure)
    kind_is_open = not {"document_kind"} & {*mapping.columns, *mapping.constants}
    if "document_number" in mapping.columns and kind_is_open and not mapping.prefixes:
        mapping = replace(mapping, prefixes=suggest_prefixes(mapping, samples))
    suggested = _suggested(questions)
    unclear = {q.column for q in questions if q.code == "column_unclear"}
    questions += _unfilled(kind, mapping, header, suggested)
    if _lacks_currency(kind, mapping, suggested):
        values = offered(kind, {**suggested, **mapping.columns}, samples)
        questions.append(_constant("currency", "currency_missing", values))
    questions += _tax(mapping, suggested, unclear, samples)
    mapping, about = with_customers(kind, mapping, samples, answers, suggested, take_sure=take_sure)
    questions += about
    mapping, asked = _ruled(kind, mapping, suggested, samples, answers, take_sure)
    return Plan(mapping=mapping, suggestions=suggestions, questions=(*questions, *asked))


def _ruled(
    kind: Kind,
    mapping: Mapping,
    suggested: AnyMapping[str, str],
    samples: AnyMapping[str, Sequence[Cell]],
    answers: AnyMapping[str, str],
    take_sure: bool,
) -> tuple[Mapping, list[Question]]:
    """Return the mapping with a rule for each column, and what has to be asked of these and of
    the columns that open questions suggest."""
    columns = {**suggested, **mapping.columns}
    ruled, asked = with_rules(
        kind, replace(mapping, columns=columns), samples, answers, take_sure=take_sure
    )
    kept = {*mapping.columns.values(), *mapping.rules}
    rules = {column: rule for column, rule in ruled.rules.items() if column in kept}
    return replace(ruled, columns=mapping.columns, rules=rules), asked


def _columns(
    kind: Kind,
    mapping: Mapping,
    header: list[str],
    suggestions: tuple[Suggestion, ...],
    answers: AnyMapping[str, str],
    take_sure: bool,
) -> tuple[Mapping, list[Question]]:
    """Give each column its field: as answered, as saved, as suggested, or ask."""
    columns, ignored = _answered(kind, mapping, header, answers)
    by_column = {s.column: s for s in suggestions}
    questions: list[Question] = []
    for column in header:
        if column in columns.values() or column in ignored:
            continue
        found = by_column.get(column)
        if found and found.field not in columns and (take_sure and found.is_sure):
            columns[found.field] = column
        else:
            open_fields = [f.name for f in kind.fields if f.name not in columns]
            questions.append(_column_question(column, found, open_fields))
    return replace(mapping, columns=columns, ignored=tuple(ignored)), questions


def _answered(
    kind: Kind, mapping: Mapping, header: list[str], answers: AnyMapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Return the column of each field, and the columns left out, as answered and else as saved.

    Raises Invalid, naming each field that two columns would fill, and each column that would fill
    two fields.
    """
    names = {f.name for f in kind.fields}
    said = {c: answers[f"column:{c}"] for c in header if f"column:{c}" in answers}
    chosen = [(field, column) for column, field in said.items() if field in names]
    for id_, column in answers.items():
        field = id_.removeprefix("field:")
        if field != id_ and field in names and column in header and said.get(column) != field:
            chosen.append((field, column))
    kept = [(f, c) for f, c in mapping.columns.items() if c in header and c not in said]
    columns: dict[str, str] = {}
    twice = _filling_two(kept, chosen)
    for field, column in (*kept, *chosen):
        if columns.get(field, column) != column:
            twice.append(
                reason("field_filled_twice", field=field, column=column, other=columns[field])
            )
        columns[field] = column
    if twice:
        raise Invalid(*twice)
    left = {c for c in mapping.ignored if c not in said}
    left |= {column for column, answer in said.items() if answer == "ignore"}
    return columns, [c for c in header if c in left and c not in columns.values()]


def _filling_two(
    kept: Sequence[tuple[str, str]], chosen: Sequence[tuple[str, str]]
) -> list[Reason]:
    """Return a reason for each column that is chosen for a field while it fills another one."""
    fills = {column: field for field, column in kept}
    found = []
    for field, column in chosen:
        other = fills.setdefault(column, field)
        if other != field:
            found.append(reason("column_filled_twice", column=column, field=field, fills=other))
    return found


def _column_question(column: str, found: Suggestion | None, open_fields: list[str]) -> Question:
    id_ = f"column:{column}"
    ignore = Choice(value="ignore")
    if _is_protected(column):
        return Question(id=id_, code="column_protected", column=column, choices=(ignore,))
    rest = tuple(Choice(value=f) for f in open_fields if found is None or f != found.field)
    if found is None or found.field not in open_fields:
        return Question(id=id_, code="column_unknown", column=column, choices=(ignore, *rest))
    first = Choice(value=found.field)
    params = {"confidence": format(found.confidence, ".2f"), "why": found.why}
    code = "column_suggested" if found.is_sure else "column_unclear"
    return Question(id=id_, code=code, column=column, choices=(first, ignore, *rest), params=params)


def _is_protected(column: str) -> bool:
    return folded(column) in _PROTECTED


def _suggested(questions: Sequence[Question]) -> dict[str, str]:
    """Return the columns that open questions suggest, by field."""
    suggested = ("column_suggested", "column_unclear")
    return {q.choices[0].value: q.column or "" for q in questions if q.code in suggested}


def _unfilled(
    kind: Kind, mapping: Mapping, header: list[str], suggested: AnyMapping[str, str]
) -> list[Question]:
    """Return what the kind needs and neither a column nor a constant gives, nor may give."""
    filled = {*mapping.columns, *mapping.constants, *suggested}
    free = [c for c in header if c not in mapping.columns.values() and not _is_protected(c)]
    questions = [
        Question(
            id=f"field:{name}",
            code="required_field_unmapped",
            choices=tuple(Choice(value=column) for column in free),
            params={"field": name},
        )
        for name in kind.required
        if name not in filled
    ]
    if kind.either and not filled.intersection(kind.either):
        questions.append(_either(kind.either, free))
    phones = {field.name for field in kind.fields if field.type == "phone"}
    if phones & mapping.columns.keys() and "country" not in filled:
        questions.append(_constant("country", "phone_country_missing", ()))
    return questions


def _lacks_currency(kind: Kind, mapping: Mapping, suggested: AnyMapping[str, str]) -> bool:
    """Tell whether there are amounts of which nothing says the currency."""
    filled = {*mapping.columns, *mapping.constants, *suggested}
    names = {f.name for f in kind.fields}
    money = {"list_price", "cost"} if kind.name == "products" else names
    return "currency" in names and "currency" not in filled and bool(money & filled)


def _tax(
    mapping: Mapping,
    suggested: AnyMapping[str, str],
    unclear: Collection[str | None],
    samples: AnyMapping[str, Sequence[Cell]],
) -> list[Question]:
    """Ask how much tax is in amounts, where nothing beside them says it; of a column that may as
    well hold amounts without tax, in case it does not."""
    filled = {**suggested, **mapping.columns}
    column = filled.get("gross_amount")
    if not column or WITH_TAX_KNOWN & {*filled, *mapping.constants}:
        return []
    quantities, prices, discounts = (samples.get(filled.get(name, ""), ()) for name in _PRICED)
    if price_is_net(quantities, prices, discounts, samples.get(column, ())):
        return []
    code = "tax_rate_if_gross" if column in unclear else "tax_rate_missing"
    return [replace(_constant("tax_rate", code, ("0%",)), column=column)]


def _either(fields: Sequence[str], free: Sequence[str]) -> Question:
    """Ask which column gives the first of some fields of which one is needed."""
    return Question(
        id=f"field:{fields[0]}",
        code="one_of_fields_unmapped",
        choices=tuple(Choice(value=column) for column in free),
        params={"field": fields[0], "or": fields[1]},
    )


def _constant(field: str, code: str, values: tuple[str, ...]) -> Question:
    return Question(id=f"set:{field}", code=code, choices=tuple(Choice(value=v) for v in values))
