"""What waits for a second person: roles, tokens, what somebody lost, and settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clientela.analysis.services.company import proposals_awaiting
from clientela.security.administration import resets_awaiting, tokens_awaiting_approval
from clientela.security.selectors import grants_awaiting_approval
from clientela.security.services import approve_grant
from clientela.web.admin.parameters import waiting as proposed
from clientela.web.admin.tokens import acts_of
from clientela.web.navigation import APPROVES
from clientela.web.request import Request
from clientela.web.ways import sent_only

MOST = 200


@require_safe
def waiting(request: Request) -> HttpResponse:
    """Show the proposals that this user could sign, oldest first."""
    access = request.access
    access.demand_any(*APPROVES)
    context: dict[str, Any] = {
        "grants": [], "tokens": [], "waiting": [], "resets": [],
        "may_approve": bool(access.may("parameter.approve")),
        "may_end": bool(access.may("parameter.end")),
    }  # fmt: skip
    if access.may("grant.approve"):
        context["grants"] = grants_awaiting_approval(access)[:MOST]
    if access.may("token.approve"):
        context["tokens"] = [
            {"token": token, "acts": acts}
            for token, acts in acts_of(tokens_awaiting_approval(access)[:MOST], request.at)
        ]
    if access.may("factor.approve"):
        context["resets"] = resets_awaiting(access, at=request.at)[:MOST]
    if access.may("parameter.approve"):
        found = proposals_awaiting(access, at=request.at)[:MOST]
        context["waiting"] = proposed(request, found)
    return render(request, "admin/approvals.html", context)


@sent_only
def approve_grant_(request: Request, public_id: object) -> HttpResponse:
    """Sign a role; a refusal shows every reason."""
    grant = approve_grant(access=request.access, public_id=str(public_id), at=request.at)
    messages.success(request, _("The role of %(user)s was approved.") % {"user": grant.user})
    return redirect("admin:approvals")
