"""An event in the form that is hashed and exported: JSON values only, always the same."""

from datetime import UTC, datetime
from typing import Any

from clientela.audit.models import Event

FIELDS = [
    "id",
    "recorded_at",
    "actor_id",
    "actor",
    "on_behalf_of",
    "channel",
    "session",
    "address",
    "device",
    "request_id",
    "act",
    "object_type",
    "object_id",
    "customer_ids",
    "purpose",
    "fields_read",
    "before",
    "after",
    "rows",
    "result",
    "reasons",
    "product_version",
]


def instant(at: datetime) -> str:
    """Return an instant in UTC to the microsecond, the form that is signed."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_json(event: Event) -> dict[str, Any]:
    """Return every kept field of an event as JSON values."""
    values = {name: getattr(event, name) for name in FIELDS}
    return values | {"id": str(event.id), "recorded_at": instant(event.recorded_at)}
