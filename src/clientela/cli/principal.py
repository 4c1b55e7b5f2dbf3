"""On whose behalf a command works: `--as`, CLIENTELA_USER, or the service account."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click

from clientela.audit.context import Actor, acting
from clientela.cli.founding import is_founded, ready
from clientela.cli.language import speak
from clientela.cli.options import As
from clientela.kernel.reasons import NotPermitted, Reason
from clientela.runtime import database
from clientela.security.permits import Access
from clientela.security.selectors import access_of, active_user, context_of
from clientela.security.services.founding import SERVICE_ACCOUNT
from clientela.security.services.reading import record_reading
from clientela.store.context import Context, database_context
from clientela.store.reading import gathered

__all__ = ["As", "Principal", "principal"]


@dataclass(frozen=True)
class Principal:
    """What a command may do, and the reach that it tells the database."""

    access: Access
    context: Context


@contextmanager
def principal(name: str | None, at: datetime) -> Iterator[Principal]:
    """Act as a user, in the same scope, with the same masks and events as on a page.

    Starts the private database when it does not run, and sets a new one up. Raises NotPermitted for an unknown user.
    """
    if database.is_private():
        database.prepare()
    if not is_founded():
        ready(at=at)  # the first command of a new installation sets it up
    wanted = name or os.environ.get("CLIENTELA_USER") or SERVICE_ACCOUNT
    user = active_user(wanted)
    if user is None:
        raise NotPermitted(Reason(code="user_unknown", params={"user": wanted}))
    if wanted != SERVICE_ACCOUNT:
        speak(user.language)
    access = access_of(user, at=at)
    who = Principal(access, context_of(access))
    with acting(Actor(user_id=user.pk, name=user.username, channel="cli")), gathered() as read:
        yield who
        with database_context(who.context):
            record_reading(read, at=at, where=_command())


def _command() -> str:
    context = click.get_current_context(silent=True)
    return context.command_path if context else ""
