"""What the documents say is so: links lead somewhere, commands and settings exist."""

import re
import shlex
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import typer

from clientela.analysis.defaults import STANDING
from clientela.analysis.registry import ANALYSES
from clientela.cli.commands import register
from clientela.runtime.variables import VARIABLES
from tests.house.documents import ROOT, places, read

PLACES = {str(place.relative_to(ROOT)): place for place in places()}
ELSEWHERE = re.compile(r"[a-z]+:")
# What stands before a command: settings for it alone, and the folder of its program.
BEFORE = re.compile(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?clientela ")
AFTER = re.compile(r"^(?:[|>&;]|2>)")
VARIABLE = re.compile(r"\b(?:CLIENTELA_[A-Z_]+[A-Z]|DATABASE_URL)\b")
STANDS_FOR = re.compile(r"[A-Z][A-Z_.]*|…")  # a value that the reader puts there


@cache
def program() -> Any:
    app = typer.Typer(add_completion=False)
    register(app)
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, str]]:
    """Yield every command that is quoted, with the document that it stands in."""
    for name, place in PLACES.items():
        for text in (*read(place).pieces, *read(place).lines):
            if BEFORE.match(text):
                yield name, text


def broken_links(place: Path) -> list[str]:
    """Return the links of a document that lead to no file, or to no heading of it."""
    found = []
    for link in read(place).links:
        if ELSEWHERE.match(link):
            continue
        path, _, anchor = link.partition("#")
        aim = (place.parent / unquote(path)).resolve() if path else place
        is_there = aim.exists() and aim.is_relative_to(ROOT)
        if not is_there or (anchor and (aim.suffix != ".md" or anchor not in read(aim).anchors)):
            found.append(link)
    return found


def faults(line: str) -> list[str]:
    """Return what of a command line the program does not have."""
    words = spoken(line)
    command = program()
    while hasattr(command, "commands") and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    if hasattr(command, "commands") and words and not words[0].startswith("-"):
        return [] if words == ["COMMAND"] else [f"no command {words[0]}"]
    return list(_unknown(command, words))


def spoken(line: str) -> list[str]:
    """Return the words of one command, without what a shell puts before and after it."""
    words = shlex.split(BEFORE.sub("", line), comments=True)
    ends = [n for n, word in enumerate(words) if AFTER.match(word)]
    return words[: min(ends, default=len(words))]


def _unknown(command: Any, words: list[str]) -> Iterator[str]:
    options = {name: one for one in command.params for name in (*one.opts, *one.secondary_opts)}
    options["--help"] = None
    arguments = [one for one in command.params if not one.opts[0].startswith("-")]
    rest = iter(words)
    for word in rest:
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            one = options.get(name, command)
            if one is command:
                yield f"no option {name}"
            elif one is not None and not getattr(one, "is_flag", False):
                value = value if equals else next(rest, "")
                yield from _unfit(command, one, value)
        elif not arguments:
            yield f"one word too many: {word}"
        else:
            yield from _unfit(command, arguments.pop(0), word)


def _unfit(command: Any, parameter: Any, value: str) -> Iterator[str]:
    """Yield why a value is none of those that a parameter takes."""
    taken = choices(command.name, parameter)
    if not value:
        yield f"{parameter.name} takes a value"
    elif taken and value not in taken and not STANDS_FOR.fullmatch(value):
        yield f"{parameter.name} is not {value}"


def choices(command: str, parameter: Any) -> set[str]:
    """Return the values that a parameter takes; none where it takes any."""
    kind = parameter.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {str(one.value) for one in kind}
    closed = {("analyse", "name"): ANALYSES, ("propose", "name"): STANDING}
    return set(closed.get((command, parameter.name), ()))


class TestLinks:
    @pytest.mark.parametrize("name", PLACES)
    def test_lead_to_a_file_and_a_heading(self, name: str) -> None:
        assert broken_links(PLACES[name]) == []

    def test_that_lead_nowhere_are_found(self, tmp_path: Path, monkeypatch: Any) -> None:
        monkeypatch.setattr("tests.house.test_documents.ROOT", tmp_path)
        (tmp_path / "b.md").write_text("# What *is* `so`?\n\n## Twice\n\n## Twice\n")
        page = tmp_path / "a.md"
        page.write_text(
            "[1](b.md#what-is-so) [2](b.md#twice-1) [3](b.md#gone) [4](gone.md) [5](#gone)\n"
            "[6](https://example.com/gone) ![7](gone.png) `[8](gone.md)` [9](../b.md)\n"
        )
        assert broken_links(page) == ["b.md#gone", "gone.md", "#gone", "gone.png", "../b.md"]

    def test_lead_to_every_page_for_users(self) -> None:
        linked = {
            (place.parent / link.partition("#")[0]).resolve()
            for place in PLACES.values()
            for link in read(place).links
        }
        pages = [p for p in PLACES.values() if p.parent.name in ("tutorials", "how-to")]
        assert len(pages) > 5
        assert [p.name for p in pages if p not in linked] == []


class TestCommands:
    def test_that_are_quoted_exist_with_their_options(self) -> None:
        quoted = list(commands())
        assert len(quoted) > 40
        wrong = [(name, line, found) for name, line in quoted if (found := faults(line))]
        assert wrong == []

    @pytest.mark.parametrize(("line", "found"), [
        ("clientela import FILE --source shop --yes", []),
        (".venv/bin/clientela rates set USD EUR 0.92 --on 2026-06-30 | head", []),
        ("CLIENTELA_USER=rosa clientela settings > in-force.txt  # all", []),
        ("clientela analyse NAME --as-of DATE --format csv --output abc.csv", []),
        ("clientela gone", ["no command gone"]),
        ("clientela rates gone", ["no command gone"]),
        ("clientela import FILE --source shop --gone", ["no option --gone"]),
        ("clientela import FILE OTHER --source shop", ["one word too many: OTHER"]),
        ("clientela import FILE --source", ["source takes a value"]),
        ("clientela analyse abc --as-of DATE --format xlsx", ["format_ is not xlsx"]),
        ("clientela analyse gone --as-of DATE", ["name is not gone"]),
        ("clientela settings propose analysis.gone 3", ["name is not analysis.gone"]),
    ])  # fmt: skip
    def test_that_do_not_exist_are_found(self, line: str, found: list[str]) -> None:
        assert faults(line) == found


class TestSettings:
    def test_that_are_named_are_documented_or_of_the_tests(self) -> None:
        sources = (ROOT / "tests").rglob("*.py")
        of_tests = {name for file in sources for name in VARIABLE.findall(file.read_text("utf-8"))}
        known = {one.name for one in VARIABLES} | of_tests
        named = {
            (document, name)
            for document, place in PLACES.items()
            for name in VARIABLE.findall(read(place).text)
        }
        assert len(named) > 15
        assert sorted(one for one in named if one[1] not in known) == []
