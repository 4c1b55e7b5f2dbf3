"""An event and its effect are there together, or neither of them is."""

import pytest
from django.db import connection

from clientela.audit.models import Event
from clientela.records.models import Customer
from clientela.records.services import archive_customer, correct_customer
from clientela.security.models import Grant
from clientela.security.services.grants import end_grant
from clientela.store.context import system_context
from tests.factories import NOON, add_customer, make_company


class Died(Exception):
    """The process ends here."""


def dies_at(words):
    """Return a wrapper of statements that ends the process at the first one with `words`."""

    def wrapper(execute, sql, params, many, context):
        if words in sql.lower():
            raise Died
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


def archive(company, customer, grant):
    archive_customer(
        access=company.access("data_steward"), public_id=str(customer.public_id), archived=True,
        at=NOON,
    )  # fmt: skip


def correct(company, customer, grant):
    correct_customer(
        access=company.access("data_steward"), public_id=str(customer.public_id),
        changes={"city": "Toledo"}, at=NOON,
    )  # fmt: skip


def end(company, customer, grant):
    end_grant(access=company.access("administrator"), public_id=str(grant.public_id), at=NOON)


EVENTS = {
    archive: "records.customer.archived",
    correct: "records.customer.corrected",
    end: "security.grant.ended",
}


def state_of(customer, grant):
    customer = Customer.objects.get(pk=customer.pk)
    return customer.archived_at, customer.city, Grant.objects.get(pk=grant.pk).ended_at


@pytest.fixture
def stage(db):
    """A company, a customer and a grant, seen whole."""
    company = make_company()
    ident = add_customer(company, node="madrid", city="Madrid")
    with system_context("the test sees everything"):
        yield company, Customer.objects.get(pk=ident), Grant.objects.get(user__username="sales")


@pytest.mark.parametrize("act", [archive, correct, end])
class TestService:
    def test_has_its_effect_and_its_event(self, stage, act):
        company, customer, grant = stage
        before = state_of(customer, grant)
        act(company, customer, grant)
        assert state_of(customer, grant) != before
        assert Event.objects.filter(act=EVENTS[act]).count() == 1

    def test_that_cannot_write_its_event_has_no_effect(self, stage, act):
        company, customer, grant = stage
        before = state_of(customer, grant)
        with dies_at('insert into "audit_event"'), pytest.raises(Died):
            act(company, customer, grant)
        assert not connection.needs_rollback  # it undid its own part
        assert state_of(customer, grant) == before

    def test_that_fails_in_its_effect_leaves_no_event(self, stage, act):
        company, customer, grant = stage
        before, events = state_of(customer, grant), Event.objects.count()
        words = {archive: 'update "records_customer"', end: 'update "security_grant"'}
        with dies_at(words.get(act, "records_recordversion")), pytest.raises(Died):
            act(company, customer, grant)
        assert Event.objects.count() == events
        assert state_of(customer, grant) == before
