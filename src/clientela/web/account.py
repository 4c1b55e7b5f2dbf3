"""One's own language, appearance and time zone, and the second factor asked for at sign-in."""

from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.kernel.reasons import Invalid, Reason
from clientela.security.services import change_preferences
from clientela.web import formats
from clientela.web.fields import Field, refuse
from clientela.web.request import Request
from clientela.web.ways import following, sent_only


class AskFactor(AuthenticateView):  # type: ignore[misc]
    """Ask for a second factor that the user has: who has keys alone is asked for a key first."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return what the library shows, and which factors there are."""
        user = self.stage.login.user
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "has_app": is_mfa_enabled(user, [Authenticator.Type.TOTP]),
            "has_key": is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]),
        }


@login_not_required
@sent_only
def preferences(request: Request) -> HttpResponse:
    """Change language or appearance; before sign-in, the language for this session."""
    language = request.POST.get("language") or None
    theme = request.POST.get("theme") or None
    if request.access is not None:
        change_preferences(access=request.access, at=request.at, language=language, theme=theme)
    elif language in dict(settings.LANGUAGES):
        request.session["language"] = language
    else:
        raise Invalid(Reason(code="preference_unknown"))
    return redirect(following(request.POST.get("next", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def own_zone(request: Request) -> HttpResponse:
    """Choose the time zone of one's own, or that of the place where one works."""
    field = Field(
        key="time_zone", label=_("Time zone"),
        value=request.POST.get("time_zone", getattr(request.user, "time_zone", "")),
        choices=formats.zones(_("As my branch")),
        hint=_("It decides which day is today for you, and at which time you read what was done."),
    )  # fmt: skip
    wrong, status = list[str](), 200
    if request.method == "POST":
        try:
            chosen = request.POST.get("time_zone", "")
            change_preferences(access=request.access, at=request.at, time_zone=chosen)
            messages.success(request, _("The time zone was changed."))
            return redirect("own_zone")
        except Invalid as refusal:
            wrong, status = refuse(request, [field], refusal, {})
    context = {"field": field, "sentences": wrong, "zone": request.access.time_zone}
    return render(request, "account/time_zone.html", context, status=status)
