"""The API as a whole: who may call, how errors look, which routers there are."""

from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

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
from clientela.api.description import DescribedAPI
from clientela.api.parameters import answers_head, only_own
from clientela.api.problems import not_signed_in, problem, reason_of, unfit
from clientela.api.sign_in import for_callers, signed_in
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason, Refused
from clientela.store.idempotency import AtWork

STATUS = {NotPermitted: 403, NotInScope: 404, Invalid: 422}

api = DescribedAPI(
    title="Clientela",
    version="1",
    urls_namespace="api",
    auth=signed_in,
    openapi_url="/openapi.json",
    docs_url=None,
    docs_decorator=for_callers,
)
api.add_decorator(only_own)
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
    api.add_router(prefix, answers_head(router))


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
    return not_signed_in()
