"""What people say at the desk reaches the customer that they said it of, and nobody else."""

from datetime import timedelta
from importlib import import_module

import pytest

from clientela.audit.models import Event
from clientela.kernel.reasons import Invalid
from clientela.records.models import Customer, Link, RecordVersion, Source, SourceRecord
from clientela.records.results import Statement
from clientela.records.services import (
    add_customer,
    archive_customer,
    correct_customer,
    link_record,
    rebuild,
    retract_run,
    state,
)
from clientela.records.services.desk import DESK_KEY, RecordElsewhere
from clientela.records.services.sources import DESK, ensure_source, make_source
from clientela.store.bulk import reserve_ids
from clientela.store.context import system_context
from tests.factories import NOON, Company, make_company
from tests.factories import add_customer as told_of

LATER = NOON + timedelta(hours=1)
RUN = 81


@pytest.fixture
def company(db: None) -> Company:
    made = make_company()
    with system_context("customers for a test"):
        told_of(made, node="madrid", name="One", key="1", city="Madrid")
        told_of(made, node="madrid", name="Other", key="2", city="Sevilla")
    return made


def customer(key: str) -> Customer:
    with system_context("a look"):
        link = Link.objects.get(
            source_record__key=key, source_record__source__name="erp", ended_at=None
        )
        return Customer.objects.get(pk=link.customer_id)


def takes_the_key_of(one: Customer) -> int:
    """Let somebody import a file into the desk that says the desk's key of `one`."""
    with system_context("a file for the desk"):
        desk = ensure_source(DESK, at=NOON, by="system")
        said = Statement(
            key=DESK_KEY.format(one.pk), kind="company", attributes={"name": "Stranger"}
        )
        (answer,) = state([said], source_id=desk.pk, author="x", at=NOON, run_id=RUN)
        return answer.customer_id


def counts() -> tuple[int, int, int]:
    return RecordVersion.objects.count(), Event.objects.count(), SourceRecord.objects.count()


class TestARecordOfSomebodyElse:
    def test_takes_no_correction(self, company: Company) -> None:
        one = customer("1")
        other = takes_the_key_of(one)
        with system_context("a correction"):
            before = counts(), Customer.objects.filter(pk=other).values().get()
            with pytest.raises(RecordElsewhere) as refused:
                correct_customer(
                    access=company.access("data_steward"), public_id=str(one.public_id),
                    changes={"city": "Toledo"}, at=LATER,
                )  # fmt: skip
            assert refused.value.reasons[0].code == "desk_record_elsewhere"
            assert (counts(), Customer.objects.filter(pk=other).values().get()) == before
        assert customer("1").city == "Madrid"

    def test_takes_no_new_customer(self, company: Company) -> None:
        with system_context("a customer to be"):
            last = Customer.objects.order_by("-pk")[0]
            desk = ensure_source(DESK, at=NOON, by="system")
            said = [
                Statement(
                    key=DESK_KEY.format(last.pk + n), kind="company", attributes={"name": "X"}
                )
                for n in range(40, 50)
            ]
            state(said, source_id=desk.pk, author="x", at=NOON, run_id=RUN)
            reserve_ids("records_customer", 39 - len(said))
            before = counts()
            for _ in range(3):
                with pytest.raises(RecordElsewhere):
                    add_customer(
                        access=company.access("data_steward"), kind="company",
                        attributes={"name": "New"}, node_id=company.nodes["madrid"].pk, at=LATER,
                    )  # fmt: skip
            assert counts() == before

    def test_of_one_that_was_merged_is_the_survivors(self, company: Company) -> None:
        one, other = customer("1"), customer("2")
        access = company.access("data_steward")
        with system_context("a merge"):
            given = {"access": access, "public_id": str(one.public_id), "at": LATER}
            correct_customer(**given, changes={"website": "https://one.example"})
            for link in Link.objects.filter(customer=one, ended_at=None):
                link_record(
                    source_record_id=link.source_record_id, customer_id=other.pk, by="t", at=LATER
                )
            changed = correct_customer(**given, changes={"city": "Toledo"})
            assert (changed.pk, changed.city) == (other.pk, "Toledo")
            assert changed.facts["website"] == "https://one.example"
            record = SourceRecord.objects.get(source__name="erp", key="1")
            link_record(source_record_id=record.pk, customer_id=one.pk, by="t", at=LATER)
            with pytest.raises(RecordElsewhere):  # what was typed of it is still the other's
                correct_customer(**given, changes={"city": "Lugo"})
            assert Customer.objects.get(pk=other.pk).city == "Toledo"


class TestAFilePutAway:
    def put(self, company: Company, one: Customer, *, archived: bool) -> Customer:
        return archive_customer(
            access=company.access("data_steward"), public_id=str(one.public_id),
            archived=archived, at=LATER,
        )  # fmt: skip

    @pytest.mark.parametrize("attributes", [{"name": "Firm", "city": "Soria"}, {}])
    def test_stays_away_whatever_comes_and_is_taken_back(
        self, company: Company, attributes: dict[str, object]
    ) -> None:
        said = [Statement(key="K", kind="company", attributes=attributes)]
        with system_context("imports"):
            source = make_source(name="till", node_id=company.nodes["madrid"].pk, at=NOON, by="t")
            given = {"source_id": source.pk, "author": "t"}
            (answer,) = state(said, at=NOON, run_id=RUN, **given)
            one = Customer.objects.get(pk=answer.customer_id)
            self.put(company, one, archived=True)
            put = Customer.objects.get(pk=one.pk).archived_at
            for run in range(RUN, RUN + 3):
                at = LATER + timedelta(hours=run - RUN + 1)
                retract_run(run_id=run, by="t", at=at)
                self.stands(one, put)
                state(said, at=at, run_id=run + 1, **given)
                self.stands(one, put)
            self.put(company, one, archived=False)
            assert Customer.objects.get(pk=one.pk).archived_at is None
            retract_run(run_id=RUN + 3, by="t", at=at + timedelta(hours=1))
            assert Customer.objects.get(pk=one.pk).archived_at is not None
            state(said, at=at + timedelta(hours=2), run_id=RUN + 9, **given)
            self.stands(one, None)

    def stands(self, one: Customer, put: object) -> None:
        assert Customer.objects.get(pk=one.pk).archived_at == put
        assert rebuild(at=LATER + timedelta(days=1), check_only=True).differences == 0

    def test_is_told_from_an_emptied_one_on_upgrade(self, company: Company) -> None:
        """As the last release left them: every file that lies away looks alike."""
        keys = ("emptied", "put_away_first", "of_a_key", "to_come")
        told = {"name": "Firm"}
        said = [
            Statement(key="emptied", kind="company", attributes=told),
            Statement(key="put_away_first", kind="company", attributes=told),
            Statement(key="of_a_key", kind="company", attributes={}),
        ]
        later = Statement(
            key="to_come", kind="company", attributes=told, true_from=LATER.date() + timedelta(2000)
        )
        with system_context("files that lie away"):
            source = make_source(name="till", node_id=company.nodes["madrid"].pk, at=NOON, by="t")
            given = {"source_id": source.pk, "author": "t", "at": NOON}
            ids = [one.customer_id for one in state(said[:2], run_id=RUN, **given)]
            ids += [one.customer_id for one in state([said[2], later], run_id=RUN + 1, **given)]
            for ident in ids[1:3]:
                self.put(company, Customer.objects.get(pk=ident), archived=True)
            retract_run(run_id=RUN, by="t", at=LATER + timedelta(hours=1))
            rows = Customer.objects.filter(pk__in=ids).order_by("pk")
            right = dict(zip(keys, rows.values_list("is_emptied", flat=True), strict=True))
            Customer.objects.update(is_emptied=False)
            migration = import_module("clientela.records.migrations.0014_files_emptied")
            migration.mark(None, None)
            assert dict(zip(keys, rows.values_list("is_emptied", flat=True), strict=True)) == right
            assert right == dict.fromkeys(keys, False) | {"emptied": True, "to_come": True}
            assert rebuild(at=LATER + timedelta(days=1), check_only=True).differences == 0

    def test_is_put_away_once(self, company: Company) -> None:
        one = customer("1")
        with system_context("at the desk"):
            self.put(company, one, archived=False)
            assert not Event.objects.filter(act="records.customer.reopened").exists()
            first = self.put(company, one, archived=True).archived_at
            again = archive_customer(
                access=company.access("data_steward"), public_id=str(one.public_id),
                archived=True, at=LATER + timedelta(hours=1),
            )  # fmt: skip
            assert again.archived_at == first
            assert Event.objects.filter(act="records.customer.archived").count() == 1
            for _ in range(2):
                assert self.put(company, one, archived=False).archived_at is None
            assert Event.objects.filter(act="records.customer.reopened").count() == 1


def test_a_name_that_is_taken_is_still_refused(company: Company) -> None:
    with system_context("a source"), pytest.raises(Invalid):
        make_source(name="erp", node_id=company.nodes["madrid"].pk, at=NOON, by="t")
    with system_context("a source"):
        assert Source.objects.filter(name="erp").count() == 1
