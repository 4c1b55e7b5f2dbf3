"""A run that is stopped while it loads: nothing of it counts, and its file may come again."""

from datetime import timedelta

import pytest

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.intake.results import Totals
from clientela.intake.selectors import report_of
from clientela.intake.services import advance, cancel_run, loading, receive_file, told_if_failed
from clientela.intake.services.locking import RunStopped
from clientela.kernel.reasons import Conflict, Reason, Refused
from clientela.records.models import Customer, Source
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.factories import NOON, Company, make_company
from tests.intake.test_interrupted import received
from tests.survival import sales_file

ROWS = 40
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def company(db):
    return make_company()


@pytest.fixture
def run(company, tmp_path, monkeypatch) -> Run:
    monkeypatch.setattr(loading, "UNITS", 3)
    path = tmp_path / "sales.csv"
    sales_file.write(path, rows=ROWS, seed=3)
    path.write_text(path.read_text().replace(".", "x.", 1))  # one bad price
    return received(company, path, "till")


def cancel(company: Company, run: Run) -> Run:
    with system_context("a test cancels"):
        return cancel_run(
            access=company.access("data_steward"), public_id=str(run.public_id), at=SOON
        )


def go(company: Company, run: Run, *, then) -> Run:
    """Take the run on; do something once a part of its documents is in the books."""

    def seen(stage: str, done: int, of: int) -> None:
        if stage == "loading" and 0 < done < of:
            then()

    access = company.access("data_steward")
    with told_if_failed(run, SOON):
        return advance(run, access, at=SOON, confirmed=True, progress=seen)


def in_force() -> int:
    with system_context("a test looks"):
        return Invoice.objects.filter(source__name="till", voided_at=None).count()


def again(run: Run) -> Run:
    with system_context("a test looks"):
        return Run.objects.get(pk=run.pk)


def received_again(company: Company, path) -> Run:
    with system_context("a file for a test"):
        run, new = receive_file(
            access=company.access("data_steward"), source=Source.objects.get(name="till"),
            path=path, name=path.name, at=SOON, kind="sales_lines", take_sure=True,
        )  # fmt: skip
    assert new
    return run


def sales_documents(path) -> dict[str, list[str]]:
    """Return the prices of each document of a file."""
    documents: dict[str, list[str]] = {}
    for line in path.read_text().splitlines()[1:]:
        number, *_, price, _ = line.split(",")
        documents.setdefault(number, []).append(price)
    return documents


def whole_documents(path) -> set[str]:
    """Return the numbers of the documents without a bad price."""
    found = sales_documents(path).items()
    return {n for n, prices in found if all(p.replace(".", "").isdigit() for p in prices)}


def sales_numbers(run: Run) -> set[str]:
    with system_context("a test looks"):
        return set(Invoice.objects.filter(run_id=run.pk).values_list("number", flat=True))


class TestCancelled:
    def test_while_it_loads_takes_back_what_was_loaded(self, company, run):
        loaded: list[int] = []

        def stop() -> None:
            loaded.append(in_force())
            cancel(company, run)

        with pytest.raises(RunStopped, match="run_cancelled"):
            go(company, run, then=stop)
        assert loaded[0] > 0
        assert in_force() == 0
        ended = again(run)
        assert (ended.state, ended.file_path) == ("cancelled", "")
        with system_context("a test looks"):
            assert not Customer.objects.filter(archived_at=None).exclude(facts={}).exists()
            report = report_of(ended)
            event = Event.objects.get(act="intake.run.cancelled")
        rejected = ended.rejected
        assert rejected > 0
        assert report.totals == Totals(read=ROWS, rejected=rejected, skipped=ROWS - rejected)
        assert (report.state, report.written, report.amounts) == ("cancelled", {}, {})
        reasons = {(c.code, c.outcome): c.rows for c in report.by_reason}
        assert reasons["run_ended_early", "skipped"] == ROWS - rejected
        assert event.after["voided"]["invoice"] == loaded[0]
        assert report.taken_back["loaded"] == ended.loaded > 0
        assert report.taken_back["documents"] == {"invoices": loaded[0]}

    def test_leaves_its_file_to_come_again(self, company, run, tmp_path):
        with pytest.raises(RunStopped):
            go(company, run, then=lambda: cancel(company, run))
        second = received_again(company, tmp_path / "sales.csv")
        assert second.pk != run.pk
        done = go(company, second, then=lambda: None)
        assert done.state == "done"
        wanted = whole_documents(tmp_path / "sales.csv")
        with system_context("a test looks"):
            found = Invoice.objects.filter(source__name="till", voided_at=None)
            assert set(found.values_list("number", flat=True)) == wanted

    def test_cannot_be_what_has_ended(self, company, run):
        done = go(company, run, then=lambda: None)
        with pytest.raises(Conflict, match="run_cannot_be_cancelled"):
            cancel(company, done)
        assert in_force() == len(sales_numbers(done))


class TestFailed:
    def test_while_it_loads_leaves_nothing_half_written(self, company, run):
        def fail() -> None:
            assert in_force() > 0
            raise Refused(Reason(code="kept_file_lost"))

        with pytest.raises(Refused, match="kept_file_lost"):
            go(company, run, then=fail)
        ended = again(run)
        assert (ended.state, ended.error["code"], in_force()) == ("failed", "kept_file_lost", 0)
        assert (ended.read, ended.accepted) == (ROWS, 0)


PAID = "Payment No,Date,Amount,Currency,Customer No\nP1,2026-03-04,10.00,EUR,K1\n"


def test_what_was_answered_of_a_source_counts_once_its_file_is_loaded(company, tmp_path):
    path, access = tmp_path / "paid.csv", company.access("data_steward")
    path.write_text(PAID)

    def brought(**more):
        with system_context("a file of payments"):
            source = Source.objects.filter(name="bank").first() or make_source(
                name="bank", node_id=company.nodes["madrid"].pk, at=NOON, by="t",
                settlement="unknown",
            )  # fmt: skip
            run, _ = receive_file(
                access=access, source=source, path=path, name="paid.csv", at=NOON,
                kind="payments", take_sure=True, answers={"settlement": "known"}, **more,
            )  # fmt: skip
        return run

    def told():
        with system_context("a test looks"):
            return Source.objects.get(name="bank").settlement

    checked = advance(brought(), access, at=SOON, confirmed=False)
    assert (checked.state, told()) == ("ready", "unknown")
    cancel(company, checked)
    assert told() == "unknown"
    loaded = advance(brought(), access, at=SOON, confirmed=True)
    assert (loaded.state, told()) == ("done", "known")
