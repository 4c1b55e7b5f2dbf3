"""What surrounds a program's requests: its token, and errors that a program can read.

The token stands instead of a session and is checked anew on each request, in the database,
before the scope is opened, so that the one transaction of the request is the token's. A bad
token is answered at once and alike, whatever is wrong with it.
"""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation

from clientela.api.problems import CONTENT_TYPE, body, problem, reason_of
from clientela.kernel.reasons import Reason
from clientela.security.roles import FOR_PERSONS
from clientela.security.selectors import token_in_force
from clientela.security.services import token_digest

PREFIX = "/api/"
SCHEME = "Bearer "


class ProblemMiddleware:
    """Answer programs in JSON also what the framework refuses: no such address, no such method,
    a request that cannot be read, a failure. Stands around everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        try:
            request.get_host()
        except DisallowedHost:  # known before there is a user or a language
            return problem(400, [Reason(code="request_not_understood")])
        response = self.get_response(request)
        if not isinstance(response, HttpResponse):
            return response
        if response.status_code == 302:  # to a page that a program cannot use
            response = _instead_of_page(request, response)
        if response.status_code < 400 or "json" in response.headers.get("Content-Type", ""):
            return response
        with translation.override(translation.get_language_from_request(request)):
            text = body(response.status_code, [reason_of(response.status_code)])
        response.content = text.encode()
        response.headers["Content-Type"] = CONTENT_TYPE
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _instead_of_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return why a session was sent to a page: it is over, or its second factor is missing."""
    if not request.user.is_authenticated:
        return problem(401, [Reason(code="not_signed_in")])
    return problem(403, [Reason(code="second_factor_missing")])


class TokenMiddleware:
    """Let `Authorization: Bearer` stand for the token's account, limited to its acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("Authorization", "")
        if not request.path.startswith(PREFIX) or not given:
            return self.get_response(request)
        token = None
        if given.startswith(SCHEME):
            secret = given.removeprefix(SCHEME).strip()
            token = token_in_force(token_digest(secret), at=timezone.now())
        if token is None:
            response = problem(401, [Reason(code="token_not_in_force")])
            response["WWW-Authenticate"] = "Bearer"
            return response
        request.user = token.user
        request.token = token  # type: ignore[attr-defined]
        acts = frozenset(token.acts) - FOR_PERSONS  # one of before may name some
        request.token_acts = acts  # type: ignore[attr-defined]
        return self.get_response(request)
