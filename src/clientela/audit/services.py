"""Writing the audit trail."""

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import clientela
from clientela.audit.context import actor
from clientela.audit.models import Event, Result
from clientela.kernel.reasons import Reason
from clientela.kernel.uuid7 import uuid7

Json = Mapping[str, Any] | None
wrote = threading.Event()  # set once this process has written an event
MOST_CUSTOMERS = 1000  # ids kept on one event; a larger act keeps its count


def record_event(
    *,
    act: str,
    at: datetime,
    subject: tuple[str, object] = ("", ""),
    customer_ids: Iterable[int] = (),
    fields_read: Mapping[str, str] | None = None,
    before: Json = None,
    after: Json = None,
    rows: int | None = None,
    purpose: str = "",
    refused: Iterable[Reason] = (),
) -> Event:
    """Write one event, in the transaction that it describes.

    :param subject: type and identifier, as `("records.Customer", public_id)`.
    :param fields_read: name and class of each field that was shown, never a value.
    :param refused: the reasons, when the act was refused.
    """
    who, reasons = actor(), [reason.as_json() for reason in refused]
    wrote.set()
    return Event.objects.create(
        id=uuid7(int(at.timestamp() * 1000)),
        recorded_at=at,
        actor_id=who.user_id,
        actor=who.name,
        on_behalf_of=who.on_behalf_of,
        channel=who.channel,
        session=who.session,
        address=who.address,
        device=who.device[:200],
        request_id=who.request_id,
        act=act,
        object_type=subject[0],
        object_id=str(subject[1]),
        customer_ids=sorted(set(customer_ids))[:MOST_CUSTOMERS],
        purpose=purpose or who.purpose,
        fields_read=dict(fields_read or {}),
        before=before,
        after=after,
        rows=rows,
        result=Result.REFUSED if reasons else Result.DONE,
        reasons=reasons,
        product_version=clientela.__version__,
    )
