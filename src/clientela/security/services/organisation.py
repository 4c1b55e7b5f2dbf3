"""The tree of the organisation."""

from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.days import UTC_NAME, zone_names
from clientela.kernel.money import NotMoney, exponent_of
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.administration import place_by_public_id
from clientela.security.books import counts_in, take_amounts_anew
from clientela.security.models import OrgNode
from clientela.security.permits import Access
from clientela.security.selectors import edition_of

# A node stands under one of these kinds.
UNDER = {
    "company": {"group"},
    "region": {"company"},
    "branch": {"company", "region"},
    "team": {"branch"},
}


@transaction.atomic
def add_node(
    *,
    access: Access,
    kind: str,
    code: str,
    name: str,
    parent_id: int | None,
    at: datetime,
    country: str = "",
    base_currency: str = "",
    time_zone: str = "",
) -> OrgNode:
    """Add a node under its parent (the group has none).

    :param time_zone: of the IANA list; empty: that of the parent.
    Raises NotPermitted; Invalid when this kind does not stand under that parent, has no such
    zone, or a company no currency: it keeps books of its own, and no other kind does.
    """
    access.demand("organisation.write")
    parent = OrgNode.objects.select_for_update().get(pk=parent_id) if parent_id else None
    if parent is not None and parent.kind not in UNDER.get(kind, set()):
        params = {"kind": kind, "parent": parent.kind}
        raise Invalid(Reason(code="node_does_not_stand_there", params=params))
    if time_zone and time_zone not in zone_names():
        raise Invalid(Reason(code="time_zone_unknown", params={"field": "time_zone"}))
    demand_currency(kind, base_currency)
    inherited = parent.time_zone if parent is not None else UTC_NAME
    node = OrgNode.objects.create(
        parent=parent, kind=kind, code=code, name=name, path="", country=country,
        base_currency=base_currency, time_zone=time_zone or inherited,
    )  # fmt: skip
    node.path = f"{parent.path if parent else '/'}{node.pk}/"
    node.save(update_fields=["path"])
    record_event(
        act="security.org_node.added",
        at=at,
        subject=("security.OrgNode", node.public_id),
        after={
            "kind": kind, "code": code, "name": name,
            "base_currency": base_currency, "time_zone": node.time_zone,
        },
    )  # fmt: skip
    return node


def demand_currency(kind: str, currency: str) -> None:
    """Raise Invalid for a company without a currency, and for another kind with one."""
    if kind == OrgNode.Kind.COMPANY:
        try:
            exponent_of(currency)
        except NotMoney as error:
            params = {"field": "base_currency"}
            raise Invalid(Reason(code="company_needs_currency", params=params)) from error
    elif currency and kind != OrgNode.Kind.GROUP:
        params = {"field": "base_currency"}
        raise Invalid(Reason(code="currency_is_of_a_company", params=params))


@transaction.atomic
def correct_node(
    *,
    access: Access,
    public_id: str,
    seen: str,
    name: str,
    time_zone: str,
    base_currency: str,
    at: datetime,
) -> OrgNode:
    """Correct a place that is there: its name, its zone and, of a company, its currency.

    A place whose zone nobody had set passes the new one on to the places below it that have none
    either.
    :param seen: `edition_of` the place as it was shown. Raises NotPermitted, NotInScope; Invalid
    when somebody changed it meanwhile, when nothing changes, for a zone or a currency that there
    is not, and for another currency once amounts are kept in the one of now (see `_demand_sound`).
    """
    access.demand("organisation.write")
    node = place_by_public_id(public_id, lock=True)
    if edition_of(node) != seen:
        raise Invalid(Reason(code="place_changed_meanwhile"))
    wanted = {"name": name, "time_zone": time_zone or UTC_NAME, "base_currency": base_currency}
    changed = {key: value for key, value in wanted.items() if getattr(node, key) != value}
    if not changed:
        raise Invalid(Reason(code="nothing_changed"))
    _demand_sound(node, changed)
    before = {key: getattr(node, key) for key in changed}
    for key, value in changed.items():
        setattr(node, key, value)
    node.save(update_fields=list(changed))
    if node.kind == OrgNode.Kind.GROUP and "base_currency" in changed:
        take_amounts_anew()
    passed_on = 0
    if before.get("time_zone") == UTC_NAME:
        below = OrgNode.objects.filter(path__startswith=node.path, time_zone=UTC_NAME)
        passed_on = below.update(time_zone=node.time_zone)
    record_event(
        act="security.org_node.corrected",
        at=at,
        subject=("security.OrgNode", node.public_id),
        rows=1 + passed_on,
        before=before,
        after=changed,
    )
    return node


def _demand_sound(node: OrgNode, changed: dict[str, str]) -> None:
    """Raise Invalid for values that a place cannot have.

    A currency stays once amounts are kept in it: documents in it or, of the group, converted to
    it. Until then it was only said, wrongly perhaps, and nothing was reported in it: documents in
    other currencies that lack a rate to it are no reason to keep it.
    """
    name = changed.get("name", node.name)
    if not name or len(name) > 120 or not name.isprintable():
        raise Invalid(Reason(code="node_needs_code_and_name", params={"field": "name"}))
    if "time_zone" in changed and changed["time_zone"] not in zone_names():
        raise Invalid(Reason(code="time_zone_unknown", params={"field": "time_zone"}))
    if "base_currency" not in changed:
        return
    demand_currency(node.kind, changed["base_currency"])
    if node.kind == OrgNode.Kind.GROUP:
        demand_currency(OrgNode.Kind.COMPANY, changed["base_currency"])
    below = OrgNode.objects.filter(path__startswith=node.path)
    nodes = frozenset(below.values_list("pk", flat=True))
    of_group = node.kind == OrgNode.Kind.GROUP
    if counts_in(nodes, node.base_currency, of_group=of_group):
        params = {"field": "base_currency", "currency": node.base_currency}
        raise Invalid(Reason(code="currency_is_booked", params=params))
