"""Reading who holds which rights."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from django.db.models import Q, QuerySet

from clientela.kernel.days import UTC_NAME
from clientela.kernel.reasons import NotInScope
from clientela.security.models import Grant, OrgNode, Purpose, Token, User
from clientela.security.permits import Access, ActReach, Held
from clientela.security.roles import ACTS, Role
from clientela.store.context import Context


def access_of(user: User, *, at: datetime, acts: frozenset[str] | None = None) -> Access:
    """Return what `user` may do at `at`: grants in force, from the database, nothing else."""
    grants = list(grants_in_force(at=at).filter(user=user).select_related("node"))
    if not user.is_active:
        grants = []
    paths = [grant.node.path for grant in grants]
    below: dict[str, set[int]] = {path: set() for path in paths}
    if paths:
        inside = Q()
        for path in paths:
            inside |= Q(path__startswith=path)
        for node_id, node_path in OrgNode.objects.filter(inside).values_list("id", "path"):
            for path in below:
                if node_path.startswith(path):
                    below[path].add(node_id)
    held = tuple(
        Held(
            role=Role(grant.role),
            node_id=grant.node_id,
            nodes=frozenset(below[grant.node.path]),
            whole=grant.node.kind == OrgNode.Kind.GROUP,
        )
        for grant in grants
    )
    return Access(
        user_id=user.pk,
        username=user.username,
        held=held,
        at=at,
        acts=acts,
        time_zone=user.time_zone or _zone_of(grants),
    )


def _zone_of(grants: Sequence[Grant]) -> str:
    """Return the zone of the place where somebody works: the deepest granted, of equals the first."""
    places = [grant.node for grant in grants]
    deepest = max(places, key=lambda node: node.path.count("/"), default=None)
    return deepest.time_zone if deepest else UTC_NAME


def grants_in_force(*, at: datetime) -> QuerySet[Grant]:
    """Return the grants that are approved, begun, not over and not ended."""
    return Grant.objects.filter(
        approved_at__isnull=False, valid_from__lte=at, valid_to__gt=at, ended_at=None
    ).order_by("id")


def acts_held(user_ids: Collection[int], *, at: datetime) -> dict[int, frozenset[str]]:
    """Return what each of these users may do at `at`, wherever it reaches: nothing where a user
    has no role then, or is shut out."""
    held: dict[int, set[str]] = {}
    granted = grants_in_force(at=at).filter(user_id__in=user_ids, user__is_active=True)
    for user_id, role in granted.values_list("user_id", "role"):
        held.setdefault(user_id, set()).update(act for act, of in ACTS.items() if role in of)
    return {user_id: frozenset(acts) for user_id, acts in held.items()}


def first_role_to_come(user_id: int, *, at: datetime) -> datetime | None:
    """Return when the first role of a user begins that is approved and yet to begin."""
    held = Grant.objects.filter(user_id=user_id, approved_at__isnull=False, ended_at=None)
    to_come = held.filter(valid_from__gt=at).order_by("valid_from")
    return to_come.values_list("valid_from", flat=True).first()


def roles_held(user: User, *, begin: datetime, end: datetime) -> list[Role]:
    """Return the roles that `user` holds at some time from `begin` to `end`, as approved."""
    held = Grant.objects.filter(user=user, approved_at__isnull=False, ended_at=None)
    inside = held.filter(valid_from__lt=end, valid_to__gt=begin)
    return [Role(role) for role in inside.order_by("role").values_list("role", flat=True)]


def context_of(access: Access, act: str = "customer.read") -> Context:
    """Return the reach that row security gives this user: the widest of the read acts."""
    reaches = [access.reach(one) for one in (act, "trade.read", "analysis.run", "import.read")]
    return Context(
        user_id=access.user_id,
        sees_all=any(reach.everything for reach in reaches),
        nodes=tuple(sorted(set().union(*(reach.nodes for reach in reaches)))),
        own=any(reach.own_nodes for reach in reaches),
    )


def in_reach(reach: ActReach, *, node: str = "org_node_id", owner: str = "owner_id") -> Q:
    """Return the filter of a scoped selector, for a table with these columns."""
    if reach.everything:
        return Q()
    if not reach:
        return Q(pk__in=[])
    own = Q(**{owner: reach.owner_id, f"{node}__in": sorted(reach.own_nodes)})
    whole = Q(**{f"{node}__in": sorted(reach.nodes)})
    if not reach.own_nodes:
        return whole
    return own if not reach.nodes else whole | own


def organisation() -> QuerySet[OrgNode]:
    """Return the organisation in the order of its tree."""
    return OrgNode.objects.order_by("path")


def places_are_set() -> bool:
    """Tell whether the group has a time zone of its own, or places below it."""
    return OrgNode.objects.exclude(kind=OrgNode.Kind.GROUP, time_zone=UTC_NAME).exists()


def roles_are_given() -> bool:
    """Tell whether any person was ever given a role besides the two first offices."""
    offices = (Role.ADMINISTRATOR, Role.SECURITY_OFFICER)
    given = Grant.objects.filter(user__kind=User.Kind.PERSON, approved_at__isnull=False)
    return given.exclude(role__in=offices).exists()


def edition_of(node: OrgNode) -> str:
    """Return a word that is another one as soon as somebody has corrected the place."""
    held = "\x1f".join((node.name, node.time_zone, node.base_currency))
    return sha256(held.encode()).hexdigest()[:16]


def usernames(ids: Collection[int]) -> dict[int, str]:
    """Return id -> user name, as programs know users."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "username"))


def users(access: Access) -> QuerySet[User]:
    """Return the users that `access` may administer or look at, by name."""
    access.demand("user.read")
    return User.objects.order_by("username")


def user_by_public_id(access: Access, public_id: str) -> User:
    """Return one user. Raises NotInScope."""
    found = users(access).filter(public_id=public_id).first()
    if found is None:
        raise NotInScope("user")
    return found


def grants_awaiting_approval(access: Access) -> QuerySet[Grant]:
    """Return the grants that `access` could sign: proposed by others, oldest first."""
    access.demand("grant.approve")
    waiting = Grant.objects.filter(approved_at=None, ended_at=None)
    return (
        waiting.exclude(proposed_by=access.username)
        .exclude(user_id=access.user_id)
        .select_related("user", "node")
        .order_by("proposed_at", "id")
    )


def purposes() -> QuerySet[Purpose]:
    """Return every purpose, by code."""
    return Purpose.objects.order_by("code")


def purposes_for(access: Access, field_class: str) -> list[Purpose]:
    """Return the purposes under which this user may reveal a value of this class."""
    return [
        purpose
        for purpose in purposes()
        if field_class in purpose.classes and access.roles & set(purpose.roles)
    ]


def token_in_force(digest: str, *, at: datetime) -> Token | None:
    """Return the token with this digest when it is approved, not revoked and not over."""
    return (
        Token.objects.filter(
            digest=digest, approved_at__isnull=False, revoked_at=None, expires_at__gt=at
        )
        .filter(user__is_active=True)
        .select_related("user")
        .first()
    )


def active_user(username: str) -> User | None:
    """Return the user of this name who may work, or None."""
    return User.objects.filter(username=username, is_active=True).first()


def company_zone() -> str:
    """Return the time zone of the group: where a day of the whole company begins."""
    group = OrgNode.objects.filter(kind=OrgNode.Kind.GROUP).first()
    return group.time_zone if group else UTC_NAME


def base_currency() -> str:
    """Return the group's currency; empty while no money has come in."""
    group = OrgNode.objects.filter(kind=OrgNode.Kind.GROUP).first()
    return group.base_currency if group else ""
