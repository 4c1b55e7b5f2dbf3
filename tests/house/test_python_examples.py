"""The Python that the documents show runs as it stands there, and prints what they say."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.house.documents import ROOT, places

BEGINNINGS = ("from ", "import ")


def blocks(place: Path) -> list[str]:
    """Return the blocks of code of a document, in their order."""
    tokens = MarkdownIt("commonmark").parse(place.read_text(encoding="utf-8"))
    return [t.content for t in tokens if t.type in ("fence", "code_block")]


def examples() -> Iterator[tuple[str, str, str]]:
    """Yield each example that uses the library: its document, its code, what it is to print."""
    for place in places():
        for code, shown in pairwise([*blocks(place), ""]):
            if code.startswith(BEGINNINGS) and "clientela" in code:
                yield str(place.relative_to(ROOT)), code, without_command(shown)


def without_command(shown: str) -> str:
    """Return what was printed, without the command that stands above it."""
    first, _, rest = shown.partition("\n")
    return rest if first.startswith("python ") else shown


def files_of(place: Path) -> dict[str, str]:
    """Return the files that a document has its reader save, by name: "Save this as `NAME`"."""
    found = {}
    tokens = MarkdownIt("commonmark").parse(place.read_text(encoding="utf-8"))
    for words, block in pairwise(
        [t for t in tokens if t.type in ("inline", "fence", "code_block")]
    ):
        if words.type == "inline" and "Save this as `" in words.content:
            name = words.content.partition("Save this as `")[2].partition("`")[0]
            found[name] = block.content
    return found


def printed(code: str, folder: Path) -> str:
    """Return what a program prints in a folder of its own, with nothing but the library."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


EXAMPLES = list(examples())


class TestPythonExamples:
    def test_are_found(self) -> None:
        assert {name for name, *_ in EXAMPLES} == {
            "docs/how-to/ask-for-figures.md",
            "docs/tutorials/first-steps.md",
        }
        assert len(EXAMPLES) == 3

    @pytest.mark.parametrize(
        ("name", "code", "shown"), EXAMPLES, ids=map(str, range(len(EXAMPLES)))
    )
    def test_run_and_print_what_is_said(
        self, name: str, code: str, shown: str, tmp_path: Path
    ) -> None:
        for file, text in files_of(ROOT / name).items():
            (tmp_path / file).write_text(text, encoding="utf-8")
        ours = [line.split() for line in printed(code, tmp_path).splitlines()]
        assert ours == [line.split() for line in shown.splitlines() if line.strip()]
