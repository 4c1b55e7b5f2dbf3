"""The long figures: `make prove` runs each and writes what came of it to docs/reference/figures.md.

Usage: python -m tests.prove [NAME …]. With names, only those run and nothing is written.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import clientela

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs" / "reference" / "figures.md"
SUMMARY = re.compile(r"^=*\s*((?:\d+ \w+,? ?)+) in ([\d.]+)s", re.MULTILINE)
HEAD = """# Long figures

Written by `make prove`: what takes too long for every change. Each line is a claim, the
command that tries it, and what came of it. The same tests run in `make test` on less.

Version {version}, {day}, Python {python}, {cores} cores.

| figure | claim | command | tests | minutes | |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One claim and the tests that try it, with the setting that makes them long."""

    name: str
    claim: str
    tests: Sequence[str]
    settings: dict[str, str] = field(default_factory=dict)
    processes: int = 1

    @property
    def command(self) -> str:
        given = [f"{name}={value}" for name, value in self.settings.items()]
        return " ".join([*given, "pytest", *self.tests])


FIGURES = (
    Figure(
        name="kills",
        claim="60 × kill -9 at random moments of a 20,000-row import: nothing lost, nothing doubled",
        tests=["tests/survival"],
        settings={"CLIENTELA_KILLS": "60"},
    ),
    Figure(
        name="failpoints",
        claim="an import that dies at any of its statements ends like one that did not",
        tests=["tests/intake/test_interrupted.py"],
        settings={"CLIENTELA_FAILPOINTS": "all"},
    ),
    Figure(
        name="breaks",
        claim="every named break turns its test red, and without it the test is green",
        tests=["tests/breaks"],
        settings={"CLIENTELA_BREAKS": "all"},
        processes=2,
    ),
    Figure(
        name="mutants",
        claim="20,000 damaged files are each refused, asked about, or read to the last record",
        tests=["tests/intake/test_mutants.py"],
        settings={"CLIENTELA_MUTANTS": "20000"},
        processes=2,
    ),
    Figure(
        name="tampering",
        claim="11 kinds of tampering at 1,000 places each of a trail of 300 events: all found",
        tests=["tests/audit/test_trail.py"],
        settings={"CLIENTELA_TAMPERINGS": "1000"},
    ),
    Figure(
        name="laws",
        claim="as-of replays of the ledger and laws of the figures, on ten times the examples",
        tests=["tests/records/test_ledger.py", "tests/library/test_laws.py"],
        settings={"CLIENTELA_EXAMPLES": "10"},
        processes=2,
    ),
    Figure(
        name="refresh",
        claim="a refresh of the copy that is killed leaves one whole snapshot to its readers",
        tests=["tests/library/test_refresh_survives.py"],
        settings={"CLIENTELA_EXAMPLES": "5"},
    ),
    Figure(
        name="copy",
        claim="the copy equals the database after 60 histories of writes, folding and dying writers",
        tests=[
            "tests/library/test_refresh_laws.py::TestCopy::test_equals_the_views_after_any_history"
        ],
        settings={"CLIENTELA_EXAMPLES": "10"},
    ),
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a figure came out."""

    figure: Figure
    passed: bool
    tests: str  # as pytest counts them
    minutes: float

    @property
    def line(self) -> str:
        figure = self.figure
        cells = [figure.name, figure.claim, f"`{figure.command}`", self.tests]
        return f"| {' | '.join(cells)} | {self.minutes:.1f} | {'holds' if self.passed else '**fails**'} |\n"


def tried(figure: Figure) -> Outcome:
    """Run the tests of a figure, in processes of their own, and return how it came out."""
    print(f"· {figure.name}: {figure.claim}", flush=True)
    words = [sys.executable, "-m", "pytest", "-q", *figure.tests]
    if figure.processes > 1:
        words += ["-n", str(figure.processes)]
    started = time.monotonic()
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **figure.settings}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    minutes = (time.monotonic() - started) / 60
    said = SUMMARY.findall(done.stdout)
    tests = said[-1][0].strip() if said else f"status {done.returncode}"
    if done.returncode:
        print(done.stdout[-8000:], done.stderr[-2000:], sep="\n", flush=True)
    print(f"  {tests}, {minutes:.1f} min", flush=True)
    return Outcome(figure=figure, passed=done.returncode == 0, tests=tests, minutes=minutes)


def main(names: Sequence[str]) -> int:
    """Try the figures; return 1 when one fails, 2 for a name that is none."""
    known = {figure.name: figure for figure in FIGURES}
    if unknown := [name for name in names if name not in known]:
        print(f"no such figure: {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    outcomes = [tried(known[name]) for name in names or known]
    if not names:
        head = HEAD.format(
            version=clientela.__version__, day=datetime.now(UTC).date(), cores=os.cpu_count(),
            python=".".join(map(str, sys.version_info[:3])),
        )  # fmt: skip
        REPORT.write_text(head + "".join(one.line for one in outcomes), encoding="utf-8")
    return 0 if all(one.passed for one in outcomes) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
