"""What stands before every page: a sign-in, its longest time, and the second factor.

A view is behind the gate unless it says otherwise (`login_not_required`), so a page that
forgets to ask is closed, not open.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from clientela.store.selectors import is_demo
from clientela.web.request import Request

LONGEST = timedelta(hours=12)
BEGUN = "began_at"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# What somebody without the second factor needs to get one, or to leave.
WITHOUT_FACTOR = {
    "account_logout", "account_reauthenticate", "account_change_password", "mfa_index",
    "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "preferences",
}  # fmt: skip


class GateMiddleware:
    """Send away whoever may not yet see a page. Stands inside the request's transaction."""

    def __init__(self, get_response: Callable[[Request], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return the way to what is missing, or None to let the request through."""
        if not getattr(view, "login_required", True) and not request.user.is_authenticated:
            return None
        if not hasattr(request, "access"):
            return None  # outside the transaction: answers without looking at anybody
        if _calls_the_api(request):
            return None  # it answers 401 itself; a token has been checked already
        if request.access is None:
            return to_sign_in(request)
        if _is_over(request):
            logout(request)
            messages.info(request, _("Your session was over. Sign in again."))
            return to_sign_in(request)
        if _lacks_factor(request):
            messages.warning(
                request, _("You need a second factor. Set one up before anything else.")
            )
            return _to(request, reverse("mfa_index"))
        return None


def _calls_the_api(request: Request) -> bool:
    """Tell whether a program asks: with a token, or with nothing at all."""
    is_api = request.resolver_match is not None and request.resolver_match.namespace == "api"
    return is_api and (hasattr(request, "token") or request.access is None)


def to_sign_in(request: Request) -> HttpResponse:
    """Return the way to the sign-in page and, for what was read, back again."""
    url = reverse("account_login")
    if request.method == "GET" and not request.headers.get("HX-Request"):
        url += "?" + urlencode({"next": request.get_full_path()})
    return _to(request, url)


def has_second_factor(request: Request) -> bool:
    """Tell whether the user has a second factor; recovery codes alone are none."""
    return bool(is_mfa_enabled(request.user, FACTORS))


def _to(request: Request, url: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(url)
    return redirect(url)


def _is_over(request: Request) -> bool:
    begun = request.session.get(BEGUN)
    if begun is None:
        request.session[BEGUN] = request.at.isoformat()
        return False
    reset = _reset_at(request)
    since = datetime.fromisoformat(begun)
    return request.at - since > LONGEST or (reset is not None and since < reset)


def _lacks_factor(request: Request) -> bool:
    match = request.resolver_match
    needed = request.access.needs_second_factor or _reset_at(request) is not None
    if not needed or (match and match.view_name in WITHOUT_FACTOR):
        return False
    return not has_second_factor(request) and not is_demo()


def _reset_at(request: Request) -> datetime | None:
    """Return when the second factor of this user was last taken away."""
    return getattr(request.user, "factor_reset_at", None)
