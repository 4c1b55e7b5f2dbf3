"""On whose behalf this process works just now: every event carries it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts, and through what. `session` is a digest, never the session's key."""

    user_id: int | None
    name: str
    channel: str
    address: str | None = None
    device: str = ""
    session: str = ""
    request_id: str = ""
    on_behalf_of: str = ""
    purpose: str = ""


SYSTEM = Actor(user_id=None, name="system", channel="job")
_actor: ContextVar[Actor] = ContextVar("clientela_actor", default=SYSTEM)


def actor() -> Actor:
    """Return who acts now; the system itself when nobody was named."""
    return _actor.get()


@contextmanager
def acting(who: Actor) -> Iterator[None]:
    """Let every event inside be `who`'s."""
    token = _actor.set(who)
    try:
        yield
    finally:
        _actor.reset(token)
