"""The reference says what the code says: every page is made from it, and none is out of date."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import typer

from clientela.cli.commands import register
from clientela.runtime.variables import VARIABLES
from clientela.tables.registry import CONTRACTS
from docs.generators.commands import walk
from docs.generators.pages import PAGES, REFERENCE

ROOT = Path(__file__).resolve().parent.parent.parent
# Variables of the platform, and those by which one process of ours speaks to another.
NOT_OURS = {"PATH", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "PYTHONPATH", "DJANGO_SETTINGS_MODULE",
            "SYSTEMROOT", "PYTEST_VERSION", "PYTEST_XDIST_WORKER", "CLIENTELA_TEST_FOLDER",
            "CLIENTELA_TEST_PROCESS"}  # fmt: skip

READS = re.compile(r"environ(ment)?\.(get|pop|setdefault)$")


def commands() -> list[tuple[str, Any]]:
    app = typer.Typer(add_completion=False)
    register(app)
    return list(walk("clientela", typer.main.get_command(app)))


class TestReference:
    @pytest.mark.parametrize("name", PAGES)
    def test_is_as_the_code_says(self, name: str) -> None:
        path = REFERENCE / name
        assert path.exists(), "make docs writes it"
        assert path.read_text(encoding="utf-8") == PAGES[name](), f"{name} is old: make docs"

    def test_names_every_table_with_every_column(self) -> None:
        text = (REFERENCE / "tables.md").read_text(encoding="utf-8")
        for contract in CONTRACTS.values():
            part = text.partition(f"\n## {contract.name}\n")[2].partition("\n## ")[0]
            assert [c for c in contract.columns if f"| `{c}` |" not in part] == []


class TestCommands:
    def test_say_what_they_do(self) -> None:
        found = commands()
        assert len(found) > 10
        assert [name for name, one in found if not one.help] == []

    def test_say_what_every_option_is(self) -> None:
        silent = [
            f"{name} {option.name}"
            for name, one in commands()
            for option in one.params
            if not getattr(option, "help", None)
        ]
        assert silent == []


class TestVariables:
    def test_are_all_declared(self) -> None:
        read = {name for path in (ROOT / "src").rglob("*.py") for name in read_in(path)}
        assert len(read) > 10
        assert sorted(read - NOT_OURS - {one.name for one in VARIABLES}) == []

    def test_that_are_declared_are_read(self) -> None:
        read = {name for path in (ROOT / "src").rglob("*.py") for name in read_in(path)}
        assert sorted({one.name for one in VARIABLES} - read) == []


def read_in(path: Path) -> set[str]:
    """Return the variables that a file reads or writes by name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _reads(node):
            given: ast.expr = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            given = node.slice
        else:
            continue
        if isinstance(given, ast.Constant):
            found.add(str(given.value))
    return found


class TestApi:
    def test_says_what_every_parameter_and_field_of_a_form_means(self) -> None:
        part = PAGES["api.md"]().partition("## Parameters and fields of forms")[2]
        rows = [line.strip("| ").split(" | ") for line in part.partition("## ")[0].splitlines()]
        told = {tuple(row[:2]): row[-1] for row in rows if row[0].startswith("`")}
        assert len(told) > 40
        assert [names for names, meaning in told.items() if len(meaning) < 4] == []
        assert {("`POST /imports`", "`file`"), ("`GET /invoices`", "`issued_to`")} <= told.keys()


def _reads(call: ast.Call) -> bool:
    """Tell whether a call reads the environment, also where it was handed on as a mapping."""
    name, first = ast.unparse(call.func), call.args[0]
    ours = isinstance(first, ast.Constant) and str(first.value).startswith("CLIENTELA_")
    return bool(READS.search(name)) or (ours and name.endswith(".get"))
