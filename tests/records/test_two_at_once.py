"""Two imports of one source that name the same new customer at the same time."""

from threading import Thread
from time import monotonic, sleep
from typing import Any

from django.db import connection

from clientela.records.models import Customer, RecordVersion, Source
from clientela.records.results import Statement
from clientela.records.services import state
from clientela.records.services.sources import make_source
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from tests.factories import NOON, make_company

WAITING = "select count(*) from pg_locks where not granted"


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
        waiting, until = 0, monotonic() + 30
        while other.is_alive() and not waiting and monotonic() < until:
            waiting = fetch(WAITING)[0][0]
            sleep(0.05)
        assert waiting
    other.join(30)
    assert ended == ["changed", "changed"]
    with system_context("a test looks"):
        assert sorted(Customer.objects.values_list("name", flat=True)) == ["Late K1", "Late K2"]
        assert RecordVersion.objects.count() == 4
