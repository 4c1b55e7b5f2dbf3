"""Role grants: proposed by one, approved by another, ended by either."""

from datetime import datetime, timedelta

from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotInScope, Reason, Refused
from clientela.security.models import Grant, OrgNode, User
from clientela.security.permits import Access, may_approve_grant, may_hold
from clientela.security.roles import Role
from clientela.security.selectors import roles_held

LONGEST = timedelta(days=730)


class GrantRefused(Refused):
    """This grant may not be signed by this person, or not at all."""


@transaction.atomic
def propose_grant(
    *,
    access: Access,
    user_id: int,
    role: str,
    node_id: int,
    valid_from: datetime,
    valid_to: datetime,
    at: datetime,
) -> Grant:
    """Propose a role on a node. It has no effect until another person approves it.

    Raises NotPermitted; Invalid for an unknown role or a time over two years; GrantRefused
    for a role that conflicts with one held in that time.
    """
    access.demand("grant.propose")
    if role not in set(Role):
        raise Invalid(Reason(code="role_unknown", params={"role": role}))
    if not valid_from < valid_to <= valid_from + LONGEST:
        raise Invalid(Reason(code="grant_period_invalid", params={"days": str(LONGEST.days)}))
    user, node = User.objects.get(pk=user_id), OrgNode.objects.get(pk=node_id)
    open_grants = Grant.objects.filter(user=user, role=role, node=node, ended_at=None)
    if open_grants.filter(valid_from__lt=valid_to, valid_to__gt=valid_from).exists():
        raise Invalid(Reason(code="grant_exists", params={"role": role}))
    permit = may_hold(role=Role(role), held=roles_held(user, begin=valid_from, end=valid_to))
    if not permit:
        raise GrantRefused(*permit.reasons)
    grant = Grant.objects.create(
        user=user, role=role, node=node, valid_from=valid_from, valid_to=valid_to,
        proposed_by=access.username, proposed_at=at,
    )  # fmt: skip
    _event("security.grant.proposed", grant, at)
    return grant


@transaction.atomic
def approve_grant(*, access: Access, public_id: str, at: datetime) -> Grant:
    """Sign a proposed grant, which then counts from the user's next request on.

    Raises NotPermitted; GrantRefused with every reason (own proposal, own rights, a role
    that conflicts with one held).
    """
    access.demand("grant.approve")
    grant = _open_grant(public_id)
    User.objects.select_for_update().get(pk=grant.user_id)  # two approvals of one user wait
    permit = may_approve_grant(
        role=Role(grant.role),
        subject=grant.user.username,
        proposed_by=grant.proposed_by,
        approver=access.username,
        held=roles_held(grant.user, begin=grant.valid_from, end=grant.valid_to),
    )
    reasons = permit.reasons
    if grant.approved_at is not None:
        reasons += (Reason(code="already_approved"),)
    if reasons:
        raise GrantRefused(*reasons)
    grant.approved_by, grant.approved_at = access.username, at
    grant.save(update_fields=["approved_by", "approved_at"])
    _event("security.grant.approved", grant, at)
    return grant


@transaction.atomic
def end_grant(*, access: Access, public_id: str, at: datetime) -> Grant:
    """End a grant, or withdraw a proposal. Raises NotPermitted, NotInScope."""
    access.demand("grant.end")
    grant = _open_grant(public_id)
    grant.ended_by, grant.ended_at = access.username, at
    grant.save(update_fields=["ended_by", "ended_at"])
    _event("security.grant.ended", grant, at)
    return grant


def _open_grant(public_id: str) -> Grant:
    found = Grant.objects.select_for_update(of=("self",)).select_related("user", "node")
    grant = found.filter(public_id=public_id, ended_at=None).first()
    if grant is None:
        raise NotInScope("grant")
    return grant


def _event(act: str, grant: Grant, at: datetime) -> None:
    after = {
        "user": grant.user.username, "role": grant.role, "node": grant.node.code,
        "valid_from": grant.valid_from.isoformat(),
        "valid_to": grant.valid_to.isoformat() if grant.valid_to else None,
    }  # fmt: skip
    record_event(act=act, at=at, subject=("security.Grant", grant.public_id), after=after)
