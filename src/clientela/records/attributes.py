"""The attributes of a customer file: what a source may state, and how harmful each is.

A version states some of these. An attribute that may occur several times carries an item
key after `#` (`phone#office`). The classes differ for companies and persons: a company's
number is internal, a person's is contact data and sealed (see `store.sealing`).
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientela.kernel.reasons import Reason

LONGEST_ITEM = 30  # characters of what tells one telephone number from another
MOST_DIGITS = 4  # in it: it is shown to everyone, and a number of a person is not
_ITEM = re.compile(rf"(?! )[\w .-]{{1,{LONGEST_ITEM}}}(?<! )")  # letters of any script, digits


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute. `column` is its column of the customer row, where it has one."""

    name: str
    label: str | Promise
    company: str | None = "S0"  # field class; None: does not apply to companies
    person: str | None = "S1"
    many: bool = False
    mask: str = "all"  # which mask a person's value shows: name, phone, email, tail, all
    counted_by: bool = False  # a band that analyses group persons by: plain at rest, yet masked

    def field_class(self, kind: str) -> str | None:
        return self.company if kind == "company" else self.person

    def is_sealed(self, kind: str) -> bool:
        """Tell whether a value is kept encrypted: S2 and higher, of a person, but for bands."""
        return kind == "person" and (self.person or "S0") >= "S2" and not self.counted_by


_ALL = (
    Attribute(name="name", label=_("Name"), person="S2", mask="name"),
    Attribute(name="trade_name", label=_("Trade name"), person=None),
    Attribute(name="registration_number", label=_("Registration number"), person=None),
    Attribute(name="tax_number", label=_("Tax number"), person="S4", mask="tail"),
    Attribute(name="identity_number", label=_("Identity number"), company=None, person="S4",
              mask="tail"),
    Attribute(name="country", label=_("Country")),
    Attribute(name="region", label=_("Province or state")),
    Attribute(name="city", label=_("City")),
    Attribute(name="address", label=_("Address"), person="S4"),
    Attribute(name="postcode", label=_("Postcode"), person="S2"),
    Attribute(name="phone", label=_("Phone"), company="S1", person="S2", many=True, mask="phone"),
    Attribute(name="email", label=_("E-mail"), company="S1", person="S2", many=True, mask="email"),
    Attribute(name="website", label=_("Web site")),
    Attribute(name="industry", label=_("Industry")),
    Attribute(name="legal_form", label=_("Legal form"), person=None),
    Attribute(name="founded_on", label=_("Founded"), person=None),
    Attribute(name="staff", label=_("Staff"), person=None),
    Attribute(name="sex", label=_("Sex"), company=None, person="S2", counted_by=True),
    Attribute(name="birth_date", label=_("Date of birth"), company=None, person="S2"),
    Attribute(name="age_band", label=_("Age band"), company=None, person="S2", counted_by=True),
    Attribute(name="income_band", label=_("Income band"), company=None, person="S2", counted_by=True),
    Attribute(name="household_size", label=_("Household size"), company=None, person="S2", counted_by=True),
    Attribute(name="household_type", label=_("Household"), company=None, person="S2"),
    Attribute(name="marital_status", label=_("Marital status"), company=None, person="S2"),
    Attribute(name="home_ownership", label=_("Home"), company=None, person="S2"),
    Attribute(name="children", label=_("Children"), company=None, person="S2"),
    Attribute(name="customer_since", label=_("Customer since"), company="S1"),
    Attribute(name="tags", label=_("Tags"), company="S1"),
    Attribute(name="note", label=_("Note"), company="S1"),
    Attribute(name="stage", label=_("Stage"), company="S1"),
    Attribute(name="org_node", label=_("Branch"), company="S1"),
    Attribute(name="owner", label=_("Account manager"), company="S1"),
)  # fmt: skip

ATTRIBUTES: MappingProxyType[str, Attribute] = MappingProxyType({one.name: one for one in _ALL})

# How a party is reached: what who may change no more than that may change (`customer.contact`).
CONTACT: frozenset[str] = frozenset({"phone", "email", "website", "address", "postcode"})


def fault_of_item(key: str) -> Reason | None:
    """Return what is wrong with the item of a key that somebody states, None where nothing is."""
    name, hash_, item = key.partition("#")
    if not hash_:
        return None
    if not ATTRIBUTES[name].many:
        return Reason(code="attribute_has_one_value", params={"field": name})
    if not _ITEM.fullmatch(item) or sum(c.isdigit() for c in item) > MOST_DIGITS:
        params = {
            "field": key[:60], "given": item[:LONGEST_ITEM], "most": str(LONGEST_ITEM),
            "digits": str(MOST_DIGITS),
        }  # fmt: skip
        return Reason(code="item_name_invalid", params=params)
    return None


def attribute_of(key: str) -> Attribute:
    """Return the attribute of a key as versions hold it: `phone#office` is a phone."""
    return ATTRIBUTES[key.partition("#")[0]]
