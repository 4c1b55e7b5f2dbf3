"""The branch of a customer of which nobody states one: that of the source which told of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clientela.records.models import Customer, Source
from clientela.records.results import Statement
from clientela.records.services import correct_customer, link_record, rebuild, state
from clientela.records.services.sources import make_source
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from tests.factories import NOON, make_company


@pytest.fixture
def company(db):
    company = make_company()
    with system_context("sources of two places"):
        for name, node in (("erp", "madrid"), ("web", "group")):
            make_source(name=name, node_id=company.nodes[node].pk, at=NOON, by="test")
    return company


def told(source: str, key: str) -> Customer:
    with system_context("a source tells"):
        (answer,) = state(
            [Statement(key=key, kind="company", attributes={"name": "Yota Uno", "country": "ES"})],
            source_id=Source.objects.get(name=source).pk, author="test", at=NOON,
        )  # fmt: skip
        return Customer.objects.get(pk=answer.customer_id)


def branch_of(customer: Customer) -> str:
    with system_context("a test looks"):
        return Customer.objects.get(pk=customer.pk).org_node.code


def test_stays_when_a_fact_is_corrected_at_a_desk(company) -> None:
    customer = told("erp", "Y1")
    assert branch_of(customer) == "madrid"
    access, at = company.access("data_steward"), timezone.now()
    with database_context(context_of(access)):
        correct_customer(
            access=access, public_id=str(customer.public_id), changes={"city": "Toledo"}, at=at,
        )  # fmt: skip
    assert branch_of(customer) == "madrid"
    with system_context("a rebuild"):
        assert rebuild(at=at, check_only=True).differences == 0


def test_is_that_of_the_first_source_of_several(company) -> None:
    customer, other = told("erp", "Y1"), told("web", "W1")
    with system_context("they are one"):
        record = other.links.get().source_record
        link_record(
            source_record_id=record.pk,
            customer_id=customer.pk,
            by="test",
            at=NOON + timedelta(days=1),
        )
    assert branch_of(customer) == "madrid"
