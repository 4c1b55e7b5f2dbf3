"""Tokens of programs: proposed by one, approved by another, shown once, revoked by either."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clientela.security.administration import service_accounts, token_by_public_id, tokens
from clientela.security.services import (
    approve_token,
    issue_token,
    propose_token,
    revoke_token,
)
from clientela.web import words
from clientela.web.fields import whole_of
from clientela.web.request import Request

MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: Request) -> HttpResponse:
    """Show the tokens; a POST proposes one."""
    if request.method == "POST":
        days = whole_of(request.POST.get("days", ""), "days")
        token = propose_token(
            access=request.access,
            user_id=whole_of(request.POST.get("user", ""), "user"),
            name=request.POST.get("name", "").strip()[:80] or "-",
            acts=request.POST.getlist("acts"),
            expires_at=request.at + timedelta(days=max(0, min(days, 10_000))),
            at=request.at,
        )
        messages.success(request, _("The token %(name)s was proposed.") % {"name": token.name})
        return redirect("admin:tokens")
    return render(request, "admin/tokens.html", _page(request))


@require_POST
def approve(request: Request, public_id: object) -> HttpResponse:
    """Sign a token; a refusal shows every reason."""
    token = token_by_public_id(request.access, str(public_id))
    approve_token(access=request.access, token_id=token.pk, at=request.at)
    messages.success(request, _("The token was approved."))
    return redirect("admin:tokens")


@require_POST
def issue(request: Request, public_id: object) -> HttpResponse:
    """Make the secret of a token and show it, this once."""
    token = token_by_public_id(request.access, str(public_id))
    issued, secret = issue_token(access=request.access, token_id=token.pk, at=request.at)
    return render(request, "admin/tokens.html", _page(request) | {"secret": secret, "of": issued})


@require_POST
def revoke(request: Request, public_id: object) -> HttpResponse:
    """Stop a token at once."""
    token = token_by_public_id(request.access, str(public_id))
    revoke_token(access=request.access, token_id=token.pk, at=request.at)
    messages.success(request, _("The token was revoked."))
    return redirect("admin:tokens")


def _page(request: Request) -> dict[str, Any]:
    access = request.access
    may_propose = bool(access.may("token.propose"))
    return {
        "tokens": [_state(token, request.at) for token in tokens(access)[:MOST]],
        "may_propose": may_propose,
        "may_approve": bool(access.may("token.approve")),
        "may_revoke": bool(access.may("token.revoke")),
        "accounts": service_accounts(access) if may_propose else [],
        "acts": words.ACTS.items(),
    }


def _state(token: Any, at: Any) -> dict[str, Any]:
    if token.revoked_at:
        state = "revoked"
    elif token.expires_at <= at:
        state = "over"
    elif token.approved_at is None:
        state = "proposed"
    else:
        state = "holds" if token.digest else "approved"
    acts = [words.word(words.ACTS, act) for act in token.acts]
    return {"token": token, "state": state, "acts": acts}
