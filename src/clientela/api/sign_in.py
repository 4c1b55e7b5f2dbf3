"""Who may call: a token's account or a session, and for a write the right to it.

A write looks at the right before anything of what was sent, so that whoever lacks it learns
neither what a body may hold nor what was wrong with this one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError
from ninja.utils import check_csrf

from clientela.api.problems import not_signed_in
from clientela.kernel.reasons import NotPermitted, Reason

BODIES = {"application/json", "multipart/form-data"}


def signed_in(request: HttpRequest) -> Any:
    """Return the access of the caller: a token's, or a session's with its CSRF token.

    A body is looked at once it is clear who sends it: one that is neither JSON nor a form with a
    file is refused as such.
    """
    access = caller_of(request)
    if access is not None:
        _demand_a_body(request)
    return access


class Holding:
    """Sign-in for a write: the caller holds one of `acts`, whatever the body is.

    Which records the act reaches is asked by the service. Raises NotPermitted, naming all.
    """

    def __init__(self, *acts: str) -> None:
        self.acts = acts

    def __call__(self, request: HttpRequest) -> Any:
        access = caller_of(request)
        if access is not None:
            access.demand_any(*self.acts)
            _demand_a_body(request)
        return access


def for_callers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view of the framework answer those alone who may call: what describes the API."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return view(request, **kwargs) if signed_in(request) is not None else not_signed_in()

    return guarded


def caller_of(request: HttpRequest) -> Any:
    """Return the access of who calls, None where nobody does. Raises NotPermitted without CSRF."""
    access = getattr(request, "access", None)
    if access is None:
        return None
    if getattr(request, "token", None) is None and check_csrf(request) is not None:
        raise NotPermitted(Reason(code="csrf_token_missing"))
    return access


def _demand_a_body(request: HttpRequest) -> None:
    length = request.headers.get("Content-Length") or "0"
    has_body = request.method not in ("GET", "HEAD") and length != "0"
    if has_body and request.content_type not in BODIES:
        raise HttpError(415, "content type")
