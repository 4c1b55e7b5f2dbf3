"""Whose records are read while somebody is answered: gathered here, for one event at the end.

Nothing is gathered where nobody asked for it: jobs read for no one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db.models import Model

CUSTOMER = "records.Customer"


@dataclass
class Read:
    """Kind of record (`records.Customer`) -> the customers of whom some were shown."""

    kinds: dict[str, set[int]] = field(default_factory=dict)

    @property
    def customers(self) -> set[int]:
        return set[int]().union(*self.kinds.values())


_reading: ContextVar[Read | None] = ContextVar("clientela_reading", default=None)


@contextmanager
def gathered() -> Iterator[Read]:
    """Gather what is read inside."""
    read = Read()
    token = _reading.set(read)
    try:
        yield read
    finally:
        _reading.reset(token)


def read_so_far() -> Read:
    """Return what was read inside by now; nothing where nobody gathers it."""
    return _reading.get() or Read()


def note(kind: str, customer_ids: Iterable[int | None]) -> None:
    """Note that records of a kind are shown of these customers."""
    read = _reading.get()
    ids = {one for one in customer_ids if one is not None} if read is not None else ()
    if read is not None and ids:
        read.kinds.setdefault(kind, set()).update(ids)


def note_rows(rows: Sequence[Model]) -> None:
    """Note rows of a list by the customer that they are, or are about."""
    if rows and _reading.get() is not None:
        kind = rows[0]._meta.label
        name = "id" if kind == CUSTOMER else "customer_id"
        note(kind, (row.__dict__.get(name) for row in rows))  # what was not loaded is not shown
