"""The two offices that open an installation to everybody else, filled from outside it.

Every right is proposed by an administrator and approved by a security officer, so the first of
each cannot be given that way: whoever owns the machine names them. The same holds when the last
one has left. An office that somebody can exercise is filled from within, by two people, only.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import QuerySet

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, Reason, Refused
from clientela.security.models import Grant, OrgNode, User
from clientela.security.permits import may_hold
from clientela.security.roles import Role
from clientela.security.selectors import grants_in_force, roles_held
from clientela.security.services.grants import LONGEST, GrantRefused
from clientela.security.services.invitations import link_for
from clientela.security.services.users import new_person

OFFICES = (Role.ADMINISTRATOR, Role.SECURITY_OFFICER)
OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Appointed:
    """Who holds an office now, and the link for the first password.

    There is none for somebody who has a password: another one takes two persons (`factors`), or
    the machine's owner could sign in as any user by giving that user a vacant office.
    """

    role: Role
    username: str
    link: str = ""
    instead_of: str = ""  # who was named before and never came


def vacant_offices(*, at: datetime) -> tuple[Role, ...]:
    """Return the offices that nobody can exercise: no active person who has a password."""
    return tuple(role for role in OFFICES if not _exercised(role, at).exists())


@transaction.atomic
def appoint(*, persons: Mapping[Role, str], at: datetime) -> list[Appointed]:
    """Give vacant offices to persons by user name, whole group, for two years.

    Each gets a link, apart from somebody who has a password already. A name that is not known
    becomes a new user. Somebody appointed before who never set a password gives way; named
    again, that person gets a new link. Refused as a whole: with Refused for an office that is
    held, GrantRefused for a role in conflict with one held (one person in both offices), Invalid
    for a name that cannot be used.
    """
    group = OrgNode.objects.select_for_update().get(kind=OrgNode.Kind.GROUP)
    return [_fill(role, name, group, at) for role, name in persons.items()]


def _fill(role: Role, name: str, group: OrgNode, at: datetime) -> Appointed:
    holder = _exercised(role, at).first()
    if holder is not None:
        named = {"role": role.value, "user": holder.user.username}
        raise Refused(Reason(code="office_is_held", params=named))
    user = _person(name, at)
    waiting = grants_in_force(at=at).filter(role=role, node=group).select_related("user")
    before = ", ".join(grant.user.username for grant in waiting.exclude(user=user))
    for grant in waiting.exclude(user=user):
        grant.ended_by, grant.ended_at = OPERATOR, at
        grant.save(update_fields=["ended_by", "ended_at"])
        _event("security.grant.ended", grant, at)
    if not waiting.filter(user=user).exists():
        _give(role, user, group, at)
    link = "" if user.has_usable_password() else link_for(user, at)
    return Appointed(role=role, username=user.username, link=link, instead_of=before)


def _give(role: Role, user: User, group: OrgNode, at: datetime) -> None:
    until = at + LONGEST
    permit = may_hold(role=role, held=roles_held(user, begin=at, end=until))
    if not permit:
        raise GrantRefused(*permit.reasons)
    grant = Grant.objects.create(
        user=user, role=role, node=group, valid_from=at, valid_to=until,
        proposed_by="set-up", proposed_at=at, approved_by=OPERATOR, approved_at=at,
    )  # fmt: skip
    _event("security.office.filled", grant, at)


def _person(name: str, at: datetime) -> User:
    """Return the user of this name, made now where there is none."""
    user = User.objects.filter(username=name.strip().lower()).first()
    if user is None:
        return new_person(username=name, at=at, created_by=OPERATOR)
    if user.kind != User.Kind.PERSON or not user.is_active:
        raise Invalid(Reason(code="link_needs_an_active_person"))
    return user


def is_held_by_another(role: Role, but: Collection[str], *, at: datetime) -> bool:
    """Tell whether anybody can exercise an office apart from the users of these names."""
    return _exercised(role, at).exclude(user__username__in=but).exists()


def _exercised(role: Role, at: datetime) -> QuerySet[Grant]:
    """Return the grants of an office whose holders can sign in."""
    holders = grants_in_force(at=at).filter(role=role, user__is_active=True)
    return holders.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX).select_related(
        "user"
    )


def _event(act: str, grant: Grant, at: datetime) -> None:
    after = {"user": grant.user.username, "role": grant.role, "node": grant.node.code}
    record_event(act=act, at=at, subject=("security.Grant", grant.public_id), after=after)
