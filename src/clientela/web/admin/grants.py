"""Roles of a user: proposed here, approved by somebody else, ended by either."""

from datetime import UTC, date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clientela.kernel.reasons import Invalid, Reason
from clientela.security.administration import node_by_code
from clientela.security.selectors import user_by_public_id
from clientela.security.services import end_grant, propose_grant
from clientela.web.fields import day_of
from clientela.web.request import Request


@require_POST
def propose(request: Request, public_id: object) -> HttpResponse:
    """Propose a role on a node from now, or from a later day, to the end of a day."""
    access = request.access
    access.demand("grant.propose")
    user = user_by_public_id(access, str(public_id))
    node = node_by_code(request.POST.get("node", ""))
    if node is None:
        raise Invalid(Reason(code="node_unknown"))
    begin = day_of(request.POST.get("valid_from", ""), "valid_from")
    end = day_of(request.POST.get("valid_to", ""), "valid_to")
    if end is None:
        raise Invalid(Reason(code="value_missing", params={"field": "valid_to"}))
    propose_grant(
        access=access,
        user_id=user.pk,
        role=request.POST.get("role", ""),
        node_id=node.pk,
        valid_from=max(request.at, _start(begin)) if begin else request.at,
        valid_to=_start(end) + timedelta(days=1),
        at=request.at,
    )
    messages.success(request, _("The role was proposed. Somebody else has to approve it."))
    return redirect("admin:user", user.public_id)


@require_POST
def end(request: Request, grant_id: int) -> HttpResponse:
    """End a role now, or withdraw a proposal."""
    grant = end_grant(access=request.access, grant_id=grant_id, at=request.at)
    messages.success(request, _("The role was ended."))
    if request.access.may("user.read"):
        return redirect("admin:user", grant.user.public_id)
    return redirect("admin:approvals")


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
