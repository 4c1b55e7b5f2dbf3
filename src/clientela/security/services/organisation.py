"""The tree of the organisation."""

from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.days import UTC_NAME, zone_names
from clientela.kernel.money import NotMoney, exponent_of
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.models import OrgNode
from clientela.security.permits import Access

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
    _demand_currency(kind, base_currency)
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


def _demand_currency(kind: str, currency: str) -> None:
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
