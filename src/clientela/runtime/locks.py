"""Locks between processes on one machine.

The kernel lets go of a lock when its holder ends, however it ends, so nothing is left
behind to clear away. Child processes do not inherit it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Somebody else held the lock for as long as we were willing to wait."""


@contextmanager
def exclusive(file: Path, *, seconds: float = 0) -> Iterator[None]:
    """Hold a lock alone for the length of the block.

    :param seconds: how long to wait for it; 0 means not at all.
    :raises Busy: if it did not become free in that time.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(handle, seconds)
        yield
    finally:
        os.close(handle)


def _take(handle: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= end:
                raise Busy from error
            time.sleep(0.05)
