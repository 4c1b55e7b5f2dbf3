"""Answers that are given with a file, before it has asked anything.

An answer to a question that is then not asked is no harm, where files of its kind may ask it. One
that none of them asks, or that no such question offers, is a slip: it is refused, and what there is
is named. So is one that the file's own question does not offer, which is asked although it came.
"""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence

from clientela.intake.kinds.customer_kind import NAME as CUSTOMER_KIND
from clientela.intake.kinds.registry import KINDS
from clientela.intake.mapping import column_rules
from clientela.intake.mapping.customers import BY, WHOSE
from clientela.intake.mapping.plan import Plan
from clientela.intake.reading.description import Description
from clientela.intake.reading.encodings import ENCODINGS
from clientela.intake.reading.separators import NAMES as SEPARATORS
from clientela.intake.reading.separators import answered as separator_answered
from clientela.intake.services import accounts, alike, credit_signs, telling
from clientela.intake.services.stagers import STAGERS
from clientela.kernel.reasons import Invalid, Reason

_NAMED = 12  # of what is offered, in a sentence
_FILE: AnyMapping[str, Sequence[str]] = {
    "encoding": ENCODINGS,
    "separator": tuple(SEPARATORS.values()),
    "comments": ("skip", "keep"),
    "hidden_rows": ("take", "skip"),
    "merged": ("first_cell",),
}
_EMPTY_HEADER = ("ignore", "keep")
_OF_COLUMNS = ("column", *column_rules.ANSWERS)


def demand_asked_somewhere(
    answers: AnyMapping[str, str], description: Description, planned: Plan | None
) -> None:
    """Refuse answers given with a file to what no file of its kind asks, or offers. Raises Invalid
    with a reason for each, naming questions or choices."""
    kind = planned.mapping.kind if planned else ""
    asked = planned.questions if planned else description.questions
    still = {q.id: [choice.value for choice in q.choices] for q in asked}
    reasons = []
    for id_, answer in answers.items():
        offered = _offered(id_, kind, description)
        if offered is None:
            params = {"question": id_[:60], "known": ", ".join(_ids(kind))}
            reasons.append(Reason(code="question_not_offered", params=params))
        elif id_ in still or (offered and not _is_one(id_, answer, offered)):
            known = still.get(id_) or offered
            params = {"question": id_[:60], "answer": answer[:60], "known": named(known)}
            reasons.append(Reason(code="answer_not_offered", params=params))
    if reasons:
        raise Invalid(*reasons)


def named(names: Sequence[str]) -> str:
    """Return what is offered as a sentence names it, the first of many."""
    more = " …" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def of_rows(kind: str) -> dict[str, Sequence[str]]:
    """Return the questions that the rows of a kind may raise once they are read, or that are about
    the source of their file, with their answers; of every kind where none is named."""
    kinds = [kind] if kind else list(KINDS)
    found: dict[str, Sequence[str]] = {}
    for name in kinds:
        if any(field.name == CUSTOMER_KIND for field in KINDS[name].fields):
            found[WHOSE] = BY
        if STAGERS[name].table == "sales_line":
            found[credit_signs.ASKED] = credit_signs.ANSWERS
        if STAGERS[name].table in accounts.GIVEN:
            found[alike.ASKED] = alike.ANSWERS
        if name == "customers":
            found[accounts.CHANGED] = accounts.TAKEN
        if name == "payments":
            found[telling.SETTLEMENT] = (telling.KNOWN, telling.UNKNOWN)
    return found


def _offered(id_: str, kind: str, description: Description) -> Sequence[str] | None:
    """Return what a question may be answered, nothing where anything may be or what may be is
    judged elsewhere; None: nothing of this kind asks it."""
    about, colon, name = id_.partition(":")
    if id_ in _FILE:
        return _FILE[id_]
    if id_ == "kind":
        return tuple(KINDS)
    if id_ == "sheet":
        return [sheet.name for sheet in description.sheets if sheet.rows]
    if id_ == "header":
        return _headers(description)
    if (found := of_rows(kind).get(id_)) is not None:
        return found
    if not colon or not name:
        return None
    if about == "set":
        return ()  # judged with what is set for all rows
    header = [column for column in description.layout.header if column]
    if about == "empty_header":
        at = int(name) if name.isascii() and name.isdigit() else 0
        return _EMPTY_HEADER if 0 < at <= max(description.layout.width, 1) or not header else None
    if about in _OF_COLUMNS and header and name not in header:
        return None
    if about == "column":
        return ["ignore", *_fields(kind)] if kind else ()
    if about == "field":
        return None if kind and name not in _fields(kind) else header
    return column_rules.ANSWERS.get(about)


def _headers(description: Description) -> Sequence[str]:
    """Return the line that a header was found in, and that there may be none."""
    if not description.layout.header:
        return ()  # asked, or not come to yet
    return ["none", *(str(line) for line in range(1, description.layout.data_line))]


def _is_one(id_: str, answer: str, offered: Sequence[str]) -> bool:
    return answer in offered or (id_ == "separator" and separator_answered(answer) is not None)


def _fields(kind: str) -> list[str]:
    return [field.name for field in KINDS[kind].fields] if kind in KINDS else []


def _ids(kind: str) -> list[str]:
    """Return the questions that files of a kind may ask, those of columns by an example."""
    columns = [f"{about}:NAME" for about in _OF_COLUMNS]
    rows = list(of_rows(kind))
    return ["kind", *_FILE, "sheet", "header", "empty_header:1", *columns, "field:NAME",
            "set:FIELD", *rows]  # fmt: skip
