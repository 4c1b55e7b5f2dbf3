"""The list of customers: what a user reaches, filtered and sorted by what the user reads.

A field that a user may not read plainly can be used in no filter and no order, or the
list would tell it. Persons' names are such a field for some roles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from clientela.kernel.filters import demand_choice
from clientela.kernel.masked import Masked, mask_name
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.kernel.text import is_storable
from clientela.records.models import Customer, Kind, Stage
from clientela.records.results import Named
from clientela.records.rules import ABC_CLASSES, RFM_SEGMENTS, sort_key
from clientela.records.selectors.purchases import told_of_all
from clientela.records.selectors.sources import customers_of_key, source_keys
from clientela.security.models import OrgNode, User
from clientela.security.permits import Access
from clientela.security.roles import NAMES, View
from clientela.security.selectors import in_reach
from clientela.store.reading import note_rows

Order = Literal[
    "name", "-name", "known", "-known", "sales", "-sales", "last_purchase", "-last_purchase"
]
_COLUMNS = {
    "name": "sort_key",
    "known": "first_known_on",
    "sales": "net_sales_base_minor",
    "last_purchase": "last_purchase_on",
}
ORDERS = frozenset(_COLUMNS) | {f"-{name}" for name in _COLUMNS}  # for who reads all they tell
HIGHEST = "\U0010ffff"
BATCH = 10_000


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a list may be filtered by: nothing else reaches the database."""

    name: str = ""  # its beginning, accents and case ignored, pinyin for Chinese; or a whole key
    kind: str = ""
    stage: str = ""
    country: str = ""
    city: str = ""
    industry: str = ""
    abc_class: str = ""
    rfm_segment: str = ""
    node: str = ""  # code of an organisation node, with all below
    owner: str = ""  # "me", "none", or the user name of an account manager
    archived: bool = False  # what people put away
    emptied: bool = False  # what imports that were taken back left with nothing

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Filters":
        """Return filters from request parameters. Raises Invalid naming each unknown one."""
        known = cls.__dataclass_fields__
        reasons = [
            Reason(code="filter_unknown", params={"field": name[:60]})
            for name in given
            if name not in known
        ]
        if reasons:
            raise Invalid(*reasons)
        values = {k: v.strip()[:200] for k, v in given.items()}
        for name, allowed in _VALUES.items():
            if values.get(name):
                demand_choice(name, values[name], allowed)
        country = values.get("country", "")
        if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
            raise Invalid(Reason(code="filter_value_unknown", params={"field": "country"}))
        if not all(map(is_storable, values.values())):
            raise Invalid(Reason(code="value_not_storable", params={"field": "filter"}))
        archived, emptied = (values.pop(name, "") in _YES for name in ("archived", "emptied"))
        return cls(**values, archived=archived, emptied=emptied)


_YES, _NO = ("1", "true", "on"), ("0", "false", "off")
_VALUES: Mapping[str, Sequence[str]] = {
    "kind": Kind.values,
    "stage": Stage.values,
    "abc_class": ABC_CLASSES,
    "rfm_segment": RFM_SEGMENTS,
    "archived": (*_YES, *_NO),
    "emptied": (*_YES, *_NO),
}
NO_FILTERS = Filters()


def customers(
    access: Access, filters: Filters = NO_FILTERS, order: Order = "name"
) -> tuple[QuerySet[Customer], list[str]]:
    """Return the customers that `access` reaches, and the order for `store.paging`.

    Raises NotPermitted; Invalid for an order that the user's classes do not allow.
    """
    access.demand("customer.read")
    names_plain = access.worst_view(NAMES, "customer.read") is View.PLAIN
    if order not in allowed_orders(access, filters):
        raise Invalid(Reason(code="order_not_allowed", params={"order": str(order)[:40]}))
    rows = Customer.objects.filter(in_reach(access.reach("customer.read")), merged_into=None)
    if filters.emptied:
        rows = rows.filter(archived_at__isnull=False, is_emptied=True)
    elif filters.archived:
        rows = rows.filter(archived_at__isnull=False, is_emptied=False)
    else:
        rows = rows.filter(archived_at__isnull=True)
    if not filters.stage:
        rows = rows.exclude(stage=Stage.RELATED)
    if city := filters.city:  # as it is typed, or as places are written: found by the index
        rows = rows.filter(city__in={city, city.title(), city.upper()})
    for field in ("kind", "stage", "industry", "abc_class", "rfm_segment"):
        if value := getattr(filters, field):
            rows = rows.filter(**{field: value})
    if filters.country:
        rows = rows.filter(country=filters.country.upper())
    if filters.name:
        start = sort_key(filters.name)
        begins = Q(sort_key__gte=start, sort_key__lt=start + HIGHEST)
        begins = begins if names_plain else begins & Q(kind=Kind.COMPANY)
        keyed = customers_of_key(filters.name)
        rows = rows.filter(begins | Q(pk__in=keyed) if keyed else begins)
    rows = rows.filter(_at_node(filters.node), _of_owner(filters.owner, access))
    rows = rows.select_related("org_node")
    falling = "-" if order.startswith("-") else ""
    return rows, [falling + _COLUMNS[order.lstrip("-")], falling + "id"]


def reaches_any_customer(access: Access) -> bool:
    """Tell whether there is any customer that `access` reaches. Raises NotPermitted."""
    access.demand("customer.read")
    return Customer.objects.filter(in_reach(access.reach("customer.read"))).exists()


def allowed_orders(access: Access, filters: Filters) -> list[str]:
    """Return the orders that give nothing away; the first is the usual one."""
    plain = access.worst_view(NAMES, "customer.read") is View.PLAIN
    by_name = plain or filters.kind == Kind.COMPANY
    told = {"known", *told_of_all(access), *(["name"] if by_name else [])}
    names = [name for name in _COLUMNS if name in told]
    first = ["name"] if by_name else []
    every = [*(f"-{name}" for name in names), *names]
    return [*first, *(o for o in every if o not in first)]


def customer_by_public_id(access: Access, public_id: str) -> Customer:
    """Return one customer that `access` reaches, after redirects of merges.

    Raises NotPermitted; NotInScope alike for what is foreign and for what is not there.
    """
    access.demand("customer.read")
    reach = in_reach(access.reach("customer.read"))
    try:
        found = Customer.objects.select_related("org_node").filter(public_id=public_id).first()
    except ValidationError:
        found = None
    steps = 0
    while found is not None and found.merged_into_id and steps < 100:
        found = Customer.objects.filter(pk=found.merged_into_id).first()
        steps += 1
    if found is None or not Customer.objects.filter(reach, pk=found.pk).exists():
        raise NotInScope("customer")
    note_rows([found])
    return found


def owners(access: Access) -> QuerySet[User]:
    """Return, by name, those who are account manager of a customer that `access` reaches.

    Raises NotPermitted.
    """
    access.demand("customer.read")
    reach = in_reach(access.reach("customer.read"))
    own = Customer.objects.filter(reach, owner_id=OuterRef("pk"), merged_into=None)
    return User.objects.filter(Exists(own)).order_by("full_name", "username")


def name_of(access: Access, customer: Customer) -> str | Masked:
    """Return the name as the user may see it: a company's plainly, a person's by class.

    Whoever has no name yet goes by source and key, which are internal (S1) and no secret of a
    person: `online_retail 12347`.
    """
    if customer.kind == Kind.COMPANY or "name" not in customer.facts:
        return customer.name
    view = access.view(NAMES, node_id=customer.org_node_id, owner_id=customer.owner_id)
    if view is View.PLAIN:
        return customer.name
    plain = customer.name
    return Masked(mask_name(plain) if view is View.MASKED else "***", lambda: plain)


def node_by_code(code: str) -> int | None:
    """Return the id of the organisation node with this code."""
    return OrgNode.objects.filter(code=code).values_list("id", flat=True).first()


def named_customers(access: Access, ids: Sequence[int]) -> dict[int, Named]:
    """Return name, public id and source keys of those of `ids` that `access` reaches."""
    reach = in_reach(access.reach("customer.read"))
    keys = source_keys(ids)
    found: dict[int, Named] = {}
    for start in range(0, len(ids), BATCH):
        for customer in Customer.objects.filter(reach, pk__in=ids[start : start + BATCH]):
            found[customer.pk] = Named(
                public_id=str(customer.public_id),
                name=name_of(access, customer),
                source_keys=keys.get(customer.pk, []),
            )
    return found


def _at_node(code: str) -> Q:
    if not code:
        return Q()
    node = OrgNode.objects.filter(code=code).first()
    if node is None:
        raise Invalid(Reason(code="filter_value_unknown", params={"field": "node"}))
    below = OrgNode.objects.filter(path__startswith=node.path).values_list("id", flat=True)
    return Q(org_node_id__in=list(below))


def _of_owner(owner: str, access: Access) -> Q:
    if not owner:
        return Q()
    if owner == "none":
        return Q(owner_id__isnull=True)
    if owner == "me":
        return Q(owner_id=access.user_id)
    # Nobody's user name finds nothing, as does one whose customers are out of reach: which user
    # names there are is not told.
    named = User.objects.filter(username=owner.lower()).values_list("pk", flat=True).first()
    return Q(owner_id=named) if named is not None else Q(pk__in=[])
