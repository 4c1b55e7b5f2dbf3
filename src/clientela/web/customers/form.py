"""The form of a customer's facts, made from the attributes of the file.

A masked value is not put into the form: its field is empty, shows the mask, and left
empty it changes nothing. A box beside it removes the value unseen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from clientela.kernel.masked import Masked
from clientela.records.attributes import ATTRIBUTES, CONTACT, Attribute, attribute_of
from clientela.records.selectors import current_day, file_of
from clientela.security.permits import Access
from clientela.security.roles import View
from clientela.web import formats
from clientela.web.customers.file import CODED, DAYS
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
    """A field with what it held before."""

    before: str = ""
    removed: bool = False

    @property
    def is_changed(self) -> bool:
        return self.removed or str(self.value).strip() != self.before


def fields_for_new(kind: str, given: Mapping[str, str]) -> list[FactField]:
    """Return the fields of a new file: name first, then how to reach the party."""
    names = sorted(_names(kind), key=lambda n: FIRST.index(n) if n in FIRST else len(FIRST))
    made = [_field(ATTRIBUTES[name], name, "", given) for name in names]
    return [f for f in made if f.key != "stage"] + [f for f in made if f.key == "stage"]


def fields_of(
    access: Access, customer: "Customer", given: Mapping[str, str], *, at: datetime
) -> list[FactField]:
    """Return a field for each attribute that the user may see and change, as it is now."""
    facts = {
        f.key: f for f in file_of(access, customer, true_on=current_day(access, at), known_on=at)
    }
    where: dict[str, Any] = {"node_id": customer.org_node_id, "owner_id": customer.owner_id}
    every = access.reach("customer.write").covers(**where)
    fields = []
    for name in _names(customer.kind):
        attribute = ATTRIBUTES[name]
        if not every and name not in CONTACT:
            continue
        field_class = attribute.field_class(customer.kind) or "S1"
        if access.view(field_class, **where) is View.NONE:
            continue
        keys = [key for key in facts if key.partition("#")[0] == name] or [name]
        for key in keys:
            value = facts[key].value if key in facts else None
            fields.append(_field(attribute, key, value, given))
    return fields


def stated(kind: str, fields: Iterable[FactField]) -> dict[str, Any]:
    """Return what a new file states: what was filled in. Raises Invalid."""
    return {f.key: _typed(f) for f in fields if str(f.value).strip()}


def changes(kind: str, fields: Iterable[FactField]) -> dict[str, Any]:
    """Return what was changed; emptied means "has none". Raises Invalid."""
    return {f.key: _typed(f) for f in fields if f.is_changed}


def _names(kind: str) -> list[str]:
    return [n for n, a in ATTRIBUTES.items() if a.field_class(kind) is not None and n not in APART]


def _field(attribute: Attribute, key: str, value: Any, given: Mapping[str, str]) -> FactField:
    masked = isinstance(value, Masked)
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    before = "" if masked or value is None else str(value)
    item = key.partition("#")[2]
    optional = masked and attribute.name != "name"
    remover = f"{REMOVE}{key}" if optional else ""
    return FactField(
        key=key,
        label=f"{attribute.label} ({item})" if item else attribute.label,
        value=given.get(key, before),
        before=before,
        type=TYPES.get(attribute.name, "text"),
        choices=_choices(attribute.name, before),
        placeholder=str(value) if masked else "",
        hint=_("Masked. Left empty, it stays as it is.")
        if masked
        else _hint(attribute.name, before),
        required=attribute.name == "name" and not masked,
        wide=attribute.name in ("note", "address"),
        remover=remover,
        removed=bool(remover and given.get(remover)),
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
    if text and attribute_of(field.key).name in DAYS:
        found = day_of(text, field.key)
        return found.isoformat() if found else None
    return text or None
