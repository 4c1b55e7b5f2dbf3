"""What the own team did, in numbers: which acts how often, never by whom nor on what.

A manager reads counts alone (section "audit log" of the permission table): how much the team
reveals, changes and is refused. Who did it is the auditor's and the security officer's to read.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from clientela.audit.models import Event, Result
from clientela.security.permits import Access
from clientela.security.readers import OFFICES
from clientela.security.roles import Role
from clientela.security.selectors import grants_in_force

ACT = "event.count"
CHECK = {Role.AUDITOR, *OFFICES}  # whoever checks a team is none of it


@dataclass(frozen=True, kw_only=True)
class ActCount:
    """How often one act was done, and how often it was refused, by how many of the team."""

    act: str
    done: int
    refused: int
    persons: int


def team_of(access: Access) -> frozenset[int]:
    """Return the other people who work within the manager's reach and nowhere else.

    Whoever works elsewhere too would be counted with that work. Raises NotPermitted.
    """
    access.demand(ACT)
    reach = access.reach(ACT)
    places: dict[int, list[bool]] = defaultdict(list)
    held = grants_in_force(at=access.at).values_list("user_id", "role", "node_id")
    for user_id, role, node_id in held:
        inside = reach.covers(node_id=node_id, owner_id=None)
        places[user_id].append(inside and role not in CHECK)
    return frozenset(user for user, all_ in places.items() if all(all_)) - {access.user_id}


def counts(access: Access, *, since: datetime, until: datetime) -> list[ActCount]:
    """Return what the team did from `since` until before `until`, the most frequent first.

    Raises NotPermitted.
    """
    team = sorted(team_of(access))
    found = Event.objects.filter(actor_id__in=team, recorded_at__gte=since, recorded_at__lt=until)
    rows = found.values("act").annotate(
        done=Count("id", filter=Q(result=Result.DONE)),
        refused=Count("id", filter=Q(result=Result.REFUSED)),
        persons=Count("actor_id", distinct=True),
        all=Count("id"),
    )
    return [
        ActCount(act=row["act"], done=row["done"], refused=row["refused"], persons=row["persons"])
        for row in rows.order_by("-all", "act")
    ]
