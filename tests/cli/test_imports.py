"""`clientela imports`: what was brought in, one of it, and taking it back."""

import json

import pytest
from typer.testing import CliRunner

from clientela.audit.models import Event
from clientela.cli import importing, runs
from clientela.cli.main import app
from clientela.intake.models import Run
from clientela.store.context import system_context
from clientela.trade.models import Invoice

HEAD = "invoice_no,invoice_date,due_date,customer_code,currency,net,vat\n"
ONE = "F1,2026-03-04,2026-05-01,K1,EUR,100.00,21.00\n"
TWO = "F2,2026-03-05,2026-05-05,K2,EUR,50.00,10.50\n"
WHY = ("--reason", "wrong month")


@pytest.fixture(scope="module")
def program():
    app.command("import")(importing.import_file)
    app.add_typer(runs.app, name="imports")
    return CliRunner()


@pytest.fixture
def said(fresh_database, program):
    """Return a function: the end of a command."""

    def run(*words, **more):
        return program.invoke(app, list(words), **more)

    return run


@pytest.fixture
def brought(said, tmp_path):
    """Return a function: the id of a run that brought these invoices."""
    files = iter(range(100))

    def bring(content):
        path = tmp_path / f"{next(files)}.csv"
        path.write_text(content, encoding="utf-8")
        words = ("--source", "till", "--kind", "invoices", "--yes", "--format", "json")
        ended = said("import", str(path), *words)
        assert ended.exit_code == 0, ended.stdout
        return json.loads(ended.stdout)["run"]

    return bring


def standing():
    with system_context("a test looks"):
        return sorted(Invoice.objects.filter(voided_at=None).values_list("number", flat=True))


def state(run):
    with system_context("a test looks"):
        return Run.objects.get(public_id=run).state


class TestList:
    def test_says_that_there_is_none(self, said):
        assert "no import yet" in said("imports").stdout

    def test_is_newest_first_and_goes_on_where_it_ended(self, said, brought):
        ids = [brought(HEAD + ONE), brought(HEAD + TWO), brought(HEAD + ONE + TWO)]
        seen, cursor = [], None
        while True:
            more = ("--cursor", cursor) if cursor else ()
            answer = json.loads(said("imports", "--limit", "2", "--format", "json", *more).stdout)
            seen += answer["items"]
            cursor = answer["next"]
            if not cursor:
                break
        assert [one["run"] for one in seen] == ids[::-1]
        assert [(one["read"], one["accepted"], one["skipped"]) for one in seen] == [
            (2, 0, 2), (1, 1, 0), (1, 1, 0),
        ]  # fmt: skip
        shown = said("imports", "--limit", "2")
        assert ids[2] in shown.stdout
        assert "--cursor" in shown.stdout

    def test_refuses_a_cursor_that_is_none(self, said):
        assert said("imports", "--cursor", "x").exit_code == 1


class TestOne:
    def test_is_told_as_when_it_came_in(self, said, brought):
        run = brought(HEAD + ONE + TWO)
        told = json.loads(said("imports", "show", run, "--format", "json").stdout)
        assert (told["run"], told["state"]) == (run, "done")
        assert told["totals"] == {"read": 2, "accepted": 2, "rejected": 0, "skipped": 0}
        assert run in said("imports", "show", run).stdout

    def test_that_there_is_not_is_refused(self, said):
        assert said("imports", "show", "none").exit_code == 4


class TestTakenBack:
    def test_counts_no_more_and_leaves_the_event_of_the_page(self, said, brought):
        run, kept = brought(HEAD + ONE), brought(HEAD + TWO)
        ended = said("imports", "take-back", run, *WHY, "--yes", "--format", "json")
        report = json.loads(ended.stdout)
        assert (ended.exit_code, report["state"]) == (0, "taken_back")
        assert report["taken_back"]["documents"]["invoices"] == 1
        assert (standing(), state(kept)) == (["F2"], "done")
        with system_context("a test looks"):
            (event,) = Event.objects.filter(act="intake.run.taken_back")
        assert (event.channel, event.after["reason"]) == ("cli", "wrong month")
        assert event.after["voided"]["invoice"] == 1
        assert json.loads(said("imports", "--format", "json").stdout)["items"][1]["state"] == (
            "taken_back"
        )
        assert brought(HEAD + ONE) != run  # the file may come again
        assert standing() == ["F1", "F2"]

    def test_is_asked_about_where_somebody_can_be(self, said, brought, monkeypatch):
        run = brought(HEAD + ONE)
        monkeypatch.setattr(runs, "_is_terminal", lambda: True)
        ended = said("imports", "take-back", run, *WHY, input="n\n")
        assert (ended.exit_code, state(run), standing()) == (1, "done", ["F1"])
        assert "written: invoices" in ended.stderr
        ended = said("imports", "take-back", run, *WHY, "--format", "json", input="y\n")
        report = json.loads(ended.stdout.splitlines()[-1])  # behind what was typed
        assert (ended.exit_code, report["state"]) == (0, "taken_back")

    def test_is_refused_unasked_where_nobody_can_be(self, said, brought):
        run = brought(HEAD + ONE)
        ended = said("imports", "take-back", run, *WHY)
        assert (ended.exit_code, state(run)) == (2, "done")
        assert "--yes" in ended.stderr

    @pytest.mark.parametrize("why", [(), ("--reason", "  ")])
    def test_needs_a_reason(self, said, brought, why):
        run = brought(HEAD + ONE)
        assert said("imports", "take-back", run, "--yes", *why).exit_code == 2
        assert state(run) == "done"

    def test_once_is_not_taken_back_again(self, said, brought):
        run = brought(HEAD + ONE)
        said("imports", "take-back", run, *WHY, "--yes")
        ended = said("imports", "take-back", run, *WHY, "--yes")
        assert ended.exit_code == 4
        assert "cannot be taken back" in ended.stderr
        assert said("imports", "take-back", "none", *WHY, "--yes").exit_code == 4
