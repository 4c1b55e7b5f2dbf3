"""Who the database thinks is asking.

Every request, job and command runs inside a transaction that names its context by
`SET LOCAL`; row security reads it (schema `scope`, migration 0001). Without a context
no row of a protected table is seen or written. The values end with the transaction, so
a pooled connection never carries them to the next one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, kw_only=True)
class Context:
    """The reach that row security grants. It is the second wall; selectors are the first."""

    user_id: int | None = None
    sees_all: bool = False
    nodes: tuple[int, ...] = ()  # organisation nodes reached whole, descendants included
    own: bool = False  # also what the user owns, wherever it is
    reason: str = ""  # why a system job sees everything

    @property
    def values(self) -> list[str]:
        return [
            "" if self.user_id is None else str(self.user_id),
            "on" if self.sees_all else "",
            "{" + ",".join(map(str, self.nodes)) + "}",
            "on" if self.own else "",
        ]


NOTHING = Context()
_current: ContextVar[Context] = ContextVar("clientela_database_context", default=NOTHING)

_SET = """select set_config('clientela.user_id', %s, true),
                 set_config('clientela.sees_all', %s, true),
                 set_config('clientela.nodes', %s, true),
                 set_config('clientela.own', %s, true)"""


def current() -> Context:
    """Return the context that this transaction was opened with."""
    return _current.get()


@contextmanager
def database_context(context: Context) -> Iterator[None]:
    """Open a transaction that sees what `context` reaches, and give back the former reach."""
    before = _current.get()
    with transaction.atomic():
        token = _current.set(context)
        try:
            _apply(context)
            yield
            _apply(before)
        finally:
            _current.reset(token)


@contextmanager
def system_context(reason: str) -> Iterator[None]:
    """See every row, for a job of the system itself. `reason` is a greppable sentence."""
    if not reason:
        raise ValueError("a system context needs its reason")
    user_id = _current.get().user_id
    with database_context(Context(user_id=user_id, sees_all=True, reason=reason)):
        yield


def _apply(context: Context) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, context.values)
