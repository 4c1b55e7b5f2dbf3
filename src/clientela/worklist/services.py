"""Opening and closing things to do."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.worklist.models import WorkItem


@transaction.atomic
def open_item(
    *,
    kind: str,
    subject: tuple[str, object],
    node_id: int,
    by: str,
    at: datetime,
    role: str = "",
    owner_id: int | None = None,
    due_at: datetime | None = None,
    params: Mapping[str, str] | None = None,
) -> WorkItem:
    """Open an item for a person or a role; the one already open for the subject is returned."""
    item, created = WorkItem.objects.get_or_create(
        kind=kind,
        subject_type=subject[0],
        subject_id=str(subject[1]),
        state=WorkItem.State.OPEN,
        defaults={
            "org_node_id": node_id, "created_by": by, "created_at": at, "role": role,
            "owner_id": owner_id, "due_at": due_at, "params": dict(params or {}),
        },
    )  # fmt: skip
    if created:
        record_event(
            act="worklist.item.opened",
            at=at,
            subject=("worklist.WorkItem", item.public_id),
            after={"kind": kind, "subject": f"{subject[0]}:{subject[1]}"},
        )
    return item


@transaction.atomic
def close_items(
    *, kind: str, subject: tuple[str, object], by: str, at: datetime, done: bool = True
) -> int:
    """Close what is open for a subject; return how many were."""
    items = WorkItem.objects.select_for_update().filter(
        kind=kind, subject_type=subject[0], subject_id=str(subject[1]), state=WorkItem.State.OPEN
    )
    state = WorkItem.State.DONE if done else WorkItem.State.DROPPED
    for item in items:
        item.state, item.closed_at, item.closed_by = state, at, by
        item.save(update_fields=["state", "closed_at", "closed_by"])
        record_event(
            act="worklist.item.closed",
            at=at,
            subject=("worklist.WorkItem", item.public_id),
            after={"kind": kind, "state": str(state)},
        )
    return len(items)
