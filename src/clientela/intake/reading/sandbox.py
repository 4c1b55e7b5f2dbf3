"""Runs the parser of workbooks in a process of its own and gives its answers, line by line.

The child is started afresh (no fork: nothing of this process is in its memory), with an
environment that holds no secret, and limits itself before it touches the file. Here the clock is
watched: a child that says nothing for too long is killed.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import clientela
from clientela.intake.reading import limits
from clientela.intake.reading.faults import FileRefused, refuse
from clientela.kernel.reasons import Reason

_CHILD = "clientela.intake.reading.workbook_child"
_LINE_CHARACTERS = 64 * 1024 * 1024


def ask(command: str, path: Path, *arguments: str) -> Iterator[object]:
    """Yield the JSON values the child writes. Raises FileRefused with its reasons, or with
    `parser_stopped` when it dies or runs into a limit."""
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", _CHILD, command, str(path.absolute()), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        text=True,
        encoding="utf-8",
    )
    watch = threading.Timer(limits.CHILD_WALL_SECONDS, child.kill)
    watch.daemon = True
    watch.start()
    try:
        yield from _answers(child)
        code = child.wait()
        if code:
            raise refuse("parser_stopped", exit=code)
    finally:
        watch.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _answers(child: "subprocess.Popen[str]") -> Iterator[object]:
    out = child.stdout
    while out and (line := out.readline(_LINE_CHARACTERS)):
        if not line.endswith("\n"):
            raise refuse("parser_stopped", exit="cut")
        value = json.loads(line)
        if isinstance(value, dict) and "refused" in value:
            reasons = (Reason(code=r["code"], params=r["params"]) for r in value["refused"])
            raise FileRefused(*reasons)
        yield value


def _environment() -> dict[str, str]:
    """Only what Python needs to start: no address of the database, no key file."""
    packages = str(Path(clientela.__file__).parent.parent)
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {"PYTHONPATH": packages, "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"}
