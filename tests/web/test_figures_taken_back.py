"""An import that was taken back or cancelled leaves nobody in the figures, until it comes again."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from clientela.analysis.services import ask, bring_up_to_date
from clientela.analysis.services.question import question
from clientela.intake.models import Run
from clientela.intake.services import advance, cancel_run, loading, receive_file, take_back
from clientela.intake.services.locking import RunStopped
from clientela.records.models import Customer, Source
from clientela.records.services import archive_customer
from clientela.security.selectors import context_of
from clientela.store.bulk import fetch
from clientela.store.context import database_context, system_context
from tests.factories import NOON
from tests.intake.test_interrupted import received
from tests.survival import sales_file
from tests.web.test_analyses import Trade
from tests.web.world import World

SOON = NOON + timedelta(minutes=1)

# Who is in ABC classes of the company, from the ledger and the documents alone: who has a
# document of the period in force, or of whom something is stated that nobody took back.
RECOUNT = """
select c.id from records_customer c
where exists (select from trade_invoice i where i.customer_id = c.id and i.voided_at is null
        and i.issued_on > %(since)s and i.issued_on <= %(until)s)
   or exists (select from records_link l
        join records_recordversion v on v.source_record_id = l.source_record_id
        where l.customer_id = c.id and l.ended_at is null and c.archived_at is null
          and not exists (select from records_retraction x where x.run_id = v.run_id))
order by 1"""
STALE = """
select id from records_customer where abc_class is not null and not exists (
    select from trade_invoice i where i.customer_id = records_customer.id and i.voided_at is null)"""


def listed(trade: World, on: date) -> list[int]:
    """Return who the steward is told of in ABC classes, by id."""
    access = trade.company.access("data_steward")
    with database_context(context_of(access)):
        asked = question("abc", at=timezone.now(), as_of=on, parameters={}, source=None)
        told = [row["customer"] for row in ask(access, asked).rows]
    with system_context("a test looks"):
        found = Customer.objects.filter(public_id__in=told)
        return sorted(found.values_list("pk", flat=True))


def recounted(on: date) -> list[int]:
    given = {"since": on.replace(year=on.year - 1), "until": on}
    with system_context("a test looks"):
        nodes = fetch("select id from security_orgnode where code = 'madrid'")[0]
        of_madrid = set(Customer.objects.filter(org_node_id=nodes[0]).values_list("pk", flat=True))
        return [row[0] for row in fetch(RECOUNT, given) if row[0] in of_madrid]


class TestFigures(Trade):
    ON = date(2026, 5, 1)

    @pytest.fixture
    def path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(loading, "UNITS", 3)
        path = tmp_path / "sales.csv"
        sales_file.write(path, rows=40, seed=3)
        return path

    def load(self, trade: World, run: Run) -> Run:
        access = trade.company.access("data_steward")
        return advance(run, access, at=SOON, confirmed=True)

    def again(self, trade: World, path: Path) -> Run:
        with system_context("a file for a test"):
            run, new = receive_file(
                access=trade.company.access("data_steward"),
                source=Source.objects.get(name="till"), path=path, name=path.name, at=SOON,
                kind="sales_lines", take_sure=True,
            )  # fmt: skip
        assert new
        return run

    def refreshed(self) -> None:
        bring_up_to_date(at=timezone.now())

    def test_follow_an_import_back_and_forth(self, trade: World, path: Path) -> None:
        before = listed(trade, self.ON)
        run = self.load(trade, received(trade.company, path, "till"))
        self.refreshed()
        during = listed(trade, self.ON)
        assert (during, len(during) > len(before)) == (recounted(self.ON), True)
        with system_context("a test takes back"):
            take_back(
                access=trade.company.access("data_steward"), public_id=str(run.public_id), at=SOON
            )
        self.refreshed()
        assert listed(trade, self.ON) == recounted(self.ON) == before
        with system_context("a test looks"):
            assert fetch(STALE) == []
        self.load(trade, self.again(trade, path))
        self.refreshed()
        assert listed(trade, self.ON) == recounted(self.ON) == during

    def test_know_nobody_of_a_cancelled_import(self, trade: World, path: Path) -> None:
        before, access = listed(trade, self.ON), trade.company.access("data_steward")
        run = received(trade.company, path, "till")

        def stop(stage: str, done: int, of: int) -> None:
            if stage == "loading" and 0 < done < of:
                with system_context("a test cancels"):
                    cancel_run(access=access, public_id=str(run.public_id), at=SOON)

        with pytest.raises(RunStopped):
            advance(run, access, at=SOON, confirmed=True, progress=stop)
        self.refreshed()
        with system_context("a test looks"):
            assert Customer.objects.filter(facts={}).exclude(archived_at=None).exists()
        assert listed(trade, self.ON) == recounted(self.ON) == before

    def test_keep_the_sales_of_who_was_put_away(self, trade: World) -> None:
        before, access = listed(trade, self.ON), trade.company.access("data_steward")
        with system_context("a test puts away"):
            found = Customer.objects.filter(pk__in=before)[0]
            archive_customer(access=access, public_id=str(found.public_id), archived=True, at=SOON)
        self.refreshed()
        assert found.pk in before
        assert listed(trade, self.ON) == recounted(self.ON) == before
