"""The API as a whole: who may call, how errors look, which routers there are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from clientela.api import (
    analyses,
    customers,
    dealings,
    imports,
    me,
    payments,
    rates,
    sources,
    trade,
)
from clientela.api.problems import problem, reason_of, unfit
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason, Refused
from clientela.store.idempotency import AtWork

STATUS = {NotPermitted: 403, NotInScope: 404, Invalid: 422}
BODIES = {"application/json", "multipart/form-data"}


def signed_in(request: HttpRequest) -> Any:
    """Return the access of the caller: a token's, or a session's with its CSRF token.

    A body is looked at once it is clear who sends it: one that is neither JSON nor a form with a
    file is refused as such.
    """
    access = getattr(request, "access", None)
    if access is None:
        return None
    if getattr(request, "token", None) is None and check_csrf(request) is not None:
        raise NotPermitted(Reason(code="form_expired"))
    length = request.headers.get("Content-Length") or "0"
    has_body = request.method not in ("GET", "HEAD") and length != "0"
    if has_body and request.content_type not in BODIES:
        raise HttpError(415, "content type")
    return access


api = NinjaAPI(
    title="Clientela",
    version="1",
    urls_namespace="api",
    auth=signed_in,
    openapi_url="/openapi.json",
    docs_url=None,
)
for prefix, router in (
    ("/me", me.router),
    ("/customers", customers.router),
    ("/customers", dealings.router),
    ("/invoices", trade.router),
    ("/payments", payments.router),
    ("/sources", sources.router),
    ("/rates", rates.router),
    ("/imports", imports.router),
    ("/analyses", analyses.router),
):
    api.add_router(prefix, router)


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Answer a refusal as RFC 9457 says, with its reasons as codes and words."""
    setattr(request, "refusal", error)  # noqa: B010 - the middleware records it
    status = next((s for kind, s in STATUS.items() if isinstance(error, kind)), 409)
    response = problem(status, error.reasons)
    if isinstance(error, AtWork):
        response["Retry-After"] = "1"
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer what does not fit the schema, naming each place."""
    return problem(422, [unfit(one) for one in error.errors])


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer errors of the framework in the same form; its own words are for programmers."""
    if error.status_code == 400:  # raised where a body is no JSON
        return problem(400, [Reason(code="body_not_json")])
    return problem(error.status_code, [reason_of(error.status_code)])


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer who is not signed in."""
    response = problem(401, [Reason(code="not_signed_in")])
    response["WWW-Authenticate"] = "Bearer"
    return response
