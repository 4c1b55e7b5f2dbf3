"""Reading the trail: each reader the events that are the reader's.

The trail lies below the records it tells of, so the parts above say here which events
concern a place of the organisation (`concerns`): what none of them claims concerns no
place, and is read by auditors of the whole group alone.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q, QuerySet

from clientela.audit.models import Event
from clientela.audit.selectors import EventFilters, every_event
from clientela.security.models import FactorReset, Grant, Token, User
from clientela.security.permits import Access
from clientela.security.readers import MATTERS, acts_of
from clientela.security.roles import Role
from clientela.store.among import IsAmong

Nodes = frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """Events of some nodes. `rare`: an index finds them all, and they are few of the trail."""

    events: Q
    rare: bool = True


_concerns: dict[str, Callable[[Nodes], Concerned]] = {}


def concerns(kind: str, events_at: Callable[[Nodes], Concerned]) -> None:
    """Register how events that concern records of this kind at some nodes are found."""
    _concerns[kind] = events_at


def events(access: Access, filters: EventFilters) -> QuerySet[Event]:
    """Return the events that `access` reads as an office, and the own ones.

    Raises NotPermitted. To be paged by `BY_TIME`. Rare ones are gathered first and then put in
    order: going back in time until enough of them have come could read the whole trail.
    """
    access.demand("event.read")
    audited = _audited(access)
    wanted = audited.events | _of_offices(access) | _own(access)
    if audited.rare and not acts_of(access.roles):
        gathered = ArraySubquery(Event.objects.filter(wanted).values("pk"))
        wanted = Q(IsAmong(F("pk"), gathered))
    return every_event(filters, changes=reads_changes(access)).filter(wanted)


def reads_changes(access: Access) -> bool:
    """Tell whether what acts changed is for this reader: auditors, and no office beside them."""
    return Role.AUDITOR in access.roles


def own_events(access: Access, filters: EventFilters) -> QuerySet[Event]:
    """Return what the user did, or tried to; everybody may read that."""
    return every_event(filters).filter(_own(access))


def acts_read(access: Access) -> frozenset[str]:
    """Return the acts that a list of `events` may hold apart from the own ones."""
    if Role.AUDITOR in access.roles:
        return frozenset(MATTERS)
    return acts_of(access.roles)


def whose(public_ids: Collection[UUID]) -> dict[str, tuple[str, UUID]]:
    """Return, for users and for what is about one, the user name and the user's public id.

    Of grants, tokens and requests about what was lost, it is their user's. One query; the
    caller asks for the right to see users.
    """
    found = User.objects.filter(public_id__in=public_ids).values_list(
        "public_id", "username", "public_id"
    )
    parts = [
        model.objects.filter(public_id__in=public_ids).values_list(
            "public_id", "user__username", "user__public_id"
        )
        for model in (Grant, Token, FactorReset)
    ]
    return {str(key): (name, user) for key, name, user in found.union(*parts, all=True)}


def _own(access: Access) -> Q:
    return Q(actor_id=access.user_id)


def _of_offices(access: Access) -> Q:
    return Q(act__in=sorted(acts_of(access.roles)))


def _audited(access: Access) -> Concerned:
    """Return the events in the reach of the auditor's grants; none for whoever audits not."""
    audits = [held for held in access.held if held.role is Role.AUDITOR]
    if any(held.whole for held in audits):
        # everything; an empty Q beside others would give way to them
        return Concerned(events=~Q(pk__in=[]), rare=False)
    nodes = frozenset[int]().union(*(held.nodes for held in audits))
    parts = [events_at(nodes) for events_at in _concerns.values()] if nodes else []
    found = Q(pk__in=[])
    for part in parts:
        found |= part.events
    return Concerned(events=found, rare=all(part.rare for part in parts))
