"""Mappings that are kept and used again, by program and by command."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typer.testing import CliRunner

from clientela.audit.models import Event
from clientela.cli import importing, runs, sources
from clientela.cli.main import app
from clientela.store.context import system_context
from tests.api.test_imports import ANSWERS, SALES, load, upload
from tests.api.test_problems import reasons

NEXT = SALES.replace("T1", "T3").replace("T2", "T4").replace(",many,", ",3,")
COLUMNS = {field: column.removeprefix("column:") for column, field in ANSWERS.items()
           if column.startswith("column:")}  # fmt: skip


@pytest.fixture
def steward(caller, settings):
    settings.AFTER_IMPORT = ()
    return caller("data_steward")


@pytest.fixture
def brought(steward):
    report = upload(steward, SALES, kind="sales_lines")
    steward.send("POST", f"/imports/{report['run']}/answers", {"answers": ANSWERS})
    return load(report)


def keep(steward, run, name):
    return steward.send("POST", f"/imports/{run.public_id}/mapping", {"name": name})


class TestMapping:
    def test_is_kept_listed_and_asks_nothing_of_the_next_file(self, steward, brought):
        kept = keep(steward, brought, " Till-Lines ")
        assert kept.status_code == 200
        assert {name: kept.json()[name] for name in ("name", "source", "kind", "columns")} == {
            "name": "till-lines", "source": "till", "kind": "sales_lines", "columns": COLUMNS,
        }  # fmt: skip
        assert kept.json()["constants"] == {"currency": "EUR"}
        assert steward.get("/sources/till/mappings").json()["items"] == [kept.json()]
        report = upload(steward, NEXT, mapping="till-lines", confirmed="true")
        assert report["questions"] == []
        assert load(report).accepted == 2

    def test_knows_the_first_line_of_a_file_of_words_alone(self, steward):
        """Nothing but its columns tells that the first line of such a file names them."""
        first = "Nr;Firma;Land\nX1;Uno;ES\n"
        columns = {"column:Nr": "customer_key", "column:Firma": "name", "column:Land": "country"}
        report = upload(steward, first, kind="customers")
        assert [one["code"] for one in report["questions"]] == ["header_unclear"]
        for answers in ({"header": "1"}, columns, {"set:kind": "company"}):
            # the kind that was said with the file holds, though other things were asked first
            asked = steward.send("POST", f"/imports/{report['run']}/answers", {"answers": answers})
        assert asked.json()["questions"] == []
        assert keep(steward, load(report), "clients").status_code == 200
        report = upload(steward, first.replace("X1;Uno", "X2;Dos"), mapping="clients")
        assert (report["questions"], report.get("notes")) == ([], None)

    def test_says_which_of_its_columns_a_file_does_not_have(self, steward, brought):
        keep(steward, brought, "usual")
        short = "\n".join(line.rpartition(",")[0] for line in NEXT.split("\n"))
        report = upload(steward, short, mapping="usual")
        assert report["notes"] == [
            {"code": "mapping_column_absent", "params": {"column": "Who", "field": "customer_key"}}
        ]
        assert steward.get(f"/imports/{report['run']}").json()["notes"] == report["notes"]

    def test_is_not_used_for_rows_of_another_kind(self, steward, brought):
        keep(steward, brought, "usual")
        steward.keys += 1
        headers = steward._headers() | {"Idempotency-Key": f"upload-{steward.keys}"}
        sent = {"file": SimpleUploadedFile("next.csv", NEXT.encode()), "source": "till",
                "kind": "customers", "mapping": "usual"}  # fmt: skip
        answer = steward.client.post("/api/v1/imports", sent, headers=headers)
        assert reasons(answer, 422) == ["mapping_of_another_kind"]

    def test_of_a_name_that_cannot_be_one_is_refused(self, steward, brought):
        assert reasons(keep(steward, brought, "mi mapa"), 422) == ["mapping_name_invalid"]
        assert steward.get("/sources/till/mappings").json()["items"] == []

    def test_is_replaced_under_its_name_and_both_are_in_the_trail(self, steward, brought):
        keep(steward, brought, "usual")
        keep(steward, brought, "usual")
        assert len(steward.get("/sources/till/mappings").json()["items"]) == 1
        with system_context("a test looks"):
            assert Event.objects.filter(act="intake.mapping.saved").count() == 2

    def test_is_listed_page_by_page(self, steward, brought):
        for name in ("c", "a", "b"):
            keep(steward, brought, name)
        first = steward.get("/sources/till/mappings", limit=2).json()
        rest = steward.get("/sources/till/mappings", limit=2, cursor=first["next"]).json()
        assert [one["name"] for one in first["items"] + rest["items"]] == ["a", "b", "c"]
        assert rest["next"] is None

    def test_of_a_trial_has_no_source_to_keep_it(self, steward):
        report = upload(steward, SALES, kind="sales_lines", dry_run="true", source="elsewhere")
        answer = steward.send("POST", f"/imports/{report['run']}/mapping", {"name": "usual"})
        assert reasons(answer, 422) == ["trial_has_no_source"]

    def test_is_read_and_not_kept_by_the_auditor(self, steward, brought, caller):
        keep(steward, brought, "usual")
        auditor = caller("auditor")
        assert keep(auditor, brought, "other").status_code == 403
        listed = auditor.get("/sources/till/mappings").json()["items"]
        assert [one["name"] for one in listed] == ["usual"]


def test_the_terminal_keeps_a_mapping_and_lists_it(fresh_database, tmp_path):
    app.command("import")(importing.import_file)
    app.add_typer(runs.app, name="imports")
    app.add_typer(sources.app, name="sources")
    program = CliRunner()

    def said(*words):
        ended = program.invoke(app, [*words, "--format", "json"])
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)

    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(SALES, encoding="utf-8")
    second.write_text(NEXT, encoding="utf-8")
    answers = [word for pair in ANSWERS.items() for word in ("--answer", "=".join(pair))]
    brought = said(
        "import", str(first), "--source", "till", "--kind", "sales_lines", "--yes", *answers
    )
    kept = said("imports", "save-mapping", brought["run"], "--name", "till-lines")
    assert kept["columns"] == COLUMNS
    assert said("sources", "mappings", "till") == {"mappings": [kept]}
    table = program.invoke(app, ["sources", "mappings", "till"]).stdout
    assert "till-lines" in table
    ended = said("import", str(second), "--source", "till", "--mapping", "till-lines", "--yes")
    assert ended["totals"]["accepted"] == 2
