"""Sealing what was written to the trail: the worker each second, and a command at its end.

Where no worker runs nobody else would do it, and what is not sealed could be changed unseen.
"""

import sys
from collections.abc import Sequence
from typing import Any

from clientela.cli.exits import complain

OWN = frozenset(("up", "worker"))  # commands beside which a worker seals


def seal() -> int:
    """Seal what was committed; return how many events, 0 where another process is at it."""
    from django.utils import timezone

    from clientela.audit.sealer import seal_events
    from clientela.runtime import paths
    from clientela.store.context import system_context

    with system_context("the sealer reads every event"):
        return seal_events(at=timezone.now(), anchor=paths.audit_anchor())


def seal_rest() -> None:
    """Seal what waits, if this process wrote to the trail. A failure is said and ends nothing."""
    if "clientela.audit.services" not in sys.modules:
        return
    from clientela.audit.services import wrote

    if not wrote.is_set():
        return
    try:
        while seal():
            pass
    except Exception as error:
        first = str(error).strip().partition("\n")[0]
        complain(f"The trail could not be sealed; the next command tries again: {first}")


def late(count: int) -> str:
    """Return what is said of events that wait for their seal too long."""
    return (
        f"{count} events wait for their seal: nobody would see a change of them. Start clientela "
        "up, whose worker seals each second; if it runs, its log says what keeps it."
    )


def asked(query: str, params: Sequence[Any]) -> tuple[int, str | None]:
    """Return the one row of a query, as `audit.waiting` asks it."""
    from clientela.store.bulk import fetch

    ((count, newest),) = fetch(query, params)
    return int(count), newest
