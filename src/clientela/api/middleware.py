"""A program's token instead of a session: checked anew on each request, in the database.

It runs before the scope is opened, so that the one transaction of the request is the
token's. A bad token is answered at once and alike, whatever is wrong with it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from clientela.api.problems import problem
from clientela.kernel.reasons import Reason
from clientela.security.selectors import token_in_force
from clientela.security.services import token_digest

PREFIX = "/api/"
SCHEME = "Bearer "


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
        request.token_acts = frozenset(token.acts)  # type: ignore[attr-defined]
        return self.get_response(request)
