"""What the simple commands load: none waits for the engines of the analyses."""

import subprocess
import sys
from importlib import import_module

import pytest

from clientela.cli.commands import COMMANDS, named

HEAVY = (
    "ibis", "duckdb", "pandas", "pyarrow", "polars", "numpy", "deltalake", "adbc_driver_manager",
    "pypinyin.phrases_dict", "phonenumbers", "stdnum", "opencc", "sqlglot", "granian",
)  # fmt: skip
# What a command loads before it does anything, run as the program runs it.
LOADED = """
import sys, typer
from clientela.cli import main
sys.argv = ["clientela", *{words!r}]
typer.Typer.__call__ = lambda self, **more: 0
try:
    main.main()
except SystemExit:
    pass
print(" ".join(sorted(sys.modules)))
"""


def loaded(*words: str) -> set[str]:
    """Return the modules that a process holds when the command is about to begin."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(words=words)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


class TestCommand:
    @pytest.mark.parametrize("words", [("--help",), ("version",), ("doctor",)])
    def test_of_the_installation_loads_no_framework(self, words):
        assert loaded(*words) & {"django", *HEAVY} == set()

    @pytest.mark.parametrize("words", [("records",), ("analyse",), ("up",)])
    def test_that_only_reads_loads_no_engine(self, words):
        found = loaded(*words)
        assert "django" in found
        assert found & set(HEAVY) == set()

    def test_that_imports_loads_no_engine_of_the_analyses(self):
        engines = {"ibis", "duckdb", "pandas", "pyarrow", "polars", "deltalake"}
        assert loaded("import") & engines == set()


class TestListOfCommands:
    def test_says_of_each_what_the_command_says_of_itself(self):
        for one in COMMANDS:
            module = import_module(f"clientela.cli.{one.module}")
            found = getattr(module, one.function)
            said = getattr(found, "info", None)
            text = said.help if said else found.__doc__
            assert text.strip().splitlines()[0] == one.about, one.name

    def test_holds_every_analysis(self):
        from clientela.analysis.registry import ANALYSES
        from clientela.cli.analysing import NAMES

        assert tuple(ANALYSES) == NAMES

    def test_knows_a_command_by_its_name_alone(self):
        assert named("import").function == "import_file"
        assert named("imp") is None
