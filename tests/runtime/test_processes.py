"""Supervision, with programs that crash, linger and have children."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent.parent
SUPERVISOR = """
import sys
from pathlib import Path
from clientela.runtime import processes
processes.GRACE_SECONDS = 2.0
processes.supervise(
    [processes.Program(name=name, command=[sys.executable, "-c", code])
     for name, code in [argument.split("=", 1) for argument in sys.argv[2:]]],
    logs=Path(sys.argv[1]),
    show=lambda name, line: print(name, line, flush=True),
    ready=lambda: not Path(sys.argv[1], "not-yet").exists(),
    started=lambda: Path(sys.argv[1], "started").touch(),
)
"""
SAY = "import os; open({file!r}, 'a').write(str(os.getpid()) + '\\n'); "
STAY = SAY + "import time; time.sleep(600)"
STUBBORN = SAY + "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
STUBBORN += "print('ready', flush=True); time.sleep(600)"
PARENT = SAY + "import subprocess, sys, time; "
PARENT += "subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(600)"

Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Start a supervisor of the programs given by name and code."""
    begun: list[subprocess.Popen[str]] = []

    def start(**programs: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, str(tmp_path)]
            + [f"{name}={code}" for name, code in programs.items()],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()
    for file in tmp_path.glob("*.pid"):
        for number in numbers(file):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)


def numbers(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().splitlines()] if file.exists() else []


def text(file: Path) -> str:
    """Return what a file holds, nothing if there is none yet."""
    return file.read_text(encoding="utf-8") if file.exists() else ""


def alive(number: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be buried does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def eventually(claim: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not claim() and time.monotonic() < end:
        time.sleep(0.05)
    return claim()


class TestSupervise:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
    def test_ends_everything_when_asked(
        self, begin: Begin, tmp_path: Path, number: signal.Signals
    ) -> None:
        one, two = tmp_path / "one.pid", tmp_path / "two.pid"
        process = begin(one=STAY.format(file=str(one)), two=STAY.format(file=str(two)))
        assert eventually(lambda: len(numbers(one)) == 1 and len(numbers(two)) == 1)
        process.send_signal(number)
        assert process.wait(timeout=60) == 0
        assert not any(alive(n) for n in numbers(one) + numbers(two))

    def test_says_so_once_what_was_started_is_ready(self, begin: Begin, tmp_path: Path) -> None:
        file = tmp_path / "one.pid"
        (tmp_path / "not-yet").touch()
        begin(one=STAY.format(file=str(file)))
        assert eventually(lambda: len(numbers(file)) == 1)
        time.sleep(0.6)  # it asks five times a second
        assert not (tmp_path / "started").exists()
        (tmp_path / "not-yet").unlink()
        assert eventually((tmp_path / "started").exists)

    def test_ends_the_stubborn_after_a_grace_period(self, begin: Begin, tmp_path: Path) -> None:
        file = tmp_path / "one.pid"
        process = begin(one=STUBBORN.format(file=str(file)))
        assert eventually(lambda: "ready" in text(tmp_path / "one.log"))
        process.terminate()
        assert process.wait(timeout=60) == 0
        assert not alive(numbers(file)[0])

    def test_starts_again_what_crashed_and_leaves_the_rest(
        self, begin: Begin, tmp_path: Path
    ) -> None:
        one, two = tmp_path / "one.pid", tmp_path / "two.pid"
        begin(one=STAY.format(file=str(one)), two=STAY.format(file=str(two)))
        assert eventually(lambda: len(numbers(one)) == 1 and len(numbers(two)) == 1)
        os.kill(numbers(one)[0], signal.SIGKILL)
        assert eventually(lambda: len(numbers(one)) == 2)
        assert len(numbers(two)) == 1
        assert alive(numbers(two)[0])

    def test_waits_longer_each_time_for_what_keeps_crashing(
        self, begin: Begin, tmp_path: Path
    ) -> None:
        file = tmp_path / "one.pid"
        process = begin(one=SAY.format(file=str(file)) + "raise SystemExit(3)")
        assert eventually(lambda: len(numbers(file)) >= 3)
        process.terminate()
        said = process.communicate(timeout=60)[0]
        assert "ended with status 3; starting it again in 0.5 s" in said
        assert "ended with status 3; starting it again in 1 s" in said

    def test_takes_grandchildren_along(self, begin: Begin, tmp_path: Path) -> None:
        parent, child = tmp_path / "parent.pid", tmp_path / "child.pid"
        code = PARENT.format(file=str(parent), child=STAY.format(file=str(child)))
        process = begin(one=code)
        assert eventually(lambda: len(numbers(child)) == 1)
        process.terminate()
        assert process.wait(timeout=60) == 0
        assert not any(alive(n) for n in numbers(parent) + numbers(child))

    def test_leaves_nothing_behind_when_it_is_killed(self, begin: Begin, tmp_path: Path) -> None:
        parent, child = tmp_path / "parent.pid", tmp_path / "child.pid"
        code = PARENT.format(file=str(parent), child=STUBBORN.format(file=str(child)))
        process = begin(one=code)
        assert eventually(lambda: len(numbers(child)) == 1)
        process.kill()
        assert eventually(lambda: not any(alive(n) for n in numbers(parent) + numbers(child)))

    def test_keeps_what_programs_say_in_a_log_and_shows_it(
        self, begin: Begin, tmp_path: Path
    ) -> None:
        process = begin(one="import time; print('客户', flush=True); time.sleep(600)")
        assert eventually(lambda: text(tmp_path / "one.log") == "客户\n")
        process.terminate()
        assert "one 客户" in process.communicate(timeout=60)[0]
