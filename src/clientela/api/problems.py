"""Errors as RFC 9457 problem details, with `reasons` as codes, parameters and words."""

import json
from collections.abc import Iterable

from django.http import HttpResponse

from clientela.api.wording import sentence
from clientela.kernel.reasons import Reason

TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not permitted", 404: "Not found",
    409: "Refused", 415: "Unsupported", 422: "Invalid", 429: "Too much",
}  # fmt: skip


def problem(status: int, reasons: Iterable[Reason]) -> HttpResponse:
    """Return the response for a status and its reasons."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "reasons": [{**r.as_json(), "text": sentence(r)} for r in reasons],
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json"
    )
