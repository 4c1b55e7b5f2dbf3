"""Who serves from this data folder: each says so while it lasts, and can be asked to end.

`clientela up` keeps the private server up (`upkeep`). Whoever stops the server to copy its folder
would find it running again before the copy was made, so those who serve are ended first.
"""

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clientela.runtime import paths
from clientela.runtime.locks import Busy, exclusive
from clientela.runtime.refusals import refuse

LONGEST_SECONDS = 30.0  # that one may take to end: its programs have half of that


@contextmanager
def serving() -> Iterator[None]:
    """Be known as one who serves, for the length of the block."""
    mark = _marks() / str(os.getpid())
    with exclusive(mark):
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)


def end(*, seconds: float = LONGEST_SECONDS) -> int:
    """Ask all who serve from this data folder to end; return how many there were, once they have.

    :param seconds: how long each is waited for.
    :raises CannotStart: serving_goes_on, where one did not end, or belongs to another account.
    """
    return sum([_end(mark, seconds) for mark in sorted(_marks().iterdir())])


def _end(mark: Path, seconds: float) -> bool:
    try:
        with exclusive(mark):
            mark.unlink(missing_ok=True)  # left behind by one who was killed
        return False
    except Busy:
        pass
    try:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(mark.name), signal.SIGTERM)
        with exclusive(mark, seconds=seconds):
            mark.unlink(missing_ok=True)
    except (Busy, PermissionError) as error:
        raise refuse("serving_goes_on", process=mark.name) from error
    return True


def _marks() -> Path:
    folder = paths.data_dir() / "serving"
    folder.mkdir(exist_ok=True, mode=paths.PRIVATE)
    return folder
