"""Another telephone number or e-mail address beside those of a file: what it is, and its name.

The form has a pair of fields for each attribute of which a party may have several. What is typed
in them is stated under a key of its own, `phone#office`; one of that name which stands already is
changed in its own field, never from here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clientela.kernel.reasons import Invalid, Reason
from clientela.records.attributes import ATTRIBUTES, LONGEST_ITEM, Attribute, fault_of_item
from clientela.web.fields import Field
from clientela.web.forms import ADDED, CALLED

TYPES = {"phone": "tel", "email": "email"}


@dataclass(frozen=True, kw_only=True)
class More:
    """The pair of one attribute: what is added, and what it is called."""

    attribute: Attribute
    value: Field
    name: Field

    @property
    def is_filled(self) -> bool:
        return bool(str(self.value.value).strip() or str(self.name.value).strip())

    @property
    def key(self) -> str:
        """The key that is stated, by which reasons name the value's field as well."""
        return self.value.also


def pairs(shown: Iterable[str], given: Mapping[str, str]) -> list[More]:
    """Return the pair of each attribute that may occur often.

    :param shown: keys of the facts in the form: what may not be changed has no pair either.
    """
    there = {key.partition("#")[0] for key in shown}
    return [_pair(one, given) for one in ATTRIBUTES.values() if one.many and one.name in there]


def _key(attribute: str, called: str) -> str:
    return f"{attribute}#{' '.join(called.split())}"


def _pair(attribute: Attribute, given: Mapping[str, str]) -> More:
    name, called = attribute.name, given.get(f"{CALLED}{attribute.name}", "")
    label = {"phone": _("Another phone"), "email": _("Another e-mail")}.get(name, attribute.label)
    names = {"phone": _("Name of the other phone"), "email": _("Name of the other e-mail")}
    return More(
        attribute=attribute,
        value=Field(
            key=f"{ADDED}{name}", label=label, type=TYPES.get(name, "text"),
            value=given.get(f"{ADDED}{name}", ""), also=_key(name, called),
        ),
        name=Field(
            key=f"{CALLED}{name}", label=names.get(name, _("Name")), most=LONGEST_ITEM,
            value=called, hint=_("For example: office, mobile."),
        ),
    )  # fmt: skip


def among(facts: Sequence[Field], more: Iterable[More]) -> list[Field]:
    """Return the fields of a form in their order: each pair after the facts of its attribute."""
    after = {one.attribute.name: one for one in more}
    found: list[Field] = []
    for n, fact in enumerate(facts):
        found.append(fact)
        name = fact.key.partition("#")[0]
        following = facts[n + 1].key.partition("#")[0] if n + 1 < len(facts) else ""
        if name in after and following != name:
            found += [after[name].value, after[name].name]
    return found


def added(more: Iterable[More], standing: Iterable[str]) -> dict[str, str]:
    """Return what is stated of the pairs that were filled in, by key.

    :param standing: keys of facts that have a value. Raises Invalid, naming each bad field.
    """
    taken = {key.casefold() for key in standing}
    filled = [one for one in more if one.is_filled]
    faults = [fault for one in filled if (fault := _fault(one, taken)) is not None]
    if faults:
        raise Invalid(*faults)
    return {one.key: str(one.value.value).strip() for one in filled}


def _fault(one: More, taken: set[str]) -> Reason | None:
    for field in (one.value, one.name):
        if not str(field.value).strip():
            return Reason(code="value_missing", params={"field": field.key})
    if one.key.casefold() in taken:
        params = {"field": one.name.key, "given": one.key.partition("#")[2]}
        return Reason(code="item_stands_already", params=params)
    fault = fault_of_item(one.key)
    if fault is None:
        return None
    return Reason(code=fault.code, params={**fault.params, "field": one.name.key})
