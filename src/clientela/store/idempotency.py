"""A write that may be sent again: the same key gives the same answer and one effect.

The key is written in the transaction of the effect, so there is never one without the
other. A second request with the key answers what the first did; another request under the
same key is refused; one that comes while the first is at work is told to try again.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from clientela.kernel.reasons import Invalid, Reason, Refused
from clientela.store.models import IdempotencyKey

LONGEST = 200


class AtWork(Refused):
    """The first request with this key has not ended yet: try again shortly."""


def request_digest(method: str, path: str, body: bytes) -> str:
    """Return what tells one request from another."""
    return hashlib.sha256(b"\x00".join((method.encode(), path.encode(), body))).hexdigest()


@transaction.atomic
def once(
    *, user_id: int, key: str, digest: str, at: datetime, act: Callable[[], tuple[int, Any]]
) -> tuple[int, Any]:
    """Carry out `act`, which returns status and JSON, unless this key was used already.

    Raises Invalid for a key that is missing, no key or reused; AtWork while the first is under way.
    """
    if not key:
        raise Invalid(Reason(code="idempotency_key_missing"))
    if len(key) > LONGEST or not key.isprintable():
        raise Invalid(Reason(code="idempotency_key_invalid", params={"most": str(LONGEST)}))
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [key, user_id])
        if not cursor.fetchone()[0]:
            raise AtWork(Reason(code="request_at_work"))
    known = IdempotencyKey.objects.filter(user_id=user_id, key=key).first()
    if known is not None:
        if known.request_digest != digest:
            raise Invalid(Reason(code="idempotency_key_reused"))
        return known.status or 200, known.response
    status, response = act()
    IdempotencyKey.objects.create(
        user_id=user_id, key=key, request_digest=digest, status=status, response=response,
        created_at=at,
    )  # fmt: skip
    return status, response
