"""The mapping form: what each column is, what is the same in all rows, what is still asked.

The form shows the whole mapping each time and sends the whole of it back, so an answer of an
earlier round can be changed in a later one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from clientela.intake.grammar.answers import plain
from clientela.intake.grammar.choices import parse_choice
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.customers import BY, WHOSE
from clientela.intake.mapping.plan import WITH_TAX_KNOWN
from clientela.intake.mapping.suggest import SURE
from clientela.intake.reading.own_columns import is_own
from clientela.intake.selectors.samples import NO_SAMPLES, Samples
from clientela.web import import_words as words

if TYPE_CHECKING:
    from clientela.intake.models import Run

SAMPLES, SAMPLE_LENGTH = 3, 40
NEED, COLUMN, FIELD, CONSTANT = "need:", "column:", "field:", "set:"
_OF_COLUMNS = {"column_suggested", "column_unclear", "column_unknown", "column_protected"}
_OF_FIELDS = {"required_field_unmapped", "one_of_fields_unmapped"}
_NAMED = {"field", "or"}  # parameters that are fields
_FREE = {
    "currency_missing",
    "tax_rate_missing",
    "tax_rate_if_gross",
}  # may be answered otherwise than is offered


@dataclass(kw_only=True)
class Column:
    """A column of the file as the form shows it. `confidence` in per cent, 0 without a suggestion;
    `chosen` is a field, `ignore`, or empty while nobody has said."""

    name: str
    samples: list[str]
    chosen: str
    suggested: str = ""
    confidence: int = 0
    sure: bool = False
    why: str = ""
    fixed: bool = False
    fields: list[tuple[str, str]] = field(default_factory=list)


@dataclass(kw_only=True)
class Asked:
    """A question with its choices: (value, words, what the data look like under it)."""

    id: str
    text: str
    choices: list[tuple[str, str, str]]
    chosen: str = ""
    suggested: str = ""  # is chosen too, as long as nobody has said otherwise
    kind: str = "choice"  # or: columns, text


@dataclass(kw_only=True)
class Constant:
    """What is the same in every row: a field with its words, the value, what it may be."""

    name: str
    text: str
    value: str
    choices: list[tuple[str, str]] = field(default_factory=list)


def form_of(run: "Run", posted: Mapping[str, Any], samples: Samples) -> dict[str, Any]:
    """Return what the mapping form shows. `posted` stands before what the run holds."""
    # Rows that were read raise questions of their own: how they are read is settled.
    fields = KINDS[run.kind].fields if run.kind in KINDS and not run.staged else ()
    choices = [(f.name, words.field_word(run.kind, f.name)) for f in fields]
    columns = list(_columns(run, posted, choices, samples)) if fields else []
    filled = {column.chosen for column in columns}
    return {
        "columns": columns,
        "asked": [_asked(run, q, posted, samples) for q in run.questions if _is_open(q, filled)]
        + ([] if run.staged else _said_whose(run, posted)),
        "constants": _constants(run),
        "prefixes": ",".join(f"{p}:{k}" for p, k in run.definition.get("prefixes", {}).items()),
        "kept": [] if run.staged else _kept(run),
        "fields": choices,
        "required": _needed(run.kind) if fields else [],
        "is_mapped": bool(fields),
        "kinds": [(name, str(text)) for name, text in words.KINDS.items()],
        "chosen_kind": posted.get("kind", run.kind),
    }


def _needed(kind: str) -> list[str]:
    """Return the words for the fields without which no row of a kind can be taken."""
    needed = [words.field_word(kind, name) for name in KINDS[kind].required]
    either = [words.field_word(kind, name) for name in KINDS[kind].either]
    if either:
        needed.append(_("%(field)s or %(or)s") % {"field": either[0], "or": either[1]})
    return needed


def answers_of(posted: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers that a posted form holds, as `answer_questions` takes them."""
    answers: dict[str, str] = {}
    needs: dict[str, str] = {}
    constant = {"field": "", "value": ""}
    for name, value in posted.items():
        given = str(value).strip()
        if not given:
            continue
        if name.startswith(NEED):
            needs[name.removeprefix(NEED)] = given
        elif name in ("constant_field", "constant_value"):
            constant[name.removeprefix("constant_")] = given
        elif ":" in name or name in ("kind", "encoding", "separator", "comments", "header",
                                     "sheet", "hidden_rows", "merged", "settlement"):  # fmt: skip
            answers[name] = given
    if constant["field"] and constant["value"]:
        answers[f"{CONSTANT}{constant['field']}"] = constant["value"]
    for needed, column in needs.items():
        said = answers.get(f"{COLUMN}{column}", "ignore")
        # Of a column that is chosen for something else as well both are handed on, to be refused.
        if said in ("ignore", needed):
            answers[f"{COLUMN}{column}"] = needed
        else:
            answers[f"{FIELD}{needed}"] = column
    return answers


def _columns(
    run: "Run", posted: Mapping[str, Any], choices: list[tuple[str, str]], samples: Samples
) -> Iterable[Column]:
    mapped = {column: name for name, column in run.definition.get("columns", {}).items()}
    ignored = run.definition.get("ignored", [])
    found = {s["column"]: s for s in run.description.get("suggestions", [])}
    fixed = {q["column"] for q in run.questions if q["code"] == "column_protected"}
    for at, name in enumerate(run.description["layout"]["header"]):
        if not name or is_own(name):
            continue
        column = Column(name=name, samples=_samples(samples.rows, at), chosen="", fields=choices)
        column.fixed = name in fixed
        if suggestion := found.get(name):
            column.suggested = str(suggestion["field"])
            column.confidence = round(float(suggestion["confidence"]) * 100)
            column.sure = suggestion["confidence"] >= SURE
            column.why = str(words.WHY.get(suggestion["why"], ""))
        likely = column.suggested if column.sure else "" if column.suggested else "ignore"
        settled = mapped.get(name) or ("ignore" if name in ignored else "") or likely
        column.chosen = "ignore" if column.fixed else posted.get(f"{COLUMN}{name}", settled)
        yield column


def _is_open(question: Mapping[str, Any], filled: set[str]) -> bool:
    """Tell whether a question stands above the table: what a column there will fill does not."""
    if question["id"] == f"{CONSTANT}customer_kind":
        return "customer_kind" not in filled
    if question["code"] == "tax_rate_missing":
        return WITH_TAX_KNOWN.isdisjoint(filled)
    if question["code"] in _OF_FIELDS:
        return filled.isdisjoint(question["params"].values())
    return question["code"] not in _OF_COLUMNS


def _samples(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    """Return the first different values of a column, cut to a line."""
    seen = dict.fromkeys(row[at].strip() for row in rows if at < len(row) and row[at].strip())
    return [value[:SAMPLE_LENGTH] for value in list(seen)[:SAMPLES]]


def _asked(
    run: "Run", question: Mapping[str, Any], posted: Mapping[str, Any], samples: Samples
) -> Asked:
    code, id_ = question["code"], question["id"]
    params = {"column": question["column"] or "", **question["params"]}
    named = {name: words.field_word(run.kind, params[name]) for name in _NAMED & params.keys()}
    params |= named
    previews = samples.previews.get(id_, {})
    told = {v: words.choice_word(code, v, question["params"]) for v in question["choices"]}
    choices = [(v, text, previews.get(v, "")) for v, text in told.items()]
    asked = Asked(id=id_, text=str(words.QUESTIONS.get(code, code)) % params, choices=choices)
    asked.suggested = question["params"].get("likely", "")
    asked.chosen = posted.get(id_, asked.suggested)
    if code == "kind_unclear":
        asked.choices = [(value, text, "") for value, text, _ in choices]
        asked.chosen = asked.chosen or choices[0][0]
    elif code in _OF_FIELDS:
        asked.id, asked.kind = f"{NEED}{question['params']['field']}", "columns"
    elif not choices or code in _FREE:
        asked.kind = "text"
    return asked


def _said_whose(run: "Run", posted: Mapping[str, Any]) -> list[Asked]:
    """Return how it was settled whose the sales are, to be changed as long as anything is asked."""
    said = run.definition.get("customers", "")
    if not said:
        return []
    question = {
        "id": WHOSE,
        "code": "customer_key_missing",
        "choices": BY,
        "column": "",
        "params": {},
    }
    return [_asked(run, question, {WHOSE: said, **posted}, NO_SAMPLES)]


def _constants(run: "Run") -> list[Constant]:
    """Return what is the same in all rows."""
    constants = run.definition.get("constants", {})
    return [_constant(run.kind, name, value) for name, value in sorted(constants.items())]


def _constant(kind: str, name: str, value: str) -> Constant:
    """Return a constant as the form shows it: a choice in words, however it was given."""
    shown = Constant(name=name, text=words.field_word(kind, name), value=value)
    known = {f.name: dict(f.words or {}) for f in KINDS[kind].fields} if kind in KINDS else {}
    meant = known.get(name, {})
    values = [v for v in dict.fromkeys(meant.values()) if isinstance(v, str)]
    given = plain(parse_choice(value, meant))
    if given in values and all(v in words.CHOICES for v in values):
        shown.value = str(given)
        shown.choices = [(v, str(words.CHOICES[v])) for v in values]
    return shown


def _kept(run: "Run") -> list[tuple[str, str]]:
    """Return the rules of a saved mapping as answers, so that they are not asked again."""
    kept = []
    for column, rule in run.definition.get("rules", {}).items():
        if rule["dates"].get("order"):
            kept.append((f"dates:{column}", rule["dates"]["order"]))
        if rule["nulls"]:
            kept.append((f"nulls:{column}", "none"))
        if rule.get("several"):
            kept.append((f"several:{column}", rule["several"]))
    asked = {q["id"] for q in run.questions}
    return [(id_, value) for id_, value in kept if id_ not in asked]
