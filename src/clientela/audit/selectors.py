"""Reading the trail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from clientela.audit.models import Checkpoint, Event, Seal
from clientela.audit.presenters import as_json, instant
from clientela.audit.verification import Block, Sealed

BATCH = 2000


def sealed_events() -> Iterator[Sealed]:
    """Yield every seal in order, with its event."""
    last = 0
    while seals := list(Seal.objects.filter(seq__gt=last).order_by("seq")[:BATCH]):
        events = Event.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            event = events.get(seal.event_id)
            yield Sealed(
                seq=seal.seq,
                leaf=bytes(seal.leaf),
                chain=bytes(seal.chain),
                event=as_json(event) if event is not None else None,
            )
        last = seals[-1].seq


def blocks() -> Iterator[Block]:
    """Yield every checkpoint in order."""
    for point in Checkpoint.objects.order_by("size").iterator():
        yield Block(
            size=point.size,
            first=point.first,
            root=bytes(point.root),
            chain=bytes(point.chain),
            previous=bytes(point.previous),
            at=instant(point.made_at),
            database=point.database_id,
            signature=bytes(point.signature),
        )


def unsealed_count() -> int:
    """Return how many events wait for the sealer."""
    return Event.objects.count() - Seal.objects.count()


@dataclass(frozen=True, kw_only=True)
class EventFilters:
    """What the list of events may be filtered by."""

    actor: str = ""
    act: str = ""  # beginning, up to a dot: "records.customer"
    result: str = ""
    customer: int | None = None  # internal id, found and scoped by the caller
    since: datetime | None = None
    until: datetime | None = None  # that instant excluded


def every_event(filters: EventFilters, *, changes: bool = False) -> QuerySet[Event]:
    """Return events of anybody and anything: `security.trail` tells who may read which.

    To be paged by `BY_TIME`, newest first. What an act changed stays in the database, unless
    `changes` are asked for: of what is masked they hold digests.
    """
    rows = Event.objects.all() if changes else Event.objects.defer("before", "after")
    if filters.actor:
        rows = rows.filter(actor=filters.actor)
    if filters.act:
        rows = rows.filter(act__startswith=filters.act)
    if filters.result:
        rows = rows.filter(result=filters.result)
    if filters.customer is not None:
        rows = rows.filter(customer_ids__contains=[filters.customer])
    if filters.since:
        rows = rows.filter(recorded_at__gte=filters.since)
    if filters.until:
        rows = rows.filter(recorded_at__lt=filters.until)
    return rows


BY_TIME = ["-recorded_at", "-id"]
