"""The form of a customer's facts, made from the attributes of the file.

A masked value is not put into the form: its field is empty, shows the mask, and left
empty it changes nothing. A box beside it removes the value unseen. What differs from what the
form showed is stated, and nothing else: others may have corrected the rest meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from clientela.kernel.masked import Masked
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.attributes import ATTRIBUTES, CONTACT, attribute_of
from clientela.records.services.standing import NOTHING, ChangedMeanwhile, Standing
from clientela.security.permits import Access
from clientela.security.roles import View
from clientela.web import formats, words
from clientela.web.customers.file import CODED, DAYS, in_words
from clientela.web.customers.shown import Shown, text_imprint
from clientela.web.fields import Field, day_of
from clientela.web.forms import REMOVE
from clientela.web.industries import industry

if TYPE_CHECKING:
    from clientela.records.models import Customer

# Changed by acts of their own, not by typing.
APART = {"org_node", "owner"}
TYPES = {**dict.fromkeys(DAYS, "date"), "note": "textarea", "email": "email", "phone": "tel"}
FIRST = ("name", "trade_name", "phone", "email", "country", "city", "address", "postcode")


@dataclass(kw_only=True)
class FactField(Field):
    """A field with what it shows now, and what it had shown in the form that was sent."""

    now: Shown
    was: Shown
    is_changed: bool = False
    removed: bool = False
    told: bool = False  # the reader is told what others made of it

    @property
    def removers(self) -> set[str]:
        """The names of boxes that this field may have had."""
        masked = self.was.text is None or self.now.text is None
        return {f"{REMOVE}{self.key}"} if masked and not _is_name(self.key) else set()


def fields_for_new(kind: str, given: Mapping[str, str]) -> list[FactField]:
    """Return the fields of a new file: name first, then how to reach the party."""
    names = sorted(_names(kind), key=lambda n: FIRST.index(n) if n in FIRST else len(FIRST))
    made = [_field(name, None, NOTHING, given, None) for name in names]
    return [f for f in made if f.key != "stage"] + [f for f in made if f.key == "stage"]


def fields_of(
    access: Access,
    customer: "Customer",
    standing: Standing,
    *,
    given: Mapping[str, str],
    shown: Mapping[str, Shown] | None,
) -> list[FactField]:
    """Return a field for each attribute that the user may see and change, as it is now.

    :param given: what was sent.
    :param shown: what the form had shown that was sent. What was not changed against it is shown
        as it is now; without it, all as it was sent.
    """
    where: dict[str, Any] = {"node_id": customer.org_node_id, "owner_id": customer.owner_id}
    every = access.reach("customer.write").covers(**where)
    known = [*standing.facts, *(key for key in shown or () if key not in standing.facts)]
    fields = []
    for name in _names(customer.kind):
        if not every and name not in CONTACT:
            continue
        field_class = ATTRIBUTES[name].field_class(customer.kind) or "S1"
        if access.view(field_class, **where) is View.NONE:
            continue
        for key in [key for key in known if key.partition("#")[0] == name] or [name]:
            fact = standing.facts.get(key)
            value = fact.value if fact is not None else None
            was = None if shown is None else shown.get(key, Shown(imprint=NOTHING, text=None))
            fields.append(_field(key, value, standing.imprint(key), given, was))
    return fields


def tell(fields: Iterable[FactField], standing: Standing, refusal: ChangedMeanwhile) -> None:
    """Say at each field that others changed what it is now, as the reader may see it.

    The form then shows it, and when it comes back it counts as shown. Where it was changed once
    more since the refusal it does not: that is told the next time.
    """
    for one in fields:
        if one.key in refusal.imprints and refusal.imprints[one.key] == one.now.imprint:
            one.told = True
            fact = standing.facts.get(one.key)
            if fact is None or fact.value is None:
                one.errors.insert(0, _("It has no value now."))
                continue
            value = fact.value
            if not isinstance(value, Masked):
                value = in_words(fact.attribute.name, value)
            said = {"value": str(value), "source": fact.source}
            one.errors.insert(0, _("It is now %(value)s (source: %(source)s).") % said)


def shown_by(fields: Iterable[FactField]) -> dict[str, Shown]:
    """Return what a form that is shown now shows: what was typed stands before what it had shown
    when it was typed, unless the reader is told what it is now."""
    return {f.key: f.was if f.is_changed and not f.told else f.now for f in fields}


def stated(kind: str, fields: Iterable[FactField]) -> dict[str, Any]:
    """Return what a new file states: what was filled in. Raises Invalid."""
    return {f.key: _typed(f) for f in fields if str(f.value).strip()}


def changes(kind: str, fields: Iterable[FactField]) -> dict[str, Any]:
    """Return what was changed; emptied means "has none". Raises Invalid."""
    return {f.key: _typed(f) for f in fields if f.is_changed}


def _names(kind: str) -> list[str]:
    return [n for n, a in ATTRIBUTES.items() if a.field_class(kind) is not None and n not in APART]


def _is_name(key: str) -> bool:
    return key == "name"


def _field(
    key: str, value: Any, imprint: str, given: Mapping[str, str], was: Shown | None
) -> FactField:
    attribute, masked = attribute_of(key), isinstance(value, Masked)
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = "" if masked or value is None else str(value)
    now = Shown(imprint=imprint, text=None if masked else text_imprint(key, text))
    removed = bool(given.get(f"{REMOVE}{key}")) and not _is_name(key)
    typed = given.get(key, "" if removed else None)
    changed = removed or (typed is not None and (was or now).is_changed_to(key, typed))
    item = key.partition("#")[2]
    return FactField(
        key=key,
        label=f"{attribute.label} ({words.word(words.ITEMS, item)})" if item else attribute.label,
        value=typed if typed is not None and (changed or was is None) else text,
        now=now,
        was=was or now,
        is_changed=changed,
        type=TYPES.get(attribute.name, "text"),
        choices=_choices(attribute.name, text),
        placeholder=str(value) if masked else "",
        hint=_("Masked. Left empty, it stays as it is.") if masked else _hint(attribute.name, text),
        required=attribute.name == "name" and not masked,
        wide=attribute.name in ("note", "address"),
        remover=f"{REMOVE}{key}" if masked and not _is_name(key) else "",
        removed=removed,
    )


def _hint(name: str, before: str) -> str:
    """Return the words for a code that stands in a field for any text."""
    said = industry(before) if name == "industry" else before
    return said if said != before else ""


def _choices(name: str, before: str) -> list[tuple[object, str]]:
    """Return what may be chosen; a word of a source's own stays possible."""
    if name in CODED:
        named = [(code, str(text)) for code, text in CODED[name].items()]
        own = [] if before in ("", *CODED[name]) else [(before, before)]
        return [("", "—"), *named, *own]
    if name == "country":
        return formats.countries()
    return []


def _typed(field: FactField) -> str | None:
    text = str(field.value).strip()
    if field.removed and text:
        raise Invalid(Reason(code="removed_and_typed", params={"field": field.key}))
    if text and attribute_of(field.key).name in DAYS:
        found = day_of(text, field.key)
        return found.isoformat() if found else None
    return text or None
