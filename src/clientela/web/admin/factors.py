"""A second factor or a password that somebody lost: asked about by one, helped by another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clientela.kernel.reasons import Invalid
from clientela.security.selectors import user_by_public_id
from clientela.security.services import ask_reset, confirm_reset, end_reset
from clientela.security.services.factors import What
from clientela.web.admin.lost import REASONS
from clientela.web.admin.users import page_of
from clientela.web.fields import refuse
from clientela.web.request import Request
from clientela.web.ways import sent_only


@sent_only
def ask(request: Request, public_id: object) -> HttpResponse:
    """Ask that a user's second factor be taken away, with the reason."""
    return _ask(request, str(public_id), What.FACTOR)


@sent_only
def ask_password(request: Request, public_id: object) -> HttpResponse:
    """Ask for a link with which a user sets another password, with the reason."""
    return _ask(request, str(public_id), What.PASSWORD)


@sent_only
def confirm(request: Request, public_id: object) -> HttpResponse:
    """Take the second factor away, or show this once the link; a refusal shows every reason."""
    helped = confirm_reset(access=request.access, public_id=str(public_id), at=request.at)
    user = helped.reset.user
    if helped.link:
        context = page_of(request, user) | {"link": helped.link, "first": False}
        return render(request, "admin/user.html", context)
    said = _("The second factor of %(user)s is gone, and every session with it.")
    messages.success(request, said % {"user": user})
    return redirect("admin:user", user.public_id)


@sent_only
def end(request: Request, public_id: object) -> HttpResponse:
    """Withdraw one's own request, or refuse another's."""
    reset = end_reset(access=request.access, public_id=str(public_id), at=request.at)
    own = reset.asked_by == reset.ended_by
    messages.success(
        request, _("The request was withdrawn.") if own else _("The request was refused.")
    )
    return redirect("admin:user", reset.user.public_id)


def _ask(request: Request, public_id: str, what: What) -> HttpResponse:
    access, key = request.access, REASONS[what]
    access.demand("factor.propose")
    user = user_by_public_id(access, public_id)
    reason = request.POST.get(key, "")
    try:
        ask_reset(access=access, user_id=user.pk, what=what, reason=reason, at=request.at)
    except Invalid as refusal:
        page = page_of(request, user)
        panel = page["lost"][what]
        belongs = {"factor_reset_needs_a_reason": key}
        panel.wrong, status = refuse(request, panel.fields, refusal, belongs)
        return render(request, "admin/user.html", page, status=status)
    messages.success(
        request, _("The request was made. Another person has to confirm it within a day.")
    )
    return redirect("admin:user", user.public_id)
