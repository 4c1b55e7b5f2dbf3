"""Roles of a user: proposed here, approved by somebody else, ended by either."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.kernel.reasons import Invalid, Reason
from clientela.security.administration import grant_by_public_id, node_by_code
from clientela.security.selectors import user_by_public_id
from clientela.security.services import end_grant, propose_grant
from clientela.security.services.grants import GrantRefused
from clientela.web import words
from clientela.web.admin.users import page_of
from clientela.web.confirming import confirmation
from clientela.web.fields import day_of, refuse
from clientela.web.request import Request
from clientela.web.ways import sent_only

if TYPE_CHECKING:
    from clientela.security.models import Grant

BELONGS = {
    "node_unknown": "node", "role_unknown": "role", "roles_conflict": "role",
    "grant_exists": "role", "grant_period_invalid": "valid_to",
}  # fmt: skip


@sent_only
def propose(request: Request, public_id: object) -> HttpResponse:
    """Propose a role on a node from now, or from a later day, to the end of a day.

    What is refused comes back as the user's page, with the proposal as it was typed.
    """
    request.access.demand("grant.propose")
    user = user_by_public_id(request.access, str(public_id))
    try:
        _propose(request, user.pk)
    except (Invalid, GrantRefused) as refusal:
        page = page_of(request, user)
        wrong, status = refuse(request, page["fields"], refusal, BELONGS)
        context = page | {"sentences": wrong}
        return render(request, "admin/user.html", context, status=status)
    messages.success(request, _("The role was proposed. Somebody else has to approve it."))
    return redirect("admin:user", user.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: Request, public_id: object) -> HttpResponse:
    """Say what ending a role will do; a POST ends it, or withdraws a proposal."""
    if request.method != "POST":
        return _asked_to_end(request, grant_by_public_id(request.access, str(public_id)))
    grant = end_grant(access=request.access, public_id=str(public_id), at=request.at)
    messages.success(request, _("The role was ended."))
    if request.access.may("user.read"):
        return redirect("admin:user", grant.user.public_id)
    return redirect("admin:approvals")


def _asked_to_end(request: Request, grant: "Grant") -> HttpResponse:
    own = grant.user_id == request.access.user_id
    sentences = [
        _(
            "The role counts no more from the next request on. To have it back, it is proposed anew, and somebody else approves it."
        ),
    ]
    if own:
        sentences.append(
            _("This is a role of your own: you will not be able to undo this yourself.")
        )
    return confirmation(
        request,
        heading=_("End this role of %(name)s?") % {"name": grant.user},
        sentences=sentences,
        facts=[
            (_("Role"), words.ROLES[grant.role]),
            (_("Where"), f"{grant.node.name} · {words.NODES[grant.node.kind]}"),
        ],
        button=_("End"),
        keep=_("Leave it as it is"),
        back=reverse("admin:user", args=[grant.user.public_id]),
    )


def _propose(request: Request, user_id: int) -> None:
    given = request.POST
    node = node_by_code(given.get("node", ""))
    if node is None:
        raise Invalid(Reason(code="node_unknown"))
    begin = day_of(given.get("valid_from", ""), "valid_from")
    if begin is not None and _start(begin) + timedelta(days=1) <= request.at:
        raise Invalid(Reason(code="date_in_the_past", params={"field": "valid_from"}))
    end_ = day_of(given.get("valid_to", ""), "valid_to")
    if end_ is None:
        raise Invalid(Reason(code="value_missing", params={"field": "valid_to"}))
    if end_ == date.max:  # there is no day after it
        raise Invalid(Reason(code="value_not_a_date", params={"field": "valid_to"}))
    propose_grant(
        access=request.access,
        user_id=user_id,
        role=given.get("role", ""),
        node_id=node.pk,
        valid_from=max(request.at, _start(begin)) if begin else request.at,
        valid_to=_start(end_) + timedelta(days=1),
        at=request.at,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
