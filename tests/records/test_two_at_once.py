"""Two who write of the same customers at the same time."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from clientela.records.models import Customer, RecordVersion, Source
from clientela.records.results import Statement
from clientela.records.services import (
    archive_customer,
    correct_customer,
    rebuild,
    retract_run,
    state,
)
from clientela.records.services.desk import FileTakenBack
from clientela.records.services.sources import ensure_source, make_source
from clientela.records.services.standing import ChangedMeanwhile, standing_of
from clientela.security.permits import Access
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from tests.factories import NOON, make_company
from tests.waiting import look_on_until

RUN = 77


def said(name: str) -> list[Statement]:
    return [
        Statement(key=key, kind="company", attributes={"name": f"{name} {key}"})
        for key in ("K1", "K2")
    ]


def test_open_it_once_and_the_later_one_changes_it(fresh_database: Any) -> None:
    company = make_company()
    with system_context("a source for a test"):
        node = company.nodes["madrid"].pk
        make_source(name="till", node_id=node, at=NOON, by="test", settlement="unknown")
        source_id = Source.objects.get(name="till").pk
    ended: list[str] = []

    def second() -> None:
        try:
            with system_context("the second import"):
                answers = state(said("Late"), source_id=source_id, author="b", at=NOON)
            ended.extend(one.outcome for one in answers)
        finally:
            connection.close()

    other = Thread(target=second)
    with system_context("the first import"):
        state(said("Early"), source_id=source_id, author="a", at=NOON)
        other.start()
        assert look_on_until(1, other.is_alive)
    other.join(30)
    assert ended == ["changed", "changed"]
    with system_context("a test looks"):
        assert sorted(Customer.objects.values_list("name", flat=True)) == ["Late K1", "Late K2"]
        assert RecordVersion.objects.count() == 4


def at_the_desk(access: Access, public_id: str, how: str, ended: list[str]) -> None:
    try:
        with system_context("somebody at a desk"):
            given = {"access": access, "public_id": public_id, "at": NOON}
            if how == "reopened":
                archive_customer(**given, archived=False)
            else:
                correct_customer(**given, changes={"city": "Toledo"})
        ended.append(how)
    except FileTakenBack as refused:
        ended.append(refused.reasons[0].code)
    finally:
        connection.close()


@pytest.mark.parametrize("how", ["reopened", "corrected"])
def test_a_file_that_is_emptied_meanwhile_is_not_worked_on(fresh_database: Any, how: str) -> None:
    """Whoever waits for a customer looks at it again, and holds nobody else up meanwhile."""
    company = make_company()
    access = company.access("data_steward")
    with system_context("an import for a test"):
        node = company.nodes["madrid"].pk
        make_source(name="till", node_id=node, at=NOON, by="test", settlement="unknown")
        source_id = Source.objects.get(name="till").pk
        state(said("Firm"), source_id=source_id, author="a", at=NOON, run_id=RUN)
        one = Customer.objects.order_by("pk")[0]
    ended: list[str] = []
    waiting = Thread(target=at_the_desk, args=[access, str(one.public_id), how, ended])
    with system_context("the import is taken back"):
        retract_run(run_id=RUN, by="a", at=NOON)
        waiting.start()
        assert look_on_until(1, waiting.is_alive)
        desk = Source.objects.filter(name="desk").values_list("pk", flat=True).first()
        if desk is not None:  # it waits for the customer, and holds no desk
            assert fetch("select pg_try_advisory_xact_lock(7302, %s)", [desk]) == [(True,)]
    waiting.join(30)
    assert ended == ["customer_taken_back"]
    with system_context("a test looks"):
        assert Customer.objects.filter(archived_at=None).count() == 0
        assert rebuild(at=NOON, check_only=True).differences == 0


@pytest.mark.parametrize("how", ["desk", "corrected"])
def test_who_comes_second_gets_the_source_that_the_first_made(
    fresh_database: Any, how: str
) -> None:
    """The first corrections ever, by several at once."""
    company = make_company()
    access = company.access("data_steward")
    with system_context("an import for a test"):
        node = company.nodes["madrid"].pk
        source = make_source(name="till", node_id=node, at=NOON, by="test", settlement="unknown")
        state(said("Firm"), source_id=source.pk, author="a", at=NOON)
        one = Customer.objects.order_by("pk")[0]
    ended: list[str] = []

    def second() -> None:
        try:
            if how == "corrected":
                at_the_desk(access, str(one.public_id), how, ended)
            else:
                with system_context("the second"):
                    ended.append(ensure_source("desk", at=NOON, by="b").created_by)
        finally:
            connection.close()

    other = Thread(target=second)
    with system_context("the first"):
        ensure_source("desk", at=NOON, by="a")
        other.start()
        assert look_on_until(1, other.is_alive)
    other.join(30)
    assert ended == ["a" if how == "desk" else how]
    with system_context("a test looks"):
        assert Source.objects.filter(name="desk").count() == 1


def test_who_waits_looks_at_what_the_other_made_of_it(fresh_database: Any) -> None:
    """Between looking at a value and writing over it nobody else gets in, whatever their clocks say."""
    company = make_company()
    access = company.access("data_steward")
    with system_context("a customer for a test"):
        node = company.nodes["madrid"].pk
        source = make_source(name="till", node_id=node, at=NOON, by="test", settlement="unknown")
        state(said("Firm"), source_id=source.pk, author="a", at=NOON)
        one = Customer.objects.order_by("pk")[0]
        shown = standing_of(access, one, at=NOON).imprints
    given = {"access": access, "public_id": str(one.public_id)}
    ended: list[str] = []

    def second() -> None:
        try:
            with system_context("the second"):
                correct_customer(**given, changes={"city": "Soria"}, seen=shown, at=NOON)
            ended.append("written")
        except ChangedMeanwhile as refused:
            ended.extend(reason.params["field"] for reason in refused.reasons)
        finally:
            connection.close()

    other = Thread(target=second)
    with system_context("the first"):
        correct_customer(
            **given, changes={"city": "Toledo"}, seen=shown, at=NOON + timedelta(hours=1)
        )
        other.start()
        assert look_on_until(1, other.is_alive)
    other.join(30)
    assert ended == ["city"]
    with system_context("a test looks"):
        assert Customer.objects.get(pk=one.pk).city == "Toledo"
