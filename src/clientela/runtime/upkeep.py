"""Keeping the private server up while the product serves: it may be killed like any process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clientela.runtime import cluster, sandbox
from clientela.runtime.database import is_private
from clientela.runtime.refusals import CannotStart

LOOK_SECONDS = 2.0


@contextmanager
def server_kept_up(
    told: Callable[[str], None], *, look_seconds: float = LOOK_SECONDS
) -> Iterator[None]:
    """Look for the private server while the block lasts, and start it where it is gone.

    Nothing is done for a server that DATABASE_URL names: it has keepers of its own.

    :param told: is given a sentence for each time that it could not be started.
    """
    if not is_private():
        yield
        return
    over = threading.Event()
    looking = threading.Thread(target=_look, args=[over, told, look_seconds], daemon=True)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join(timeout=look_seconds + 5)


def _look(over: threading.Event, told: Callable[[str], None], seconds: float) -> None:
    while not over.wait(seconds):
        try:
            cluster.start(durable=not sandbox.entered())
        except (CannotStart, OSError) as error:
            told(str(error))
