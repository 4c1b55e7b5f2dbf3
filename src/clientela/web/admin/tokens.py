"""Tokens of programs: proposed by one, approved by another, shown once, revoked by either."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.kernel.reasons import Invalid
from clientela.security.administration import (
    service_account_by_name,
    service_accounts,
    token_by_public_id,
    tokens,
)
from clientela.security.roles import FOR_PERSONS
from clientela.security.selectors import acts_held
from clientela.security.services import (
    approve_token,
    issue_token,
    propose_token,
    revoke_token,
)
from clientela.web import words
from clientela.web.confirming import confirmation
from clientela.web.fields import Field, refuse, whole_of
from clientela.web.request import Request
from clientela.web.ways import sent_only

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientela.security.models import Token

MOST = 200
BELONGS = {
    "acts_unknown": "acts", "acts_of_persons": "acts", "token_period_invalid": "days", "token_needs_a_service_account": "user",
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: Request) -> HttpResponse:
    """Show the tokens; a POST proposes one."""
    wrong, status = list[str](), 200
    page = _page(request)
    if request.method == "POST":
        request.access.demand("token.propose")
        try:
            token = _propose(request)
            messages.success(request, _("The token %(name)s was proposed.") % {"name": token.name})
            _warn_of_rest(request, token)
            return redirect("admin:tokens")
        except Invalid as refusal:
            wrong, status = refuse(request, page["fields"], refusal, BELONGS)
    return render(request, "admin/tokens.html", page | {"sentences": wrong}, status=status)


@sent_only
def approve(request: Request, public_id: object) -> HttpResponse:
    """Sign a token; a refusal shows every reason."""
    token = token_by_public_id(request.access, str(public_id))
    approve_token(access=request.access, token_id=token.pk, at=request.at)
    messages.success(request, _("The token was approved."))
    _warn_of_rest(request, token)
    return redirect("admin:tokens")


@sent_only
def issue(request: Request, public_id: object) -> HttpResponse:
    """Make the secret of a token and show it, this once."""
    token = token_by_public_id(request.access, str(public_id))
    issued, secret = issue_token(access=request.access, token_id=token.pk, at=request.at)
    return render(request, "admin/tokens.html", _page(request) | {"secret": secret, "of": issued})


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: Request, public_id: object) -> HttpResponse:
    """Say what revoking a token will do; a POST stops it at once."""
    request.access.demand("token.revoke")
    token = token_by_public_id(request.access, str(public_id))
    if request.method != "POST":
        if token.revoked_at is not None:  # the browser's way back
            return redirect("admin:tokens")
        return _asked_to_revoke(request, token)
    revoke_token(access=request.access, token_id=token.pk, at=request.at)
    messages.success(request, _("The token was revoked."))
    return redirect("admin:tokens")


def _asked_to_revoke(request: Request, token: "Token") -> HttpResponse:
    return confirmation(
        request,
        heading=_("Revoke the token %(name)s?") % {"name": token.name},
        sentences=[
            _(
                "A program that uses it is refused from its next request on. It cannot be taken back: another token has to be proposed, approved and put into the program."
            ),
        ],
        facts=[
            (_("Acts as"), token.user),
            (_("May"), ", ".join(str(words.ACTS.get(act, act)) for act in token.acts)),
        ],
        button=_("Revoke"),
        keep=_("Leave it as it is"),
        back=reverse("admin:tokens"),
    )


def _propose(request: Request) -> "Token":
    days = whole_of(request.POST.get("days", ""), "days")
    return propose_token(
        access=request.access,
        user_id=service_account_by_name(request.access, request.POST.get("user", "")).pk,
        name=request.POST.get("name", "").strip()[:80] or "-",
        acts=request.POST.getlist("acts"),
        expires_at=request.at + timedelta(days=max(0, min(days, 10_000))),
        at=request.at,
    )


def _page(request: Request) -> dict[str, Any]:
    access = request.access
    return {
        "tokens": _listed(tokens(access)[:MOST], request.at),
        "may_propose": bool(access.may("token.propose")),
        "may_approve": bool(access.may("token.approve")),
        "may_revoke": bool(access.may("token.revoke")),
        "fields": _fields(request) if access.may("token.propose") else [],
    }


def _fields(request: Request) -> list[Field]:
    given = request.POST
    accounts = [(one.username, one.username) for one in service_accounts(request.access)]
    return [
        Field(key="name", label=_("Name"), value=given.get("name", ""), required=True, most=80),
        Field(key="user", label=_("Acts as"), value=given.get("user", ""), required=True,
              choices=accounts),
        Field(key="days", label=_("Days"), type="number", required=True, least=1, most=365,
              value=given.get("days", "90")),
        Field(key="acts", label=_("May"), type="checks", value=given.getlist("acts"),
              choices=[(act, text) for act, text in words.ACTS.items() if act not in FOR_PERSONS],
              hint=_("Analyses are answered in groups alone where customer files may not be read.")),
    ]  # fmt: skip


def acts_of(found: "Iterable[Token]", at: Any) -> list[tuple["Token", list[tuple[str, bool]]]]:
    """Return tokens, each with its rights in words, and whether one rests since the account it
    acts as does not have it, or no program may."""
    shown = list(found)
    held = acts_held({token.user_id for token in shown}, at=at)
    return [
        (token, [
            (words.word(words.ACTS, act),
             act not in held.get(token.user_id, frozenset()) or act in FOR_PERSONS)
            for act in token.acts
        ])
        for token in shown
    ]  # fmt: skip


def _warn_of_rest(request: Request, token: "Token") -> None:
    """Say which rights of a token can do nothing yet: their account needs a role with them."""
    ((_token, acts),) = acts_of([token], request.at)
    resting = [act for act, rests in acts if rests]
    if resting:
        said = _("%(user)s holds no role that allows this, so it rests until then: %(acts)s.")
        messages.warning(request, said % {"user": token.user, "acts": ", ".join(resting)})


def _listed(found: "Iterable[Token]", at: Any) -> list[dict[str, Any]]:
    return [_state(token, acts, at) for token, acts in acts_of(found, at)]


def _state(token: Any, acts: list[tuple[str, bool]], at: Any) -> dict[str, Any]:
    """Return a token as the list shows it."""
    if token.revoked_at:
        state = "revoked"
    elif token.expires_at <= at:
        state = "over"
    elif token.approved_at is None:
        state = "proposed"
    else:
        state = "holds" if token.digest else "approved"
    return {"token": token, "state": state, "acts": acts}
