"""Users: who there is, what each may do, and the link for the own password."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.security.administration import grants_of, what_counts
from clientela.security.selectors import user_by_public_id, users
from clientela.security.services import add_user, disable_user, enable_user, invite
from clientela.web import words
from clientela.web.admin.lost import panels
from clientela.web.confirming import confirmation
from clientela.web.context import LANGUAGE_NAMES
from clientela.web.fields import Field, node_choices, refuse
from clientela.web.lists import listed
from clientela.web.request import Request
from clientela.web.ways import sent_only

if TYPE_CHECKING:
    from clientela.security.models import User

BELONGS = {"username_invalid": "username", "username_taken": "username"}


@require_safe
def user_list(request: Request) -> HttpResponse:
    """Show the users, by name."""
    access = request.access
    rows = listed(request, users(access), ["username"])
    context = {"rows": rows, "may_add": bool(access.may("user.write"))}
    return render(request, "admin/users.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Add a user, who then needs a role and a link."""
    request.access.demand("user.write")
    fields = _fields(request)
    wrong, status = list[str](), 200
    if request.method == "POST":
        try:
            language = request.POST.get("language", "")
            user_ = add_user(
                access=request.access,
                username=request.POST.get("username", ""),
                full_name=request.POST.get("full_name", "")[:120],
                language=language if language in LANGUAGE_NAMES else "",
                kind="service" if request.POST.get("kind") == "service" else "person",
                at=request.at,
            )
            messages.success(request, _added(user_))
            return redirect("admin:user", user_.public_id)
        except Invalid as refusal:
            wrong, status = refuse(request, fields, refusal, BELONGS)
    context = {"fields": fields, "sentences": wrong}
    return render(request, "admin/user_new.html", context, status=status)


def _added(made: "User") -> str:
    """Say that a user was added, and what comes next."""
    if made.kind == "service":
        return _("The service account was added. Propose a role, and then a token under Tokens.")
    return _("The user was added. Propose a role, and make a link.")


@require_safe
def user(request: Request, public_id: object) -> HttpResponse:
    """Show one user and the roles given."""
    found = user_by_public_id(request.access, str(public_id))
    return render(request, "admin/user.html", page_of(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: Request, public_id: object) -> HttpResponse:
    """Say what shutting a user out will do; a POST does it."""
    access = request.access
    access.demand("user.write")
    found = user_by_public_id(access, str(public_id))
    if found.pk == access.user_id:
        raise NotPermitted(Reason(code="not_for_oneself"))
    if request.method != "POST":
        if not found.is_active:  # the browser's way back
            return redirect("admin:user", found.public_id)
        return _asked_to_disable(request, found)
    disable_user(access=request.access, user_id=found.pk, at=request.at)
    messages.success(request, _("The user was shut out."))
    return redirect("admin:user", found.public_id)


def _asked_to_disable(request: Request, found: "User") -> HttpResponse:
    loses = what_counts(request.access, found, at=request.at)
    return confirmation(
        request,
        heading=_("Shut %(name)s out?") % {"name": found},
        sentences=[
            _(
                "From the next request on nothing of this user counts: every session ends, no sign-in is possible, and no program may use its tokens."
            ),
            _(
                "The roles stay as they are, and count again once the user is let in again. What the user did stays in the audit trail."
            ),
        ],
        facts=[(_("Roles that count now"), loses.roles), (_("Tokens in use"), loses.tokens)],
        button=_("Shut out"),
        keep=_("Leave it as it is"),
        back=reverse("admin:user", args=[found.public_id]),
    )


@sent_only
def enable(request: Request, public_id: object) -> HttpResponse:
    """Let a user in again."""
    found = user_by_public_id(request.access, str(public_id))
    enable_user(access=request.access, user_id=found.pk, at=request.at)
    messages.success(request, _("The user may sign in again."))
    return redirect("admin:user", found.public_id)


@sent_only
def link(request: Request, public_id: object) -> HttpResponse:
    """Show, this once, the link with which the user sets the first password."""
    found = user_by_public_id(request.access, str(public_id))
    address = invite(access=request.access, user_id=found.pk, at=request.at)
    context = page_of(request, found) | {"link": address, "first": True}
    return render(request, "admin/user.html", context)


def page_of(request: Request, found: "User") -> dict[str, Any]:
    """Return what the page of a user shows."""
    access = request.access
    may_propose = bool(access.may("grant.propose"))
    return {
        "subject": found,
        "grants": [_state(g, request.at) for g in grants_of(access, found)],
        "may_write": bool(access.may("user.write")) and found.pk != access.user_id,
        "may_propose": may_propose,
        "may_end": bool(access.may("grant.end")),
        "fields": grant_fields(request) if may_propose else [],
        "lost": panels(request, found),
    }


def grant_fields(request: Request) -> list[Field]:
    """Return the fields of a proposal, with what was typed."""
    given = request.POST
    return [
        Field(key="role", label=_("Role"), value=given.get("role", ""), required=True,
              choices=list(words.ROLES.items())),
        Field(key="node", label=_("Where"), value=given.get("node", ""), required=True,
              choices=node_choices()),
        Field(key="valid_from", label=_("From"), type="date",
              value=given.get("valid_from", request.at.date().isoformat())),
        Field(key="valid_to", label=_("Last day"), type="date", required=True,
              value=given.get("valid_to", "")),
    ]  # fmt: skip


def _state(grant: Any, at: Any) -> dict[str, Any]:
    if grant.ended_at is not None:
        state = "ended"
    elif grant.approved_at is None:
        state = "proposed"
    elif grant.valid_to <= at:
        state = "over"
    else:
        state = "later" if grant.valid_from > at else "holds"
    return {"grant": grant, "state": state}


def _fields(request: Request) -> list[Field]:
    given = request.POST
    return [
        Field(key="username", label=_("User name"), value=given.get("username", ""),
              required=True, most=80, hint=_("For signing in: no spaces.")),
        Field(key="full_name", label=_("Name"), value=given.get("full_name", ""), most=120),
        Field(key="language", label=_("Language"), value=given.get("language", ""),
              choices=[("", _("As the browser, until one is chosen")), *LANGUAGE_NAMES.items()]),
        Field(key="kind", label=_("Kind"), value=given.get("kind", "person"),
              choices=[("person", _("Person")), ("service", _("Service account"))]),
    ]  # fmt: skip
