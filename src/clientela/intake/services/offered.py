"""Which answers a run takes: to what it asks or has asked, of what it offers."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence

from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping.column_rules import ANSWERS
from clientela.intake.mapping.customers import BY, WHOSE
from clientela.intake.models import Run
from clientela.intake.services.answers_ahead import named
from clientela.kernel.reasons import Invalid, Reason

_FREE = ("kind", "set")  # read, and refused, as what is said with the file is


def demand_offered(run: Run, answers: AnyMapping[str, str]) -> None:
    """Refuse answers to what is not asked, and those that a question does not offer.

    The mapping is answered whole, as pages send it: each column may be given a field or be left
    out, each needed field a column, also where nothing is open any more. An answer of an earlier
    round may be changed. Raises Invalid with a reason for each, naming question and choices.
    """
    reasons = []
    for id_, answer in answers.items():
        offered = _offered(run, id_, answers)
        if offered is None:
            asked = [question["id"] for question in run.questions]
            params = {"question": id_[:60], "known": named(asked)}
            reasons.append(Reason(code="question_not_asked", params=params))
        elif offered and answer not in offered:
            params = {"question": id_, "answer": answer[:60], "known": named(offered)}
            reasons.append(Reason(code="answer_not_offered", params=params))
    if reasons:
        raise Invalid(*reasons)


def _offered(run: Run, id_: str, answers: AnyMapping[str, str]) -> Sequence[str] | None:
    """Return what may be answered, nothing where anything may be; None: that is not asked."""
    about, _, name = id_.partition(":")
    asked = next((question for question in run.questions if question["id"] == id_), None)
    if about in _FREE:
        return ()
    if run.staged and about in ("column", "field", *ANSWERS):
        return ()  # too late, whatever it says: refused as that
    if about == "column":
        return _of_column(run, asked, name, answers)
    if asked is not None:
        return list(asked["choices"])
    header = run.description.get("layout", {}).get("header", [])
    if about in ANSWERS and name in header:
        return ANSWERS[about]  # said ahead: it is asked once the columns are settled
    if about == "field" and name in _fields(run, answers):
        return [column for column in header if column]
    if id_ == WHOSE and run.definition.get("customers"):
        return BY
    rules = run.definition.get("rules", {})
    known = id_ in run.answers.get("answers", {}) or (
        about in ("dates", "nulls", "several") and name in rules
    )
    return () if known else None


def _of_column(
    run: Run, asked: AnyMapping[str, object] | None, name: str, answers: AnyMapping[str, str]
) -> Sequence[str] | None:
    if asked is not None and asked["code"] == "column_protected":
        return ["ignore"]
    fields = _fields(run, answers)
    header = run.description.get("layout", {}).get("header", [])
    return ["ignore", *fields] if fields and name in header else None


def _fields(run: Run, answers: AnyMapping[str, str]) -> list[str]:
    """Return the fields of the kind of rows, and of another that it is changed to."""
    kinds = [KINDS[name] for name in (run.kind, answers.get("kind", "")) if name in KINDS]
    return list(dict.fromkeys(field.name for kind in kinds for field in kind.fields))
