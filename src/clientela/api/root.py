"""The API as a whole: who may call, how errors look, which routers there are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.utils import check_csrf

from clientela.api import analyses, customers, dealings, imports, me, sources, trade
from clientela.api.problems import problem
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason, Refused
from clientela.store.idempotency import AtWork

STATUS = {NotPermitted: 403, NotInScope: 404, Invalid: 422}


def signed_in(request: HttpRequest) -> Any:
    """Return the access of the caller: a token's, or a session's with its CSRF token."""
    access = getattr(request, "access", None)
    if access is None:
        return None
    if getattr(request, "token", None) is None and check_csrf(request) is not None:
        raise HttpError(403, "csrf")
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
    ("/sources", sources.router),
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
    reasons = [
        Reason(
            code="field_invalid",
            params={"field": ".".join(map(str, e["loc"][-2:])), "why": str(e["type"])},
        )
        for e in error.errors
    ]
    return problem(422, reasons)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer errors of the framework in the same form."""
    return problem(error.status_code, [Reason(code="request_refused", params={"why": str(error)})])


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer who is not signed in."""
    response = problem(401, [Reason(code="not_signed_in")])
    response["WWW-Authenticate"] = "Bearer"
    return response
