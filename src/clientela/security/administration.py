"""What the pages of administration list: users, grants, tokens."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from clientela.kernel.reasons import NotInScope
from clientela.security.models import Grant, OrgNode, Token, User
from clientela.security.permits import Access


def service_accounts(access: Access) -> QuerySet[User]:
    """Return the accounts that tokens may act as, by name."""
    access.demand("token.propose")
    return User.objects.filter(kind=User.Kind.SERVICE, is_active=True).order_by("username")


def grants_of(access: Access, user: User) -> QuerySet[Grant]:
    """Return the grants of a user, those that count or wait first, then by begin."""
    access.demand("user.read")
    found = Grant.objects.filter(user=user).select_related("node", "user")
    return found.order_by("-valid_from", "-id")


def tokens(access: Access) -> QuerySet[Token]:
    """Return every token, newest first, for those who propose, approve or revoke them."""
    if not access.may("token.propose"):
        access.demand("token.approve")
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


def node_by_code(code: str) -> OrgNode | None:
    """Return the node of the organisation with this code, or None."""
    return OrgNode.objects.filter(code=code).first()


def names_of_users(ids: list[int]) -> dict[int, str]:
    """Return id -> name to show, for the users of one page of a list."""
    found = User.objects.filter(pk__in=ids).only("id", "full_name", "username")
    return {user.pk: str(user) for user in found}
