"""What was stated to be true from a coming day is brought into the customer's row when it comes.

A version that is not true yet is remembered in the transaction that writes it, so none is missed:
not one that commits after midnight, not one of a machine that was off for a week.
"""

from datetime import datetime

from django.db import transaction

from clientela.records.services.projection import BATCH, project
from clientela.store.bulk import fetch
from clientela.store.context import system_context

_DUE = """
    with due as (
        delete from records_comingfact where id in (
            select id from records_comingfact where due_at <= %s
            order by due_at, id limit %s for update skip locked)
        returning source_record_id)
    select distinct l.customer_id from due
    left join records_link l on l.source_record_id = due.source_record_id and l.ended_at is null"""


def bring_due(*, at: datetime) -> int:
    """Make the rows anew of all customers of whom something came true by `at`; return their number.

    In batches, each a transaction: what was brought in is no longer remembered, together or not
    at all. Two at a time share the work.
    """
    brought = 0
    while True:
        with system_context("what was stated for a coming day is true now"), transaction.atomic():
            found = fetch(_DUE, [at, BATCH])
            customers = {customer for (customer,) in found if customer is not None}
            brought += project(customers, at=at)
        if not found:
            return brought
