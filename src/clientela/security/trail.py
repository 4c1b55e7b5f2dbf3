"""Reading the trail: each reader the events that are the reader's.

The trail lies below the records it tells of, so the parts above say here which events
concern a place of the organisation (`concerns`): what none of them claims concerns no
place, and is read by auditors of the whole group alone.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from clientela.audit.models import Event
from clientela.audit.selectors import EventFilters, every_event
from clientela.security.models import FactorReset, Grant, Token, User
from clientela.security.permits import Access
from clientela.security.readers import MATTERS, acts_of
from clientela.security.roles import Role

Nodes = frozenset[int]
_concerns: dict[str, Callable[[Nodes], Q]] = {}


def concerns(kind: str, events_at: Callable[[Nodes], Q]) -> None:
    """Register how events that concern records of this kind at some nodes are found."""
    _concerns[kind] = events_at


def events(access: Access, filters: EventFilters) -> QuerySet[Event]:
    """Return the events that `access` reads as an office, and the own ones.

    Raises NotPermitted. To be paged by `BY_TIME`.
    """
    access.demand("event.read")
    return every_event(filters).filter(_audited(access) | _of_offices(access) | _own(access))


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

    Of grants, tokens and requests about second factors, it is their user's. One query; the
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


def _audited(access: Access) -> Q:
    """Return the events in the reach of the auditor's grants; none for whoever audits not."""
    audits = [held for held in access.held if held.role is Role.AUDITOR]
    if any(held.whole for held in audits):
        return ~Q(pk__in=[])  # everything; an empty Q beside others would give way to them
    nodes = frozenset[int]().union(*(held.nodes for held in audits))
    found = Q(pk__in=[])
    for events_at in _concerns.values() if nodes else ():
        found |= events_at(nodes)
    return found
