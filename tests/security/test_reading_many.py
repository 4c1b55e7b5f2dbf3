"""Whoever is shown more customers than one event names leaves several: each customer is named."""

from clientela.audit.models import Event
from clientela.audit.selectors import EventFilters, every_event
from clientela.audit.services import MOST_CUSTOMERS
from clientela.security.services.reading import record_reading
from clientela.store.reading import Read
from tests.factories import NOON


def test_every_customer_of_a_long_list_is_named(db):
    shown = set(range(1, 2 * MOST_CUSTOMERS + 6))
    record_reading(Read(kinds={"analysis": shown}), at=NOON, where="a list")
    events = Event.objects.filter(act="records.customer.read")
    assert sorted(one.rows for one in events) == [5, MOST_CUSTOMERS, MOST_CUSTOMERS]
    assert {id_ for one in events for id_ in one.customer_ids} == shown
    assert every_event(EventFilters(customer=max(shown))).count() == 1


def test_who_was_shown_nobody_leaves_none(db):
    record_reading(Read(), at=NOON, where="a list")
    assert not Event.objects.exists()
