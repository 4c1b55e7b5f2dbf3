"""Receivables from the command line alone: what a source knows of payment is asked and said."""

import json

import pytest
from typer.testing import CliRunner

from clientela.audit.models import Event
from clientela.cli import analysing, importing, sources
from clientela.cli.main import app
from clientela.records.models import Source
from clientela.security.permits import Access, ActReach
from clientela.store.context import system_context
from clientela.trade.models import Invoice

INVOICES = """Invoice No,Date,Due Date,Customer No,Net Amount,Currency
F-1,2026-04-01,2026-05-01,A-1,100.00,EUR
F-2,2026-04-02,2026-05-02,A-1,30.00,EUR
"""
PAYMENTS = """Payment No,Received On,Customer No,Amount,Currency,Invoice No
{number},2026-04-20,A-1,40.00,EUR,F-1
"""


@pytest.fixture(scope="module")
def program():
    app.command("import")(importing.import_file)
    app.command("analyse")(analysing.analyse)
    app.add_typer(sources.app, name="sources")
    return CliRunner()


@pytest.fixture
def ran(fresh_database, program, tmp_path):
    """Return a function: the end of a command, and what it answers as JSON."""

    def run(*words, kind="", content=""):
        if kind:
            path = tmp_path / f"{kind}.csv"
            path.write_text(content, encoding="utf-8")
            words = ("import", str(path), "--source", "books", "--kind", kind, *words)
        ended = program.invoke(app, [*words, "--format", "json"])
        return ended.exit_code, json.loads(ended.stdout)

    return run


@pytest.fixture
def billed(ran):
    code, told = ran("--yes", kind="invoices", content=INVOICES)
    assert (code, told["written"]["invoices"]) == (0, 2), told
    return ran


def pay(ran, *words, number="P-1"):
    return ran("--yes", *words, kind="payments", content=PAYMENTS.format(number=number))


def owed(ran):
    code, told = ran("analyse", "ageing", "--as-of", "2026-05-10")
    assert code == 0
    return [row["open"] for row in told["rows"]]


def settlements():
    with system_context("a test looks"):
        return {
            *Source.objects.filter(name="books").values_list("settlement", flat=True),
            *Invoice.objects.values_list("settlement", flat=True),
        }


def changes():
    with system_context("a test looks"):
        events = Event.objects.filter(act="trade.source.settlement_set")
        return [(e.rows, e.before, e.after) for e in events]


def flagged(told):
    return {one["code"]: one["rows"] for one in told["flagged"]}


LEFT_OUT = {"source_tells_no_payments": 1}


class TestPaymentsOfASourceThatTellsNone:
    def test_ask_whether_it_tells_of_them_and_change_nothing_by_themselves(self, billed):
        code, told = pay(billed, "--dry-run", "--answer", "settlement=known")
        assert (code, told["state"], flagged(told)) == (0, "dry_run", LEFT_OUT)
        code, told = pay(billed)
        assert (code, told["state"]) == (3, "needs_answers")
        assert told["questions"] == [
            {
                "id": "settlement", "code": "source_tells_no_payments", "column": None,
                "choices": ["known", "unknown"],
            }
        ]  # fmt: skip
        code, told = pay(billed, "--answer", "settlement=banana")
        assert (code, told["state"]) == (2, "failed")
        assert "known, unknown" in str(told)
        assert (settlements(), changes()) == ({"unknown"}, [])

    def test_answered_yes_make_its_invoices_receivables(self, billed):
        code, told = pay(billed, "--answer", "settlement=known")
        assert (code, told["written"]["allocations"], told["flagged"]) == (0, 1, [])
        assert settlements() == {"known"}
        assert owed(billed) == ["90.00"]
        assert changes() == [(2, {"settlement": "unknown"}, {"settlement": "known"})]
        assert pay(billed, number="P-2")[0] == 0

    def test_answered_no_leave_it_until_somebody_says_otherwise(self, billed, program):
        code, told = pay(billed, "--answer", "settlement=unknown")
        assert (code, flagged(told)) == (0, LEFT_OUT)
        code, told = pay(billed, number="P-2")  # not asked again
        assert (code, flagged(told)) == (0, LEFT_OUT)
        assert (settlements(), owed(billed), changes()) == ({"unknown"}, [], [])
        code, told = billed("sources")
        (books,) = [one for one in told["sources"] if one["name"] == "books"]
        assert (code, books["settlement"], books["trust"]) == (0, "unknown", 50)
        for words, code in (("none", "known"), 4), (("books", "sometimes"), 2):
            assert program.invoke(app, ["sources", "settle", *words]).exit_code == code
            refused = program.invoke(app, ["sources", "settle", *words])
            assert ("There is no source none" in refused.stderr) == (code == 4)
        asked = ["analyse", "abc", "--as-of", "2026-05-10", "--source", "none"]
        ended = program.invoke(app, asked)
        assert (ended.exit_code, "There is no source none" in ended.stderr) == (4, True)
        code, told = billed("sources", "settle", "books", "known")
        assert (code, told) == (0, {"name": "books", "settlement": "known", "invoices": 2})
        assert len(owed(billed)) == 1
        code, told = billed("sources", "settle", "books", "unknown")
        assert (code, told["invoices"], owed(billed)) == (0, 2, [])

    def test_of_who_may_not_change_the_source_may_only_leave_it(self, billed, monkeypatch):
        reach = Access.reach

        def narrower(self, act):
            return ActReach() if act == "source.write" else reach(self, act)

        monkeypatch.setattr(Access, "reach", narrower)
        code, told = billed(kind="payments", content=PAYMENTS.format(number="P-1"))
        asked = [(q["code"], q["choices"]) for q in told["questions"] if q["id"] == "settlement"]
        assert (code, asked) == (3, [("source_tells_no_payments_left", ["unknown"])])
        code, told = pay(billed, "--answer", "settlement=known", number="P-3")
        assert (code, told["state"]) == (4, "failed")
        assert (settlements(), changes()) == ({"unknown"}, [])
        code, told = pay(billed)  # the one choice there is
        assert (code, flagged(told)) == (0, LEFT_OUT)
