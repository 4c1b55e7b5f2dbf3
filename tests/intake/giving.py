"""Files of one source brought in to their end, and what became of their rows."""

from collections.abc import Callable
from pathlib import Path

from clientela.intake.models import RejectedRow, Run
from clientela.intake.selectors import report_of
from clientela.intake.services import advance, receive_file
from clientela.records.services import source_for_import
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from tests.factories import NOON, Company, make_company


def company_with_a_till() -> Company:
    """Return a company whose branch in Madrid has a source named till."""
    company = make_company()
    with system_context("a source for a test"):
        node = company.nodes["madrid"].pk
        make_source(name="till", node_id=node, at=NOON, by="test", settlement="unknown")
    return company


def giver(company: Company, folder: Path, *, kind: str, source: str = "shop") -> Callable[..., Run]:
    """Return a function: the run of a file that asks nothing, every row of it accounted for.

    :param kind: of a file of which nothing else is said. One of payments tells of payment.
    """
    access = company.access("data_steward")
    files = iter(range(100))

    def receive(content: str, kind: str = kind, **more: object) -> Run:
        path = folder / f"{next(files)}.csv"
        path.write_text(content, encoding="utf-8")
        if kind == "payments":
            more.setdefault("answers", {"settlement": "known"})
        with system_context("a file for a test"):
            found = source_for_import(access=access, name=source, at=NOON)
            run, _ = receive_file(
                access=access, source=found, path=path, name=path.name, at=NOON, kind=kind,
                take_sure=True, **more,
            )  # fmt: skip
        assert run.questions == []
        run = advance(run, access, at=NOON, confirmed=True)
        assert (run.state, run.read) == ("done", run.accepted + run.rejected + run.skipped)
        return run

    return receive


def totals(run: Run) -> tuple[int, int, int, int]:
    """Return the rows read, accepted, rejected and skipped."""
    return (run.read, run.accepted, run.rejected, run.skipped)


def reasons(run: Run) -> dict[str, tuple[str, int]]:
    """Return outcome and rows by reason, as the report of a run says."""
    with system_context("a test looks"):
        return {one.code: (one.outcome, one.rows) for one in report_of(run).by_reason}


def aside(run: Run) -> list[tuple[int, str, str]]:
    """Return row, reason and unit of what was set aside."""
    with system_context("a test looks"):
        rows = RejectedRow.objects.filter(run=run).order_by("row_no")
        return list(rows.values_list("row_no", "code", "unit"))
