"""What the pages of administration list: users, grants, tokens."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.security.models import FactorReset, Grant, OrgNode, Token, User
from clientela.security.permits import Access
from clientela.security.selectors import grants_in_force

TOLD = timedelta(days=14)


def service_accounts(access: Access) -> QuerySet[User]:
    """Return the accounts that tokens may act as, by name."""
    access.demand("token.propose")
    return User.objects.filter(kind=User.Kind.SERVICE, is_active=True).order_by("username")


def service_account_by_name(access: Access, username: str) -> User:
    """Return an account that tokens may act as. Raises Invalid for a name that is none."""
    found = service_accounts(access).filter(username=username).first()
    if found is None:
        raise Invalid(Reason(code="token_needs_a_service_account"))
    return found


def grants_of(access: Access, user: User) -> QuerySet[Grant]:
    """Return the grants of a user, those that count or wait first, then by begin."""
    access.demand("user.read")
    found = Grant.objects.filter(user=user).select_related("node", "user")
    return found.order_by("-valid_from", "-id")


@dataclass(frozen=True, kw_only=True)
class WhatCounts:
    """What of a user counts now, and would not once the user is shut out."""

    roles: int
    tokens: int


def what_counts(access: Access, user: User, *, at: datetime) -> WhatCounts:
    """Return how many roles and tokens of a user count now."""
    access.demand("user.read")
    held = Token.objects.filter(
        user=user, digest__isnull=False, approved_at__isnull=False, revoked_at=None,
        expires_at__gt=at,
    )  # fmt: skip
    return WhatCounts(roles=grants_in_force(at=at).filter(user=user).count(), tokens=held.count())


def grant_by_public_id(access: Access, public_id: str) -> Grant:
    """Return a grant that may be ended, or withdrawn. Raises NotPermitted, NotInScope."""
    access.demand("grant.end")
    found = Grant.objects.filter(public_id=public_id, ended_at=None)
    grant = found.select_related("user", "node").first()
    if grant is None:
        raise NotInScope("grant")
    return grant


def tokens(access: Access) -> QuerySet[Token]:
    """Return every token, newest first, for those who propose, approve or revoke them."""
    access.demand_any("token.propose", "token.approve")
    return Token.objects.select_related("user").order_by("-proposed_at", "-id")


def token_by_public_id(access: Access, public_id: str) -> Token:
    """Return one token. Raises NotInScope."""
    try:
        found = tokens(access).filter(public_id=public_id).first()
    except ValidationError:
        found = None
    if found is None:
        raise NotInScope("token")
    return found


def tokens_awaiting_approval(access: Access) -> QuerySet[Token]:
    """Return the tokens that `access` could sign, oldest first."""
    access.demand("token.approve")
    waiting = Token.objects.filter(approved_at=None, revoked_at=None)
    rows = waiting.exclude(proposed_by=access.username).select_related("user")
    return rows.order_by("proposed_at", "id")


def holds_factor(access: Access, user: User) -> bool:
    """Tell whether a user has a second factor, or codes left of one."""
    access.demand("user.read")
    return bool(Authenticator.objects.filter(user=user).exists())


def resets_of(access: Access, user: User, *, at: datetime) -> dict[str, FactorReset]:
    """Return the requests that stand about this user, by what was lost."""
    access.demand("user.read")
    return {reset.what: reset for reset in _standing_resets(at).filter(user=user)}


def resets_awaiting(access: Access, *, at: datetime) -> QuerySet[FactorReset]:
    """Return the requests that `access` could confirm, oldest first."""
    access.demand("factor.approve")
    others = _standing_resets(at).exclude(asked_by=access.username).exclude(user=access.user_id)
    return others.select_related("user").order_by("asked_at", "id")


def resets_to_tell(user: User, *, at: datetime) -> QuerySet[FactorReset]:
    """Return what was confirmed about a user in two weeks: each is told, none hides another."""
    done = FactorReset.objects.filter(user=user, confirmed_at__gte=at - TOLD)
    return done.order_by("confirmed_at", "id")


def _standing_resets(at: datetime) -> QuerySet[FactorReset]:
    return FactorReset.objects.filter(confirmed_at=None, ended_at=None, expires_at__gt=at)


def node_by_code(code: str) -> OrgNode | None:
    """Return the node of the organisation with this code, or None."""
    return OrgNode.objects.filter(code=code).first()


def place_by_public_id(public_id: str, *, lock: bool = False) -> OrgNode:
    """Return one place of the organisation. Raises NotInScope."""
    places = OrgNode.objects.select_for_update() if lock else OrgNode.objects.all()
    try:
        return places.get(public_id=public_id)
    except (OrgNode.DoesNotExist, ValidationError):
        raise NotInScope("place") from None


def names_of_users(ids: list[int]) -> dict[int, str]:
    """Return id -> name to show, for the users of one page of a list."""
    found = User.objects.filter(pk__in=ids).only("id", "full_name", "username")
    return {user.pk: str(user) for user in found}
