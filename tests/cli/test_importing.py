"""`clientela import` as a program runs it: what is printed, and how it ends."""

import json
import re

import pytest
from django.db import connection
from openpyxl import Workbook
from typer.testing import CliRunner

from clientela.cli import importing, runs
from clientela.cli.main import app
from clientela.intake.kinds.registry import KINDS
from clientela.intake.models import Run
from clientela.intake.services import loading
from clientela.intake.services.locking import RunStopped
from clientela.kernel.reasons import Reason
from clientela.records.models import Customer, Source
from clientela.store.bulk import execute
from clientela.store.context import system_context
from tests.corpus.case import HEADER as HEADER_OF_SALES
from tests.corpus.case import text
from tests.corpus.files import JAPANESE

HEADER = "Customer No,Name,Type,Country,VAT,Shoe size\n"
FILE = HEADER + "A-1,Aceros S.A.,company,ES,B58818501,44\n"
SALES = (
    "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer ID,Customer Name,Currency\n"
    "1,P1,2,5.00,2026-03-01,C1,María López,EUR\n"
)
QUESTION = {"id", "code", "column", "choices"}


@pytest.fixture(scope="module")
def program():
    app.command("import")(importing.import_file)
    app.add_typer(runs.app, name="imports")
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


def test_names_the_kinds_that_there_are():
    assert set(re.split(r", | or ", importing.KINDS)) == set(KINDS)


def test_that_loses_the_database_says_that_it_goes_on_and_does(ran, monkeypatch):
    """The server ends the connection of the command while a batch is written."""
    content = "Customer No,Name,Type\nA-1,Aceros S.A.,company\nA-2,Brasas S.L.,company\n"
    kept = loading.state

    def lost(said, **given):
        answers = kept(said, **given)
        execute("select pg_terminate_backend(pg_backend_pid())")
        return answers

    monkeypatch.setattr(loading, "state", lost)
    ended = ran(content, "--yes", "--format", "json")
    report = json.loads(ended.stdout)
    assert (ended.exit_code, report["state"]) == (1, "failed")
    assert report["error"]["code"] == "import_interrupted"
    assert "give the command again" in ended.stderr
    monkeypatch.setattr(loading, "state", kept)
    connection.close()
    ended = ran(content, "--yes", "--format", "json")
    again = json.loads(ended.stdout)
    assert (ended.exit_code, again["state"], again["run"]) == (0, "done", report["run"])
    assert again["totals"]["accepted"] == 2
    with system_context("a test looks"):
        assert Customer.objects.count() == 2


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

    @pytest.mark.parametrize(("words", "codes"), [
        (("--set", "customer_kind=Firma"), ("company", "person")),
        (("--answer", "set:customer_kind=Firma"), ("company", "person")),
        (("--kind", "Sales"), ("customers", "sales_lines", "payments")),
        (("--set", "document_kind=C:dragon"), ("invoice", "credit_note", "adjustment")),
    ])  # fmt: skip
    def test_names_the_codes_that_there_are(self, ran, words, codes):
        ended = ran(SALES, "--yes", "--kind", "sales_lines", *words)
        assert ended.exit_code == 2
        assert all(code in ended.stderr for code in codes), ended.stderr

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

    @pytest.mark.parametrize("words", [("--yes",), ("--dry-run",)])
    def test_is_of_no_source_that_the_product_keeps(self, ran, words):
        ended = ran(FILE, *words, source="Desk")
        assert ended.exit_code == 2
        assert "desk is kept for what people type" in " ".join(ended.stderr.split())
        with system_context("a test looks"):
            assert (Run.objects.count(), Source.objects.count()) == (0, 0)

    def test_asks_before_a_known_customer_gets_another_name(self, ran):
        first = HEADER.replace(",Shoe size", "") + "A-1,Aceros S.A.,company,ES,B58818501\n"
        assert ran(first, "--yes").exit_code == 0
        other = first.replace("Aceros", "Hierros") + "a-1,Bar S.A.,company,ES,\n"
        ended = ran(other, "--yes", "--set", "keys=exact", "--format", "json")
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"]) == (3, "needs_answers")
        assert [(q["id"], q["choices"]) for q in report["questions"]] == [
            ("names:changed", ["keep", "take", "refuse"])
        ]
        assert report["questions"][0]["previews"]["take"].startswith("1: Hierros")
        lines = ran(other, "--yes", "--set", "keys=exact").stdout.splitlines()
        at = next(n for n, line in enumerate(lines) if line.startswith("│ choices"))
        assert [line.strip("│ ").removeprefix("choices  │ ") for line in lines[at : at + 3]] == [
            "keep (1: Aceros S.A.)", "take (1: Hierros S.A.)", "refuse",
        ]  # fmt: skip
        ended = ran(other, "--yes", "--answer", "names:changed=keep", "--format", "json")
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"], report["totals"]["accepted"]) == (0, "done", 2)
        flags = {one["code"]: one for one in report["flagged"]}
        assert flags["customer_named_otherwise"] == {
            "code": "customer_named_otherwise", "rows": 1,
            "shown": [{"row": 1, "column": "Customer No", "value": "A-1", "rows": 1}],
        }  # fmt: skip
        assert flags["key_like_another"]["shown"][0]["value"] == "a-1"
        with system_context("a test looks"):
            assert set(Customer.objects.values_list("name", flat=True)) == {
                "Aceros S.A.", "Bar S.A.",
            }  # fmt: skip

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

    def test_with_a_mapping_of_a_source_that_keeps_none_says_so(self, ran):
        done = ran(FILE, "--mapping", "monthly")
        assert done.exit_code == 2
        assert "mappings_none" in done.stderr
        assert "monthly" in done.stderr
        assert "–" not in done.stderr

    def test_suggests_an_encoding_and_shows_lines_to_choose_by(
        self, fresh_database, program, tmp_path
    ):
        path, line = tmp_path / "sales.csv", "カタカナとひらがなのお茶"
        path.write_bytes(text(JAPANESE, header=HEADER_OF_SALES).encode("cp932"))
        words = ["import", str(path), "--source", "till", "--yes"]
        ended = program.invoke(app, words)
        assert ended.exit_code == 3
        assert ended.stdout.index("cp932") < ended.stdout.index("choices")  # the suggestion
        assert ended.stdout.count(line) >= 2
        (asked,) = json.loads(program.invoke(app, [*words, "--format", "json"]).stdout)["questions"]
        assert (asked["suggested"], line in asked["previews"]["cp932"]) == ("cp932", True)
        done = program.invoke(
            app, [*words, "--answer", "encoding=cp932", "--set", "currency=JPY",
                  "--answer", "customers:key=name", "--format", "json"],
        )  # fmt: skip
        assert json.loads(done.stdout)["file"]["encoding"] == "cp932"

    def test_shows_which_field_a_column_may_be(self, ran):
        done = ran(FILE)
        assert done.exit_code == 3
        assert "suggestion" in done.stdout
        assert "customer_key" in done.stdout


SOUND = "Customer No,Name,Type,Country,Birth Date\n"
PEOPLE = SOUND + "A-1,Ana,person,ES,1980-02-28\nA-2,Eva,person,ES,1980-02-30\n"


class TestStopped:
    def test_by_the_keyboard_is_cancelled_and_may_come_again(self, ran, monkeypatch):
        def press(*given, **more):
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(loading, "state", press)
            ended = ran(PEOPLE, "--yes", "--format", "json")
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"]) == (1, "cancelled")
        assert report["totals"] == {"read": 2, "accepted": 0, "rejected": 1, "skipped": 1}
        assert "what was loaded is taken back" in ended.stderr
        again = json.loads(ran(PEOPLE, "--yes", "--format", "json").stdout)
        assert (again["state"], again["totals"]["accepted"]) == ("done", 1)
        assert again["run"] != report["run"]

    def test_by_another_process_that_is_at_it_is_refused(self, ran, monkeypatch):
        def taken(*given, **more):
            raise RunStopped(Reason(code="run_is_worked_at"))

        with monkeypatch.context() as patched:
            patched.setattr(importing, "advance", taken)
            ended = ran(PEOPLE, "--yes", "--format", "json")
        assert (ended.exit_code, json.loads(ended.stdout)["state"]) == (4, "working")
        assert "is being worked on" in ended.stderr


class TestImports:
    def test_are_cancelled_by_their_id(self, ran, program):
        run = json.loads(ran(FILE, "--yes", "--format", "json").stdout)["run"]
        ended = program.invoke(app, ["imports", "cancel", run, "--format", "json"])
        assert (ended.exit_code, json.loads(ended.stdout)["state"]) == (0, "cancelled")
        assert program.invoke(app, ["imports", "cancel", run]).exit_code == 4
        assert program.invoke(app, ["imports", "cancel", "none"]).exit_code == 4

    def test_give_back_their_rejected_rows(self, ran, program, tmp_path):
        run = json.loads(ran(PEOPLE, "--yes", "--format", "json").stdout)["run"]
        file = tmp_path / "rejected.csv"
        ended = program.invoke(app, ["imports", "rejected", run, "--output", str(file)])
        assert ended.exit_code == 0
        assert file.stat().st_mode & 0o77 == 0
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        assert len(lines) == 2
        assert lines[1].endswith("A-2,Eva,person,ES,1980-02-30")
        shown = program.invoke(app, ["imports", "rejected", run])
        assert "A-2,Eva,person,ES,1980-02-30" in shown.stdout
        with system_context("a test gives the run to somebody else"):
            Run.objects.update(owner_id=999)
        ended = program.invoke(app, ["imports", "rejected", run])
        assert ended.exit_code == 4
        assert "A-2" not in ended.stdout

    @pytest.mark.parametrize("name", ["x.ods", "x.xls", "x", "x.csv.gz", ".csv"])
    def test_give_no_rows_out_as_what_they_are_not(self, program, tmp_path, name):
        path = tmp_path / name
        ended = program.invoke(app, ["imports", "rejected", "any", "--output", str(path)])
        assert (ended.exit_code, path.exists()) == (2, False)
        assert ".csv, .tsv, .txt or .xlsx" in " ".join(ended.stderr.split())

    def test_give_each_form_of_rows_out_under_its_own_names(self, ran, program, tmp_path):
        def given_out(run, name):
            words = ["imports", "rejected", run, "--output", str(tmp_path / name)]
            return program.invoke(app, words).exit_code, (tmp_path / name).exists()

        def begins(name):
            return (tmp_path / name).read_bytes()[:2]

        text = json.loads(ran(PEOPLE, "--yes", "--format", "json").stdout)["run"]
        assert given_out(text, "text.xlsx") == (2, False)
        assert [given_out(text, f"text.{end}") for end in ("tsv", "TXT")] == [(0, True)] * 2
        book = Workbook()
        for line in PEOPLE.splitlines():
            book.active.append(line.split(","))
        book.save(tmp_path / "people.xlsx")
        words = [
            "import",
            str(tmp_path / "people.xlsx"),
            "--source",
            "books",
            "--kind",
            "customers",
        ]
        ended = program.invoke(app, [*words, "--yes", "--format", "json"])
        kept = json.loads(ended.stdout)["run"]
        assert given_out(kept, "kept.csv") == (2, False)
        assert (given_out(kept, "kept.xlsx"), begins("kept.xlsx")) == ((0, True), b"PK")


class TestCancelled:
    def test_asks_nothing_any_more(self, ran, program):
        run = json.loads(ran(FILE, "--yes", "--format", "json").stdout)["run"]
        ended = program.invoke(app, ["imports", "cancel", run, "--format", "json"])
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"], report["questions"]) == (0, "cancelled", [])


class TestAnswersAhead:
    """An answer is given before anything was asked: by a slip it answers nothing."""

    @pytest.mark.parametrize(("answer", "named"), [
        ("foo=bar", "column:NAME"), ("encoding=klingon", "gb18030"), ("separator=~", "semicolon"),
        ("header=7", "none"), ("column:Nowhere=name", "column:NAME"),
        ("column:Name=nonsense", "ignore"), ("field:made_up=Name", "field:NAME"),
        ("names:changed=maybe", "keep"), ("settlement=known", "names:changed"),
        ("keys:alike=x", "exact"), ("nulls:VAT=maybe", "refuse"), ("kind=dragons", "customers"),
    ])  # fmt: skip
    def test_that_nothing_asks_or_offers_is_refused(self, ran, answer, named):
        ended = ran(FILE, "--yes", "--answer", "column:Shoe size=ignore", "--answer", answer)
        assert ended.exit_code == 2, ended.output
        assert named in ended.stderr
        with system_context("a test looks"):
            assert not Run.objects.exists()

    @pytest.mark.parametrize("answer", [
        "encoding=utf-8", "separator=comma", "separator=,", "header=1", "names:changed=keep",
        "keys:alike=refuse", "nulls:VAT=none", "hidden_rows=skip",
    ])  # fmt: skip
    def test_to_what_may_be_asked_is_taken(self, ran, answer):
        ended = ran(FILE, "--yes", "--answer", "column:Shoe size=ignore", "--answer", answer)
        assert ended.exit_code == 0, ended.output

    def test_that_the_question_of_this_file_does_not_offer_is_refused(self, ran):
        content = SALES.replace("2026-03-01", "03/04/2026")
        said = ("--yes", "--kind", "sales_lines", "--set", "customer_kind=person", "--answer")
        ended = ran(content, *said, "dates:Invoice Date=ymd")
        assert (ended.exit_code, "dmy, mdy" in ended.stderr) == (2, True), ended.output
        assert ran(content, *said, "dates:Invoice Date=dmy").exit_code == 0

    def test_that_gives_a_column_two_fields_is_refused_with_both(self, ran):
        said = ("--yes", "--kind", "sales_lines", "--set", "customer_kind=person", "--answer")
        twice = ("column:Unit Price=tax_amount", "--answer", "field:unit_price=Unit Price")
        ended = ran(SALES, *said, *twice)
        assert ended.exit_code == 2, ended.output
        assert "The column Unit Price fills Tax already" in ended.stderr
        assert ran(SALES, *said, "column:Unit Price=unit_price").exit_code == 0
