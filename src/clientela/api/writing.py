"""Writes: every one carries `Idempotency-Key`, and has its effect once."""

import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from clientela.api.forms import access_of, at_of
from clientela.store.idempotency import once, request_digest

HEADER = "Idempotency-Key"


def write_once(
    request: HttpRequest, act: Callable[[], Any], *, status: int = 200, body: bytes | None = None
) -> HttpResponse:
    """Carry out a write under the request's key and answer what it returns, as JSON.

    :param body: what tells this request from another; the request's own body if absent.
    """

    def effect() -> tuple[int, Any]:
        return status, json.loads(json.dumps(act(), cls=DjangoJSONEncoder))

    found, answer = once(
        user_id=access_of(request).user_id,
        key=request.headers.get(HEADER, ""),
        digest=request_digest(
            request.method or "", request.path, request.body if body is None else body
        ),
        at=at_of(request),
        act=effect,
    )
    # Keys in one order: what is read back from the database has another than what was made.
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True)
    return HttpResponse(text, status=found, content_type="application/json")
