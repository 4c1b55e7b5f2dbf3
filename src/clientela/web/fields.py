"""Fields of the product's own forms: small, typed, with what is wrong beside each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.functional import Promise

from clientela.kernel.reasons import Invalid, Reason, Refused
from clientela.web.reasons import sentence

Choice = tuple[object, str | Promise]


@dataclass(kw_only=True)
class Field:
    """One field as the page shows it. `key` is its name in the form."""

    key: str
    label: str | Promise
    value: object = ""
    type: str = "text"
    choices: Sequence[Choice] = ()
    hint: str | Promise = ""
    placeholder: str = ""
    required: bool = False
    wide: bool = False
    errors: list[str] = field(default_factory=list)


def place(fields: Iterable[Field], refusal: Refused) -> list[str]:
    """Put each reason beside its field; return the sentences that belong to none."""
    by_key = {one.key: one for one in fields}
    rest = []
    for reason in refusal.reasons:
        target = by_key.get(str(reason.params.get("field", "")))
        if target is not None:
            target.errors.append(sentence(reason))
        else:
            rest.append(sentence(reason))
    return rest


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
        if len(text) > 18 or not text.isascii():
            raise ValueError(text[:20])
        return int(text)
    except ValueError as error:
        raise Invalid(Reason(code="value_not_a_number", params={"field": key})) from error
