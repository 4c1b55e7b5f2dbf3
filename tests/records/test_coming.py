"""What is stated for a coming day stands in the customer's row from that day on, and not before."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from clientela.records.models import ComingFact, Customer, RecordVersion
from clientela.records.results import Statement
from clientela.records.services import bring_due, rebuild, retract_run, state
from clientela.records.services.sources import make_source
from clientela.records.tasks import bring_due_facts
from clientela.store.context import system_context
from tests.factories import NOON, make_company

MIDNIGHT = NOON.replace(hour=0) + timedelta(days=1)
TOMORROW = MIDNIGHT.date()


@pytest.fixture
def source(db) -> int:
    company = make_company()
    with system_context("a source"):
        at = NOON - timedelta(days=9)
        return make_source(name="erp", node_id=company.nodes["group"].pk, at=at, by="t").pk


def say(source: int, key: str, city: str, true_from: date | None = None, **more) -> int:
    said = {"city": city} if true_from else {"name": f"Taller {key}", "city": city}
    with system_context("a statement"):
        (done,) = state(
            [Statement(key=key, kind="company", attributes=said, true_from=true_from)],
            source_id=source, author="t", at=more.pop("at", NOON), **more,
        )  # fmt: skip
    return done.customer_id


def city(customer: int) -> str:
    with system_context("a look"):
        return Customer.objects.get(pk=customer).city


class TestComingFact:
    def test_stands_in_the_row_from_its_day_on(self, source):
        customer = say(source, "1", "Lugo")
        say(source, "1", "Vigo", TOMORROW)
        assert bring_due(at=MIDNIGHT - timedelta(microseconds=1)) == 0
        assert city(customer) == "Lugo"
        assert bring_due(at=MIDNIGHT) == 1
        assert city(customer) == "Vigo"
        with system_context("a check"):
            assert rebuild(at=MIDNIGHT, check_only=True).differences == 0

    def test_is_brought_in_once(self, source):
        customer = say(source, "1", "Lugo")
        say(source, "1", "Vigo", TOMORROW)
        assert (bring_due(at=MIDNIGHT), bring_due(at=MIDNIGHT)) == (1, 0)
        assert not ComingFact.objects.exists()
        assert city(customer) == "Vigo"

    def test_waits_for_a_machine_that_was_off(self, source):
        customers = [say(source, str(n), "Lugo") for n in range(3)]
        for n, days in enumerate((1, 20, 40)):
            say(source, str(n), "Vigo", NOON.date() + timedelta(days=days))
        assert bring_due(at=NOON + timedelta(days=30)) == 2
        assert [city(customer) for customer in customers] == ["Vigo", "Vigo", "Lugo"]

    def test_of_a_new_customer_opens_the_file_on_its_day(self, source):
        customer = say(source, "1", "Vigo", TOMORROW)
        with system_context("a look"):
            assert Customer.objects.get(pk=customer).archived_at is not None
        bring_due(at=MIDNIGHT)
        with system_context("a look"):
            opened = Customer.objects.get(pk=customer)
            assert (opened.archived_at, opened.city) == (None, "Vigo")

    def test_that_was_taken_back_changes_nothing(self, source):
        customer = say(source, "1", "Lugo")
        say(source, "1", "Vigo", TOMORROW, run_id=77)
        with system_context("taking back"):
            retract_run(run_id=77, by="t", at=NOON + timedelta(hours=1))
        assert bring_due(at=MIDNIGHT) == 0
        assert city(customer) == "Lugo"

    def test_is_not_remembered_of_what_is_true_already(self, source):
        say(source, "1", "Lugo")
        say(source, "1", "Vigo", NOON.date())
        assert not ComingFact.objects.exists()

    def test_is_remembered_together_with_its_version_or_not_at_all(self, source):
        with transaction.atomic():
            say(source, "1", "Vigo", TOMORROW)
            transaction.set_rollback(True)
        with system_context("a look"):
            assert not RecordVersion.objects.exists()
        assert not ComingFact.objects.exists()

    def test_comes_true_in_many_batches(self, source, monkeypatch):
        monkeypatch.setattr("clientela.records.services.coming.BATCH", 4)
        customers = [say(source, str(n), "Lugo") for n in range(10)]
        for n in range(10):
            say(source, str(n), "Vigo", TOMORROW)
        with connection.cursor() as cursor:  # records of nobody, as after an erasure
            cursor.execute(
                "insert into records_comingfact (source_record_id, due_at)"
                " select 900000 + n, '2020-01-01' from generate_series(1, 9) n"
            )
        assert bring_due(at=MIDNIGHT) == 10
        assert {city(customer) for customer in customers} == {"Vigo"}

    def test_is_looked_for_by_a_job(self, source):
        customer = say(source, "1", "Lugo")
        say(source, "1", "Vigo", TOMORROW)
        bring_due_facts(timestamp=0)  # the clock of the test stands after that day
        assert city(customer) == "Vigo"
