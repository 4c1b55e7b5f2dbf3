"""Events that wait for their seal longer than they may: until then a change of them is not seen.

The time of an event is that of its act's beginning, and an import may take an hour; so its age
says nothing of how long it has waited. What waits is looked at twice instead, some seconds apart.
Needs no Django: `clientela doctor` asks without it.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

SECONDS = 5.0  # that an event may wait; a worker seals each second
_BETWEEN = 0.5  # seconds between two looks

_WAITING = """
select count(*), max(e.txid)::text from audit_event e
where not exists (select from audit_seal s where s.event_id = e.id)
  and e.txid <= coalesce(%s::text::xid8, e.txid)"""

Ask = Callable[[str, Sequence[Any]], tuple[int, str | None]]


def late_events(ask: Ask, *, seconds: float = SECONDS) -> int:
    """Return how many events have waited for `seconds`; looks until then if any waits.

    :param ask: runs a query, outside a transaction that writes, and returns its one row.
    """
    waiting, newest = ask(_WAITING, [None])
    until = time.monotonic() + seconds
    while waiting and time.monotonic() < until:
        time.sleep(min(_BETWEEN, seconds))
        waiting, _ = ask(_WAITING, [newest])
    return waiting
