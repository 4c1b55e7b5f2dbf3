"""The tree of the organisation."""

from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
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
    time_zone: str = "UTC",
) -> OrgNode:
    """Add a node under its parent (the group has none).

    Raises NotPermitted; Invalid when this kind does not stand under that parent.
    """
    access.demand("organisation.write")
    parent = OrgNode.objects.select_for_update().get(pk=parent_id) if parent_id else None
    if parent is not None and parent.kind not in UNDER.get(kind, set()):
        params = {"kind": kind, "parent": parent.kind}
        raise Invalid(Reason(code="node_does_not_stand_there", params=params))
    node = OrgNode.objects.create(
        parent=parent, kind=kind, code=code, name=name, path="", country=country,
        base_currency=base_currency, time_zone=time_zone,
    )  # fmt: skip
    node.path = f"{parent.path if parent else '/'}{node.pk}/"
    node.save(update_fields=["path"])
    record_event(
        act="security.org_node.added",
        at=at,
        subject=("security.OrgNode", node.public_id),
        after={"kind": kind, "code": code, "name": name},
    )
    return node
