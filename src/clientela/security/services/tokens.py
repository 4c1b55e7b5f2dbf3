"""Tokens of programs: two people make one, it is shown once, it always ends."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotInScope, Reason, Refused
from clientela.security.models import Token, User
from clientela.security.permits import Access, may_be_of_a_program
from clientela.security.roles import ACTS

PREFIX = "clt_"
LONGEST = timedelta(days=365)


class TokenRefused(Refused):
    """This token may not be approved, or not by this person."""


def token_digest(secret: str) -> str:
    """Return what is kept of a token: its SHA-256 (it holds 256 random bits)."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def propose_token(
    *, access: Access, user_id: int, name: str, acts: list[str], expires_at: datetime, at: datetime
) -> Token:
    """Propose a token for a service account, limited to `acts`, for at most a year.

    Raises NotPermitted; Invalid for an act that there is none of or that a program never holds.
    """
    access.demand("token.propose")
    unknown = sorted(set(acts) - ACTS.keys())
    if unknown or not acts:
        raise Invalid(Reason(code="acts_unknown", params={"acts": ", ".join(unknown)}))
    permit = may_be_of_a_program(acts)
    if not permit:
        raise Invalid(*permit.reasons)
    if not at < expires_at <= at + LONGEST:
        raise Invalid(Reason(code="token_period_invalid", params={"days": str(LONGEST.days)}))
    user = User.objects.filter(pk=user_id, kind=User.Kind.SERVICE).first()
    if user is None:
        raise Invalid(Reason(code="token_needs_a_service_account"))
    token = Token.objects.create(
        user=user, name=name, acts=sorted(set(acts)), expires_at=expires_at,
        proposed_by=access.username, proposed_at=at,
    )  # fmt: skip
    _event("security.token.proposed", token, at)
    return token


@transaction.atomic
def approve_token(*, access: Access, token_id: int, at: datetime) -> Token:
    """Sign a proposed token. Raises NotPermitted, NotInScope, TokenRefused."""
    access.demand("token.approve")
    token = _locked(token_id)
    reasons = []
    if token.proposed_by == access.username:
        reasons.append(Reason(code="proposer_cannot_approve"))
    if token.approved_at is not None:
        reasons.append(Reason(code="already_approved"))
    reasons += may_be_of_a_program(token.acts).reasons
    if reasons:
        raise TokenRefused(*reasons)
    token.approved_by, token.approved_at = access.username, at
    token.save(update_fields=["approved_by", "approved_at"])
    _event("security.token.approved", token, at)
    return token


@transaction.atomic
def issue_token(*, access: Access, token_id: int, at: datetime) -> tuple[Token, str]:
    """Make the secret of an approved token and return it; it is never shown again."""
    access.demand("token.propose")
    token = _locked(token_id)
    if token.approved_at is None or token.digest or token.revoked_at:
        raise TokenRefused(Reason(code="token_not_to_issue"))
    secret = PREFIX + secrets.token_urlsafe(32)
    token.digest = token_digest(secret)
    token.save(update_fields=["digest"])
    _event("security.token.issued", token, at)
    return token, secret


@transaction.atomic
def revoke_token(*, access: Access, token_id: int, at: datetime) -> Token:
    """Stop a token; the next request that carries it is refused."""
    access.demand("token.revoke")
    token = _locked(token_id)
    if token.revoked_at is None:
        token.revoked_by, token.revoked_at = access.username, at
        token.save(update_fields=["revoked_by", "revoked_at"])
        _event("security.token.revoked", token, at)
    return token


def _locked(token_id: int) -> Token:
    token = Token.objects.select_for_update(of=("self",)).select_related("user")
    found = token.filter(pk=token_id).first()
    if found is None:
        raise NotInScope("token")
    return found


def _event(act: str, token: Token, at: datetime) -> None:
    after = {
        "name": token.name, "user": token.user.username, "acts": token.acts,
        "expires_at": token.expires_at.isoformat(),
    }  # fmt: skip
    record_event(act=act, at=at, subject=("security.Token", token.public_id), after=after)
