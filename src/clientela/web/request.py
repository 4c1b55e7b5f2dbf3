"""The request as views get it, after the middleware."""

from datetime import datetime

from django.http import HttpRequest

from clientela.kernel.reasons import Refused
from clientela.security.permits import Access


class Request(HttpRequest):
    """A request behind the gate: whose it is, and the instant at which all of it happens."""

    access: Access  # None only in views that need no sign-in
    at: datetime
    refusal: Refused | None
    LANGUAGE_CODE: str
