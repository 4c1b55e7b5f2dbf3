"""What surrounds every request: language, database context, actor, refusals.

`ScopeMiddleware` opens the one transaction of the request, tells the database who asks,
and works out anew what the user may do. A refusal becomes its status and is written to
the audit trail after the request's own work was rolled back, so that a refused act
leaves its event and nothing else.
"""

import hashlib
import uuid
from collections.abc import Callable
from typing import cast

from django.core.cache import cache
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from clientela.audit.context import Actor, acting
from clientela.audit.services import record_event
from clientela.kernel.days import UTC_NAME, zone_of
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason, Refused
from clientela.security.permits import Access
from clientela.security.selectors import access_of, context_of
from clientela.security.services.reading import record_reading
from clientela.store.context import NOTHING, Context, database_context
from clientela.store.reading import gathered
from clientela.web.failures import remember_language
from clientela.web.refusals import refusal_page
from clientela.web.request import Request

Handler = Callable[[Request], HttpResponseBase]
STATUS = {NotPermitted: 403, NotInScope: 404, Invalid: 422}
REFUSALS_A_MINUTE = 20  # written of one address that nobody has signed in from
# Served before anybody signs in, without a transaction of its own.
UNSCOPED = ("/static/", "/healthz")


class _Undone(Exception):
    """Leaves the transaction of a request that was not answered with success."""


class LanguageMiddleware:
    """Speak the language that the user chose; else the one of the sign-in page, or the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        user = request.user
        chosen = request.session.get("language") if hasattr(request, "session") else None
        own = user.language if user.is_authenticated else ""
        spoken = own or chosen or ""
        language = spoken or translation.get_language_from_request(request)
        with translation.override(language), timezone.override(zone_of(UTC_NAME)):
            request.LANGUAGE_CODE = translation.get_language() or "en"
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
            remember_language(request, response, spoken)
            return response


class ScopeMiddleware:
    """One transaction, one context, one actor for each request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if request.path.startswith(UNSCOPED):
            return self.get_response(request)
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("a NUL, which the database holds in no text")
        request.at = timezone.now()
        request.access = cast(Access, _access(request))  # None before the sign-in
        if request.access is not None:  # until the end of `LanguageMiddleware`
            timezone.activate(zone_of(request.access.time_zone))
        request.refusal = None
        with acting(_actor(request)):
            response = self._within(request, _context(request.access))
            if response.status_code == 429:
                request.refusal = Refused(Reason(code="too_many_requests"))
            if request.refusal is not None:
                _record_refusal(request, request.refusal)
        if not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response

    def _within(self, request: Request, context: Context) -> HttpResponseBase:
        """Answer inside a transaction, which is undone when the answer is no success."""
        try:
            with database_context(context), gathered() as read:
                response = self.get_response(request)
                if response.status_code >= 400:
                    raise _Undone
                if request.method in ("GET", "HEAD"):  # a write leaves an event of its own
                    record_reading(read, at=request.at, where=_place(request))
        except _Undone:
            return response
        return response

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            request.refusal = error
            status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 409)
            return refusal_page(request, error.reasons, status)
        if isinstance(error, Http404):
            request.refusal = NotInScope("page")
            return refusal_page(request, request.refusal.reasons, 404)
        if isinstance(error, PermissionDenied):
            request.refusal = NotPermitted(Reason(code="not_permitted"))
            return refusal_page(request, request.refusal.reasons, 403)
        return None


def _place(request: Request) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def actor_of(request: Request, channel: str) -> Actor:
    """Return who acts in this request, for the audit trail."""
    user = request.user
    key = request.session.session_key if hasattr(request, "session") else None
    return Actor(
        user_id=user.pk if user.is_authenticated else None,
        name=user.username if user.is_authenticated else "anonymous",
        channel=channel,
        address=request.META.get("REMOTE_ADDR") or None,
        device=request.headers.get("User-Agent", "")[:200],
        session=hashlib.sha256(key.encode()).hexdigest()[:32] if key else "",
        request_id=str(uuid.uuid4()),
    )


def _actor(request: Request) -> Actor:
    return actor_of(request, "api" if request.path.startswith("/api/") else "page")


def _access(request: Request) -> Access | None:
    user = request.user
    if not user.is_authenticated or not user.is_active:
        return None
    return access_of(user, at=request.at, acts=getattr(request, "token_acts", None))


def _context(access: Access | None) -> Context:
    return context_of(access) if access is not None else NOTHING


def _record_refusal(request: Request, refusal: Refused) -> None:
    """Write what was refused; of somebody who is not signed in, so many a minute and no more."""
    if request.access is None and _is_flooding(request):
        return
    with transaction.atomic():
        record_event(
            act="web.request.refused",
            at=request.at,
            subject=(request.method or "", request.path[:200]),
            refused=refusal.reasons,
        )


def _is_flooding(request: Request) -> bool:
    """Tell whether this address was refused more often than is written: the trail only grows."""
    key = f"refused:{request.META.get('REMOTE_ADDR', '')}:{request.at:%Y%m%d%H%M}"
    if cache.add(key, 1, timeout=90):
        return False
    try:
        return bool(cache.incr(key) > REFUSALS_A_MINUTE)
    except ValueError:  # it has just run out
        return False
