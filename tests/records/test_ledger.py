"""The ledger against its replay in plain Python, over random histories."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientela.records.models import Customer, Link, RecordVersion, TrustRule
from clientela.records.results import Statement
from clientela.records.selectors import ledger_facts, whole_log
from clientela.records.services import bring_due, link_record, project, rebuild, retract_run, state
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from tests.examples import examples
from tests.factories import NOON, add_customer, make_company
from tests.records.replay import facts

ATTRIBUTES = ("name", "city", "industry", "phone#office", "phone#home")
values = st.one_of(st.none(), st.sampled_from(["Lyon", "Leiden", "Lima"]))
versions = st.fixed_dictionaries(
    {
        "act": st.just("state"),
        "source": st.integers(0, 2),
        "key": st.integers(0, 1),
        "said": st.dictionaries(st.sampled_from(ATTRIBUTES), values, min_size=1, max_size=3),
        "true_days_ago": st.one_of(st.none(), st.integers(-3, 60)),
        "run": st.one_of(st.none(), st.integers(0, 3)),
    }
)
acts = st.one_of(
    versions,
    versions,
    st.fixed_dictionaries({"act": st.just("retract"), "run": st.integers(0, 3)}),
    st.fixed_dictionaries(
        {
            "act": st.just("trust"),
            "source": st.integers(0, 2),
            "attribute": st.sampled_from(["", "city", "phone"]),
            "trust": st.integers(0, 100),
        }
    ),
    st.fixed_dictionaries({"act": st.just("move"), "which": st.integers(0, 9)}),
)
moments = st.tuples(st.integers(-70, 8), st.integers(-1, 65))


class History:
    """Carries out drawn acts, one in five hours, and remembers whom they touched."""

    runs = 0

    def __init__(self, kind: str) -> None:
        History.runs += 10
        self.kind, self.at, self.customers = kind, NOON, set()
        name = f"source-{History.runs}"
        node = make_company.company.nodes["group"]
        self.sources = [
            make_source(name=f"{name}-{n}", node_id=node.pk, at=NOON - timedelta(days=1), by="t")
            for n in range(3)
        ]
        self.records: list[int] = []
        self.retracted: set[int] = set()

    def do(self, act: dict) -> None:
        self.at += timedelta(hours=5)
        bring_due(at=self.at)  # as the job does, every few minutes
        getattr(self, act["act"])(act)

    def state(self, act: dict) -> None:
        run = None if act["run"] is None else History.runs + act["run"]
        if run in self.retracted:
            run = None
        ago = act["true_days_ago"]
        said = Statement(
            key=str(act["key"]),
            kind=self.kind,
            attributes=act["said"],
            true_from=None if ago is None else (self.at - timedelta(days=ago)).date(),
        )
        source = self.sources[act["source"]]
        (done,) = state([said], source_id=source.pk, author="t", at=self.at, run_id=run)
        self.customers.add(done.customer_id)
        if done.source_record_id not in self.records:
            self.records.append(done.source_record_id)

    def retract(self, act: dict) -> None:
        run = History.runs + act["run"]
        if run not in self.retracted:
            self.retracted.add(run)
            retract_run(run_id=run, by="t", at=self.at)

    def trust(self, act: dict) -> None:
        source = self.sources[act["source"]]
        TrustRule.objects.create(
            source=source,
            attribute=act["attribute"],
            trust=act["trust"],
            set_at=self.at,
            set_by="t",
        )
        project(self.customers, at=self.at)

    def move(self, act: dict) -> None:
        if len(self.records) > 1:
            record = self.records[act["which"] % len(self.records)]
            into = sorted(self.customers)[act["which"] % len(self.customers)]
            link_record(source_record_id=record, customer_id=into, by="t", at=self.at)


@contextmanager
def undone():
    """One history alone: its rows go, and the locks of the temporary tables it made with them.

    Without it all histories stand in the one transaction of the test, and their thousands of
    temporary tables fill the server's table of locks.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(db):
    make_company.company = make_company()
    return make_company.company


class TestLedger:
    @pytest.mark.parametrize("kind", ["company", "person"])
    @settings(
        max_examples=examples(60),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        deadline=None,
    )
    @given(history=st.lists(acts, min_size=1, max_size=12), asked=st.lists(moments, max_size=4))
    def test_equals_its_replay_on_any_day_as_known_at_any_hour(self, company, kind, history, asked):
        with system_context("a test of the ledger"), undone():
            past = History(kind)
            for act in history:
                past.do(act)
            now = (past.at.date(), past.at)
            instants = [
                ((NOON + timedelta(days=t)).date(), NOON + timedelta(hours=k)) for t, k in asked
            ]
            for customer in past.customers:
                log = list(whole_log(customer))
                for true_on, known_on in [now, *instants]:
                    found = ledger_facts(customer, true_on=true_on, known_on=known_on)
                    ours = {fact.attribute: fact.version_id for fact in found}
                    theirs = facts(log, customer=customer, true_on=true_on, known_on=known_on)
                    assert ours == theirs
                self.check_row(customer, log, past)

    def check_row(self, customer, log, past):
        row = Customer.objects.filter(pk=customer).first()
        expected = facts(log, customer=customer, true_on=past.at.date(), known_on=past.at)
        if Link.objects.filter(customer_id=customer, ended_at=None).exists():
            assert row.provenance == expected
            assert (row.archived_at is not None) == (not expected)

    def test_rebuilds_every_customer_without_a_difference(self, company):
        with system_context("a test of the ledger"):
            for n in range(7):
                add_customer(company, node="madrid", name=f"Taller {n}", city="Madrid")
                add_customer(company, node="sevilla", kind="person", name=f"李{n}", phone="+34911")
            found = rebuild(at=NOON, check_only=True)
            assert (found.customers, found.differences) == (14, 0)

    def test_finds_a_customer_row_that_was_changed_behind_its_back(self, company):
        with system_context("a test of the ledger"):
            customer = add_customer(company, node="madrid")
            Customer.objects.filter(pk=customer).update(city="Nowhere")
            assert rebuild(at=NOON, check_only=True).differences == 1
            rebuild(at=NOON, check_only=False)
            assert rebuild(at=NOON, check_only=True).differences == 0

    def test_says_nothing_new_when_told_the_same_again(self, company):
        with system_context("a test of the ledger"):
            add_customer(company, node="madrid", key="1")
            before = RecordVersion.objects.count()
            add_customer(company, node="madrid", key="1")
            assert RecordVersion.objects.count() == before


class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "update records_recordversion set author = 'me'",
            "delete from records_recordversion",
            "truncate records_recordversion",
            "update records_link set customer_id = 1",
            "update records_link set ended_at = now(), ended_by = 'me', weight = 3",
            "delete from records_link",
            "truncate records_link cascade",
        ],
    )
    def test_is_held_against_the_application(self, company, statement):
        add_customer(company, node="madrid")
        with system_context("a test"), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)

    def test_is_held_against_the_owner_of_the_tables(self, fresh_database):
        with psycopg.connect(fresh_database.owner) as owner:
            owner.execute("select set_config('clientela.sees_all', 'on', true)")
            owner.execute("insert into records_retraction values (5, now(), 'me', '')")
            for verb in ("delete from", "truncate"):
                with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
                    owner.execute(f"{verb} records_retraction")
