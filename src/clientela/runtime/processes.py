"""Running several programs as one: the page server and the worker of `clientela up`.

Each child is the head of a process group of its own. One that ends is started again,
after a pause that doubles while it keeps ending young, up to half a minute. On SIGINT,
SIGTERM or SIGHUP all are asked to end, and after a grace period ended. Should the
supervisor itself be killed, its guard (see `runtime.guard`) ends them: nothing is left.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_SECONDS = 15.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
GROWN_UP_SECONDS = 60.0  # who lived this long is started again without a pause
LARGEST_LOG = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run. `environment` is added to this process's own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Child:
    """A program at work: its process, what it says, and when it may start again."""

    def __init__(self, program: Program, log: Path, show: Callable[[str, str], None]) -> None:
        self.program, self.log, self.show = program, log, show
        self.process: subprocess.Popen[str] | None = None
        self.pause, self.began, self.due = 0.0, 0.0, 0.0
        self._reader: threading.Thread | None = None

    def start(self) -> int:
        """Start the program at the head of a group of its own and return its number."""
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.program.command,
            env={**os.environ, **self.program.environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=[self.process.stdout], daemon=True)
        self._reader.start()
        return self.process.pid

    def ended(self) -> int | None:
        """Return the exit status if the program has just ended, and plan its next start."""
        if self.process is None or self.process.poll() is None:
            return None
        status = self.process.returncode
        self.send(signal.SIGKILL)  # what it started and left behind
        self._settle()
        lived = time.monotonic() - self.began
        grown_up = lived >= GROWN_UP_SECONDS
        self.pause = (
            FIRST_PAUSE if grown_up else min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        )
        self.due = time.monotonic() + self.pause
        return status

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program and everything it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def finish(self, until: float) -> None:
        """Wait for the end that was asked for, and bring it about when time is up."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        self.send(signal.SIGKILL)
        self.process.wait()
        self._settle()

    def _settle(self) -> None:
        if self._reader is not None:
            self._reader.join(timeout=5)
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None

    def _read(self, stream: IO[str]) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("a", encoding="utf-8") as file:
            for line in stream:
                file.write(line)
                file.flush()
                self.show(self.program.name, line.rstrip("\n"))


def supervise(
    programs: Sequence[Program],
    *,
    logs: Path,
    show: Callable[[str, str], None],
    ready: Callable[[], bool] = lambda: True,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Run the programs until this process is asked to end, then end them all.

    :param logs: a folder; each program writes `<name>.log` there.
    :param show: is given each line too, with the program's name; from several threads.
    :param ready: tells whether what was started is of use yet; asked five times a second.
    :param started: is called once when all have been started and are ready.
    """
    children = [Child(program, logs / f"{program.name}.log", show) for program in programs]
    with _asked_to_end() as bell, _guarded() as tell:
        try:
            for child in children:
                tell("+", child.start())
            waiting = True
            while not _rings(bell, 0.2):
                if waiting and ready():
                    waiting = False
                    started()
                for child in children:
                    _revive(child, tell)
        finally:
            for child in children:
                child.send(signal.SIGTERM)
            until = time.monotonic() + GRACE_SECONDS
            for child in children:
                child.finish(until)


def _revive(child: Child, tell: Callable[[str, int], None]) -> None:
    number = child.process.pid if child.process else 0
    status = child.ended()
    if status is not None:
        tell("-", number)
        text = f"ended with status {status}; starting it again in {child.pause:g} s"
        child.show(child.program.name, text)
    elif child.process is None and time.monotonic() >= child.due:
        tell("+", child.start())


def _rings(bell: int, seconds: float) -> bool:
    ready, _, _ = select.select([bell], [], [], seconds)
    return bool(ready)


@contextmanager
def _asked_to_end() -> Iterator[int]:
    """Give a pipe that becomes readable when a signal asks this process to end."""
    bell, rope = os.pipe()

    def pull(number: int, frame: FrameType | None) -> None:
        os.write(rope, b"!")

    former = {number: signal.signal(number, pull) for number in SIGNALS}
    try:
        yield bell
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        os.close(rope)
        os.close(bell)


@contextmanager
def _guarded() -> Iterator[Callable[[str, int], None]]:
    """Have a guard that ends the groups it was told of, should this process vanish."""
    guard = subprocess.Popen(
        [sys.executable, "-m", "clientela.runtime.guard"],
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert guard.stdin is not None
    pipe = guard.stdin

    def tell(sign: str, number: int) -> None:
        with contextlib.suppress(BrokenPipeError):
            pipe.write(f"{sign}{number}\n")
            pipe.flush()

    try:
        yield tell
    finally:
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
        guard.wait()
