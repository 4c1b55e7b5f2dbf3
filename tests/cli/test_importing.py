"""`clientela import` as a program runs it: what is printed, and how it ends."""

import json

import pytest
from typer.testing import CliRunner

from clientela.cli import importing
from clientela.cli.main import app
from clientela.intake.models import Run
from clientela.records.models import Source
from clientela.store.context import system_context

HEADER = "Customer No,Name,Type,Country,VAT,Shoe size\n"
FILE = HEADER + "A-1,Aceros S.A.,company,ES,B58818501,44\n"
QUESTION = {"id", "code", "column", "choices"}


@pytest.fixture(scope="module")
def program():
    app.command("import")(importing.import_file)
    return CliRunner()


@pytest.fixture
def ran(fresh_database, program, tmp_path):
    """Return a function: the end of a command over a file with this content."""

    def run(content, *words, source="till"):
        path = tmp_path / "people.csv"
        path.write_text(content, encoding="utf-8")
        return program.invoke(
            app, ["import", str(path), "--source", source, "--kind", "customers", *words]
        )

    return run


class TestImport:
    def test_asks_about_a_column_that_nothing_is_known_of(self, ran):
        ended = ran(FILE, "--yes", "--format", "json")
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"]) == (3, "needs_answers")
        assert [(q["id"], set(q)) for q in report["questions"]] == [("column:Shoe size", QUESTION)]
        ended = ran(FILE, "--yes", "--answer", "column:Shoe size=ignore", "--format", "json")
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"]) == (0, "done")
        assert (report["totals"]["accepted"], "error" in report) == (1, False)

    @pytest.mark.parametrize("words", [
        ("--answer", "column:Shoe size=ignore"), (), ("--set", "country=PT"), ("--dry-run",),
        ("--answer", "column:Shoe size=name", "--answer", "column:Name=ignore"),
    ])  # fmt: skip
    def test_of_the_same_file_again_asks_nothing_and_changes_nothing(self, ran, words):
        ran(FILE, "--yes", "--answer", "column:Shoe size=ignore")
        first = json.loads(ran(FILE, "--format", "json").stdout)
        again = ran(FILE, *words, "--format", "json")
        report = json.loads(again.stdout)
        assert (again.exit_code, report["state"], report["questions"]) == (
            0,
            "already_imported",
            [],
        )
        assert report["totals"] == {"read": 1, "accepted": 0, "rejected": 0, "skipped": 1}
        assert report["run"] == first["run"] == report["imported"]["params"]["run"]
        assert "take that import back first" in report["imported"]["text"]
        assert "imported already" in ran(FILE, *words).stdout.replace("\n", " ")
        with system_context("a test looks"):
            assert Run.objects.count() == 1

    def test_of_an_empty_file_says_so_to_people_and_programs(self, ran):
        ended = ran("", "--yes", "--format", "json")
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"], report["run"]) == (1, "failed", None)
        assert report["error"] == {"code": "empty_file", "params": {}, "text": "The file is empty."}
        assert "The file is empty." in ended.stderr

    def test_with_words_that_cannot_be_is_misused_and_leaves_no_run(self, ran):
        answered = ("--yes", "--answer", "column:Shoe size=ignore")
        for words, source in ((answered, "bad name!"), ((*answered, "--set", "foo=bar"), "till")):
            ended = ran(FILE, *words, source=source)
            assert ended.exit_code == 2
            assert " " in ended.stderr.strip()
        with system_context("a test looks"):
            assert not Run.objects.exists()
            assert not Source.objects.filter(name="bad name!").exists()
