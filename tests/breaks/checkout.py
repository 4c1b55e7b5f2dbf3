"""A copy of the working tree in which a break is made and its test is run.

The working tree is only read. The copy uses the server and the template database of the run
that asks, under a database name of its own, unless the break is in a migration.
"""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clientela.runtime import sandbox
from tests import server
from tests.breaks import verdicts

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ("src", "tests", "tools", "docs", "benchmarks", "assets", "pyproject.toml", "hatch_build.py", "dev.py",
        "Makefile", "README.md", "CONTRIBUTING.md", "requirements.lock",
        "requirements-dev.lock")  # fmt: skip
LEFT = shutil.ignore_patterns("node_modules", "images", ".local")
UNUSED = ("cacheprovider", "xdist", "schemathesis", "faker")  # plugins that take their time
SECONDS = 900


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one test of the inner run ended."""

    test: str
    when: str
    outcome: str
    error: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An inner run: its exit status, its tests, and what it printed."""

    status: int
    tests: tuple[Verdict, ...]
    said: str


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """Give a copy of the working tree, without anything that was installed."""
    copy = folder / "checkout"
    copy.mkdir()
    for name in KEPT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=LEFT)
        else:
            shutil.copy2(source, copy / name)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


def run(copy: Path, tests: Sequence[str], *, own_database: bool = False) -> Outcome:
    """Run tests in a copy, one after the other, until one fails."""
    out = copy.parent / f"verdicts-{uuid.uuid4().hex[:8]}"
    name = f"break_{uuid.uuid4().hex[:12]}"
    if not own_database:
        server.ensure_template()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "tests.breaks.verdicts",
         *(word for name_ in UNUSED for word in ("-p", f"no:{name_}")), *tests],
        cwd=copy, env=_environment(copy, out, name, own_database), capture_output=True,
        text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    if not own_database:
        server.drop(name)
    lines = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    found = tuple(Verdict(**json.loads(line)) for line in lines)
    return Outcome(status=done.returncode, tests=found, said=done.stdout + done.stderr)


def _environment(copy: Path, out: Path, name: str, own_database: bool) -> dict[str, str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy / "src"),
        verdicts.OUT: str(out),
        verdicts.ROOT: str(copy),
        "CLIENTELA_DATABASE": name,
        "PYTHONDONTWRITEBYTECODE": "",  # the next run in this copy compiles nothing again
    }
    if own_database:
        for one in (sandbox.FOLDER, sandbox.ENTERED, "PYTEST_XDIST_WORKER", "CLIENTELA_DATABASE"):
            environment.pop(one, None)
    return environment
