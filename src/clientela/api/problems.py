"""Errors as RFC 9457 problem details, with `reasons` as codes, parameters and words."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse

from clientela.kernel.reasons import Reason
from clientela.store.wording import sentence

TITLES = {
    400: "Bad request", 401: "Not signed in", 403: "Not permitted", 404: "Not found",
    405: "No such method", 409: "Refused", 413: "Too large", 415: "Unsupported", 422: "Invalid",
    429: "Too much", 500: "Failed", 503: "Not to be reached",
}  # fmt: skip
CONTENT_TYPE = "application/problem+json"
# What an answer of the framework means that brings no reasons of ours, by its status.
REASONS = {
    400: "request_not_understood", 401: "not_signed_in", 403: "not_permitted", 404: "not_found",
    405: "method_not_allowed", 413: "request_too_large", 415: "content_type_not_supported",
    429: "too_many_requests", 503: "database_not_answering",
}  # fmt: skip
_WHOLE = ("body", "query", "path", "form", "file", "payload")  # where a field stands, no part of it
# What pydantic calls a value that does not fit, as a code of ours; the rest "cannot be read".
_UNFIT = {
    "missing": "field_missing", "string_type": "field_not_a_text", "int_type": "field_not_a_number",
    "int_parsing": "field_not_a_number", "bool_type": "field_not_a_yes_or_no",
    "bool_parsing": "field_not_a_yes_or_no", "date_type": "field_not_a_date",
    "date_parsing": "field_not_a_date", "date_from_datetime_parsing": "field_not_a_date",
    "date_from_datetime_inexact": "field_not_a_date", "datetime_type": "field_not_an_instant",
    "datetime_parsing": "field_not_an_instant",
    "datetime_from_date_parsing": "field_not_an_instant", "dict_type": "field_not_an_object",
    "list_type": "field_not_a_list", "extra_forbidden": "field_unknown",
    "string_too_long": "field_too_long", "string_pattern_mismatch": "field_not_a_decimal",
}  # fmt: skip


def problem(status: int, reasons: Iterable[Reason]) -> HttpResponse:
    """Return the response for a status and its reasons."""
    return HttpResponse(body(status, reasons), status=status, content_type=CONTENT_TYPE)


def not_signed_in() -> HttpResponse:
    """Return the response for who is not signed in: where, and how to come in."""
    response = problem(401, [Reason(code="not_signed_in")])
    response["WWW-Authenticate"] = "Bearer"
    return response


def body(status: int, reasons: Iterable[Reason]) -> str:
    """Return the body of the response."""
    answer = {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "reasons": [{**r.as_json(), "text": sentence(r)} for r in reasons],
    }
    return json.dumps(answer, ensure_ascii=False)


def reason_of(status: int) -> Reason:
    """Return the reason that a bare status of the framework stands for."""
    return Reason(code=REASONS.get(status, "request_failed" if status >= 500 else REASONS[400]))


def unfit(error: Mapping[str, Any]) -> Reason:
    """Return what is wrong with a value that does not fit its schema."""
    place = [str(part) for part in error["loc"] if part not in _WHOLE]
    field = ".".join(place[-2:])[:80] or "body"
    most = error.get("ctx", {}).get("max_length")
    params = {"field": field, **({} if most is None else {"most": str(most)})}
    return Reason(code=_UNFIT.get(str(error["type"]), "field_invalid"), params=params)
