"""What a kept plan or a late day would break, in one session."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from clientela.records.models import ClassRun, Customer
from clientela.records.results import CustomerClasses, Statement
from clientela.records.selectors import ledger_facts
from clientela.records.services import keep_classes, state
from clientela.records.services.sources import make_source
from clientela.store.bulk import execute
from clientela.store.context import system_context
from tests.factories import NOON, make_company

MANY = 20_000
LIMIT = "25s"  # with the plan of one row it is 400 million comparisons; else a second or two


_CUSTOMERS = """
insert into records_customer (public_id, kind, stage, org_node_id, name, sort_key, facts, provenance,
    first_known_on)
select gen_random_uuid(), 'company', 'customer', %s, 'Firm ' || n, 'firm ' || n, '{}', '{}',
    date '2025-01-01'
from generate_series(1, %s) n"""


def _classes(ids: list[int]) -> list[CustomerClasses]:
    return [
        CustomerClasses(
            customer_id=i, abc="A", segment="new", net_sales_base_minor=1, last_purchase_on=None
        )
        for i in ids
    ]


@pytest.mark.slow
class TestTriggersOnManyRows:
    def test_do_not_keep_the_plan_of_a_call_with_one_row(self, db: Any) -> None:
        company = make_company()
        with system_context("test"):
            execute(_CUSTOMERS, [company.nodes["madrid"].pk, MANY])
            ids = list(Customer.objects.values_list("pk", flat=True))
            with connection.cursor() as cursor:
                cursor.execute(f"set local statement_timeout = '{LIMIT}'")
            first = keep_classes(
                _classes(ids[:1]), as_of=date(2026, 6, 1), snapshot=1, parameters={}, at=NOON
            )
            rest = keep_classes(
                _classes(ids), as_of=date(2026, 6, 1), snapshot=1, parameters={}, at=NOON
            )
        assert (first, rest) == (1, MANY - 1)


class TestAHistoryTakenOver:
    def test_is_known_from_the_day_that_it_says(self, db: Any) -> None:
        company = make_company()
        then = NOON - timedelta(days=400)
        with system_context("test"):
            source = make_source(name="erp", node_id=company.nodes["group"].pk, at=NOON, by="test")
            said = [
                Statement(key="k", kind="company", attributes={"name": "Old"}, known_at=then),
                Statement(key="k", kind="company", attributes={"name": "New"}),
            ]
            answers = state(said, source_id=source.pk, author="test", at=NOON)
            customer = answers[0].customer_id
            before = ledger_facts(customer, true_on=then.date(), known_on=then)
            earlier = ledger_facts(customer, true_on=then.date(), known_on=then - timedelta(days=1))
        assert [answer.outcome for answer in answers] == ["new", "changed"]
        assert [fact.value for fact in before] == ["Old"]
        assert earlier == []


class TestCustomersWhoNeverBought:
    def test_are_not_written_when_classes_come_in(self, db: Any) -> None:
        company = make_company()
        with system_context("test"):
            execute(_CUSTOMERS, [company.nodes["madrid"].pk, 3])
            never, once, gone = Customer.objects.order_by("pk").values_list("pk", flat=True)
            said = {"as_of": date(2026, 6, 1), "parameters": {}, "at": NOON}
            assert keep_classes(_classes([once, gone]), snapshot=1, **said) == 2
            empty = CustomerClasses(
                customer_id=never, abc=None, segment=None, net_sales_base_minor=0,
                last_purchase_on=None,
            )  # fmt: skip
            looked_at = [empty, *_classes([once]), replace(empty, customer_id=gone)]
            assert keep_classes(looked_at, snapshot=2, **said) == 1  # what it had is taken away
            rows = Customer.objects.order_by("pk").values_list("abc_class", "net_sales_base_minor")
            assert list(rows) == [(None, None), ("A", 1), (None, None)]
            assert ClassRun.objects.latest("pk").customers == 3
