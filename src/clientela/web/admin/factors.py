"""A second factor that somebody lost: asked about by one, taken away by another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from clientela.kernel.reasons import Invalid
from clientela.security.selectors import user_by_public_id
from clientela.security.services import (
    ask_factor_reset,
    confirm_factor_reset,
    end_factor_reset,
)
from clientela.web.admin.users import page_of
from clientela.web.fields import refuse
from clientela.web.request import Request
from clientela.web.ways import sent_only


@sent_only
def ask(request: Request, public_id: object) -> HttpResponse:
    """Ask that a user's second factor be taken away, with the reason."""
    request.access.demand("factor.propose")
    user = user_by_public_id(request.access, str(public_id))
    reason = request.POST.get("reason", "")
    try:
        ask_factor_reset(access=request.access, user_id=user.pk, reason=reason, at=request.at)
    except Invalid as refusal:
        page = page_of(request, user)
        wrong, status = refuse(request, page["factor"]["fields"], refusal, {})
        return render(request, "admin/user.html", page | {"factor_wrong": wrong}, status=status)
    messages.success(
        request, _("The request was made. A security officer has to confirm it within a day.")
    )
    return redirect("admin:user", user.public_id)


@sent_only
def confirm(request: Request, public_id: object) -> HttpResponse:
    """Take the second factor away; a refusal shows every reason."""
    reset = confirm_factor_reset(access=request.access, public_id=str(public_id), at=request.at)
    said = _("The second factor of %(user)s is gone, and every session with it.")
    messages.success(request, said % {"user": reset.user})
    return redirect("admin:user", reset.user.public_id)


@sent_only
def end(request: Request, public_id: object) -> HttpResponse:
    """Withdraw one's own request, or refuse another's."""
    reset = end_factor_reset(access=request.access, public_id=str(public_id), at=request.at)
    own = reset.asked_by == reset.ended_by
    messages.success(
        request, _("The request was withdrawn.") if own else _("The request was refused.")
    )
    return redirect("admin:user", reset.user.public_id)
