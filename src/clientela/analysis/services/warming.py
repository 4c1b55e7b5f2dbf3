"""Having the answers ready when the copy has moved on, or the day has: before anybody asks.

A thread of the page server looks for a new snapshot, for a new day in each of the time zones in
which somebody asked, and for a question that was asked by other settings of the company than the
one before. When there is one, the questions asked lately (`lately`) are worked out one after the
other by a process that gives way to everything else (`ahead`), the newest question first, and its
answers are put on the shelf of this process under their keys. Who asks meanwhile is answered at
once, as if there were no such process. A new day somewhere makes new questions of those alone that
were asked there as of the day itself; what lies on the shelf is not worked out again.

    rights    are those that the user has when the question is worked out. What is served is found
              by the reach that the reader has when asking, as with every answer that is held.
    disk      nothing is written: questions and answers live in the memory of this process.
    an end    of that process, at any point, loses the answers that it had not given. When this one
              ends, the other can give its next answer to nobody, and ends.
"""

import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from clientela.analysis.services import ahead
from clientela.analysis.services.copy import copy_folder
from clientela.analysis.services.lately import LATELY, Wish
from clientela.analysis.services.worked import MOST, SHELF, Shelf
from clientela.analysis.serving import ANSWERS_AHEAD
from clientela.warehouse.snapshots import numbers

State = tuple[int, tuple[tuple[str, Any], ...]]  # newest snapshot, what the company has set
log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
LONGEST_SECONDS = 600.0  # that one round may take
MOST_AHEAD = MOST // 4 * 3  # bytes; more would push out what was just put there
LEAST_URGENT = 19  # niceness: the process gives way to everything else
_CHILD = "clientela.analysis.ahead_child"


def work_ahead(wishes: Sequence[Wish], shelf: Shelf) -> int:
    """Have these questions answered by a process of its own; return how many came over."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", _CHILD, str(LEAST_URGENT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "CLIENTELA_QUERY_THREADS": "1"},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    clock = threading.Timer(LONGEST_SECONDS, child.kill)
    clock.daemon = True
    clock.start()
    came, size = 0, 0
    try:
        told = [shelf.keys(), *(wish.as_json() for wish in wishes)]
        child.stdin.write("".join(json.dumps(one) + "\n" for one in told).encode())
        child.stdin.close()
        for key, held in ahead.read(child.stdout):
            shelf.put(key, held)
            came, size = came + 1, size + held.rows.nbytes
            if size > MOST_AHEAD:
                break
    except BrokenPipeError:  # it died before it had heard everything
        return came
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        child.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
    return came


class Warmer:
    """The thread that has answers worked out ahead."""

    def __init__(self, look_seconds: float = LOOK_SECONDS) -> None:
        self.look_seconds = look_seconds
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin, unless it has begun."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def end(self) -> None:
        """Look no more; a round that is under way is brought to its end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        news = News()
        while not self._stop.wait(self.look_seconds):
            began, wishes = time.monotonic(), news.wishes(timezone.now())
            if not wishes:
                continue
            try:
                work_ahead(wishes, SHELF)
            except Exception:  # whoever asks is answered all the same, only later
                log.exception("answers are not worked out ahead")
            # Never at work for more than half of the time, however often the copy moves on.
            self._stop.wait(time.monotonic() - began)


class News:
    """What changed since it was looked at last: copy, company's settings, day in some time zone."""

    def __init__(self) -> None:
        self.state = _state()
        self.days: dict[str, date] = {}

    def wishes(self, at: datetime) -> list[Wish]:
        """Return the questions that have another answer than when this was asked last."""
        state, days = _state(), LATELY.days(at)
        turned = {zone for zone, day in days.items() if self.days.get(zone, day) != day}
        moved = state != self.state
        self.state, self.days = state, self.days | days
        if moved:
            return LATELY.newest_first(at)
        return LATELY.moved(at, turned) if turned else []


def _state() -> State:
    return _newest(), LATELY.companys


def _newest() -> int:
    return max(numbers(copy_folder()), default=0)


WARMER = Warmer()


def see_to_it() -> None:
    """Begin having answers ready, in a process that serves pages."""
    if ANSWERS_AHEAD.is_set():
        WARMER.begin()
