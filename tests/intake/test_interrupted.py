"""An import that dies at any statement goes on as if it had not: every failpoint in turn.

The process is ended by an exception at the n-th statement of the run, for one n after the
other; what its open transaction did is then gone, as after kill -9. The run goes on from what
was committed, and the books must equal those of a run that nobody disturbed. In `make test` the
failpoints are the statements that write how far the run came; in `make prove` all there are.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from clientela.intake.models import RejectedRow, Run
from clientela.intake.services import advance, loading, receive_file, staging
from clientela.records.models import Source, SourceRecord
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from clientela.trade.models import Invoice, InvoiceLine
from tests.factories import NOON, make_company
from tests.survival import sales_file

ROWS = 24
PROGRESS = 'update "intake_run"'
AT = "" if os.environ.get("CLIENTELA_FAILPOINTS") == "all" else PROGRESS


class Died(Exception):
    """The process ends here."""


class Clock:
    """Counts the statements that are failpoints, and ends the process at one of them."""

    def __init__(self, last: int | None) -> None:
        self.count, self.last = 0, last

    def __call__(self, execute, sql, params, many, context):
        words = sql.lower() if isinstance(sql, str) else ""  # or composed, by psycopg
        if words.startswith(AT):
            self.count += 1
            if self.count == self.last:
                raise Died(sql)
        return execute(sql, params, many, context)


@pytest.fixture
def company(db):
    return make_company()


def received(company, path: Path, source: str) -> Run:
    with system_context("a file for a test"):
        node = company.nodes["madrid"].pk
        make_source(name=source, node_id=node, at=NOON, by="test", settlement="unknown")
        run, _ = receive_file(
            access=company.access("data_steward"), source=Source.objects.get(name=source),
            path=path, name=path.name, at=NOON, kind="sales_lines", take_sure=True,
        )  # fmt: skip
    assert run.questions == []
    return run


def go(company, run: Run, clock: Clock) -> str:
    """Take the run on; return its state, or what ended it."""
    with system_context("a run for a test"):
        run = Run.objects.get(pk=run.pk)
    try:
        with connection.execute_wrapper(clock):
            access = company.access("data_steward")
            return advance(run, access, at=NOON + timedelta(minutes=1), confirmed=True).state
    except Died:
        return "died"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def books(run: Run) -> dict[str, object]:
    """Return what stands in the books of a run's source, and what the run says of itself."""
    with system_context("a test looks"):
        run = Run.objects.get(pk=run.pk)
        of = {"source": run.source}
        return {
            "totals": (run.read, run.accepted, run.rejected, run.skipped, run.written),
            "documents": set(Invoice.objects.filter(**of).values_list("number", "net_minor")),
            "lines": InvoiceLine.objects.filter(invoice__source=run.source).count(),
            "accounts": SourceRecord.objects.filter(**of).count(),
            "rejected": list(
                RejectedRow.objects.filter(run=run).order_by("row_no").values_list("row_no", "code")
            ),
        }


@pytest.mark.slow
def test_a_run_that_dies_at_a_statement_ends_like_one_that_did_not(company, tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "TRANSACTION_ROWS", 8)
    monkeypatch.setattr(loading, "UNITS", 3)
    path = tmp_path / "sales.csv"
    sales_file.write(path, rows=ROWS, seed=3)
    path.write_text(path.read_text().replace(",EUR", ",EUR", 1).replace(".", "x.", 1))
    calm = received(company, path, "calm")
    clock = Clock(None)
    assert go(company, calm, clock) == "done"
    wanted = books(calm)
    assert wanted["totals"][0] == ROWS
    assert wanted["rejected"]
    assert clock.count > 6
    for at in range(1, clock.count + 1):
        run = received(company, path, f"shop-{at}")
        assert go(company, run, Clock(at)) == "died"
        assert go(company, run, Clock(None)) == "done", at
        assert books(run) == wanted, at
