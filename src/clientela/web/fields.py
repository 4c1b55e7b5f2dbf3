"""Fields of the product's own forms: small, typed, with what is wrong beside each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from django.utils.functional import Promise

from clientela.kernel.reasons import Invalid, Reason, Refused
from clientela.kernel.text import is_whole
from clientela.security.administration import node_by_code
from clientela.security.selectors import organisation
from clientela.web import words
from clientela.web.reasons import sentence
from clientela.web.request import Request

Choice = tuple[object, str | Promise]
INDENT = "\u2003"  # of one place below another: an em space


@dataclass(kw_only=True)
class Field:
    """One field as the page shows it. `key` is its name in the form.

    `type` is that of an input, or `textarea`, or `checks` (several of the choices).
    """

    key: str
    label: str | Promise
    also: str = ""  # what else reasons call it
    value: object = ""
    type: str = "text"
    choices: Sequence[Choice] = ()
    hint: str | Promise = ""
    placeholder: str = ""
    required: bool = False
    wide: bool = False
    most: int | None = None  # characters, or the greatest number
    least: int | None = None
    errors: list[str] = field(default_factory=list)
    remover: str = ""  # name of a box that removes what the field does not show
    focused: bool = False  # the first that is wrong, so that the reader lands on it


def place(
    fields: Iterable[Field], refusal: Refused, belongs: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Put each reason beside its field; return the sentences that belong to none.

    :param belongs: code of a reason -> key of its field, where the reason names none.
    """
    by_key = {one.key: one for one in fields}
    named = {one.also: one for one in by_key.values() if one.also} | by_key
    rest = []
    for reason in refusal.reasons:
        key = str(reason.params.get("field", "")) or belongs.get(reason.code, "")
        target = named.get(key)
        if target is not None:
            target.errors.append(sentence(reason))
        else:
            rest.append(sentence(reason))
    wrong = [one for one in by_key.values() if one.errors]
    if wrong and not rest:
        wrong[0].focused = True
    return rest


def refuse(
    request: Request, fields: Iterable[Field], refusal: Refused, belongs: Mapping[str, str]
) -> tuple[list[str], int]:
    """Place what was refused in the form, for the trail as well; return the rest and the status.

    The form then comes back whole, with all that was typed.
    """
    request.refusal = refusal
    return place(fields, refusal, belongs), 422 if isinstance(refusal, Invalid) else 409


def day_of(text: str, key: str) -> date | None:
    """Return a day from a form; None where it was left empty. Raises Invalid."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(Reason(code="value_not_a_date", params={"field": key})) from error


def whole_of(text: str, key: str) -> int:
    """Return a whole number from a form. Raises Invalid."""
    try:
        if not is_whole(text):
            raise ValueError(text[:20])
        return int(text)
    except ValueError as error:
        raise Invalid(Reason(code="value_not_a_number", params={"field": key})) from error


def node_choices() -> list[Choice]:
    """Return the places to choose from, as their tree: indented, with the kind of each.

    The space before a name is none that a browser looks at when a place is found by typing.
    """
    return [
        (node.code, f"{INDENT * (node.path.count('/') - 2)}{node.name} · {words.NODES[node.kind]}")
        for node in organisation()
    ]


def node_of(code: str, key: str) -> int:
    """Return the node of the organisation that a form names by its code. Raises Invalid."""
    if not code.strip():
        raise Invalid(Reason(code="value_missing", params={"field": key}))
    node = node_by_code(code)
    if node is None:
        raise Invalid(Reason(code="node_unknown", params={"field": key}))
    return node.pk
