"""Ageing (C8): what customers owe, by days past due.

Buckets: not due, 1-30, 31-60, 61-90, 91-180, over 180 days past due at `as_of`; together they are
what is open. Amounts are in the currency of the documents, one row for each. `open_base_minor` is
the same in one currency for all: each document at the rate in force at `as_of`, null where there
is none. Credit notes that are not applied yet lower nothing here, and neither does money that no
invoice took: `unapplied_minor` says how much of both stands beside what is open (see `unapplied`).
Who has only that has a row as well, with nothing open, so that the rows add up to the total.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import counted, same, total, whole
from clientela.analysis.expressions.rates import with_rates
from clientela.analysis.expressions.receivables import (
    ALLOCATION_COLUMNS,
    BALANCE_OPTIONAL,
    BALANCE_READS,
    balances,
    billed,
    without_rate,
)
from clientela.analysis.expressions.spec import Analysis, Figure, Parameter, Tables
from clientela.analysis.expressions.unapplied import PAYMENT_COLUMNS, unapplied
from clientela.analysis.rules import AGEING_BUCKETS
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.payments import PAYMENTS

PER = Parameter(
    name="per",
    meaning="A row for each customer, or one in all.",
    type=str,
    default="customer",
    choices=("customer", "total"),
)


def buckets(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """How much do customers owe, and for how long past its due date?

    One row per customer and currency, or per currency; anonymous invoices have no customer, and
    neither have payments of which it is not known yet. Without a table of payments what is not
    applied is not known: null.
    """
    i = _beside(balances(with_rates(tables), period), unapplied(tables, period))
    i = i.mutate(customer_id=i.customer_id if per == "customer" else ibis.null("int64"))
    lacks = PAYMENTS.name not in tables
    return i.group_by("customer_id", "currency").agg(
        documents=total(i.documents),
        **{
            f"{name}_minor": total(i.open_minor, _in_bucket(i.days_past_due, name))
            for name, _ in AGEING_BUCKETS
        },
        open_minor=total(i.open_minor),
        overdue_minor=total(i.open_minor, i.days_past_due > 0),
        oldest_days=ibis.greatest(i.days_past_due.max().fill_null(0), 0),
        unapplied_minor=ibis.null("int64") if lacks else total(i.unapplied_minor),
        open_base_minor=whole(i.open_base_minor),
    )


def _beside(items: ir.Table, left: ir.Table) -> ir.Table:
    """Return open items and what is not applied as rows of one shape: of each the other is 0."""
    zero = ibis.literal(0, type="int64")
    found = items.select(
        *("customer_id", "currency", "days_past_due", "open_minor", "open_base_minor"),
        documents=zero + 1,
        unapplied_minor=zero,
    )
    beside = left.select(
        "customer_id",
        "currency",
        days_past_due=ibis.null(items.days_past_due.type()),
        open_minor=zero,
        open_base_minor=zero,
        documents=zero,
        unapplied_minor="unapplied_minor",
    )
    return found.union(beside)


def _in_bucket(days: ir.IntegerColumn, name: str) -> ir.BooleanValue:
    names = [bucket for bucket, _ in AGEING_BUCKETS]
    at = names.index(name)
    after = AGEING_BUCKETS[at - 1][1] if at else None
    until = AGEING_BUCKETS[at][1]
    inside = ibis.literal(True) if after is None else days > after
    return inside if until is None else inside & (days <= until)


def population(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """Return over which open documents the ageing was taken, and which tell no payments.

    `amount_minor` is what is open, in the one currency: null when a rate is missing. Of documents
    left out it is their gross amount, at their own rates: null when one of them has none.
    """
    tables = with_rates(tables)
    known = balances(tables, period).select(
        "customer_id", "currency", "settlement", amount="open_base_minor"
    )
    b = billed(tables, period)
    unknown = b.filter(b.settlement != "known").select(
        "customer_id", "currency", "settlement", amount="gross_base_minor"
    )
    both = known.union(unknown)
    return counted(both, amount="amount", left_out=both.settlement != "known", per_customer=False)


def documents(tables: Tables, period: Period, row: dict[str, Any], *, per: str) -> ir.Table:
    """Return the open invoices of the row's customer and currency, with what of them is open."""
    i = balances(with_rates(tables), period)
    i = i.filter(i.currency == row["currency"])
    if per == "customer":
        i = i.filter(same(i.customer_id, row["customer_id"]))
    return i.select(
        document_id=i.invoice_id,
        customer_id=i.customer_id,
        day=i.issued_on,
        kind=i.kind,
        amount_minor=i.open_base_minor,
    )


AGEING = Analysis(
    name="ageing",
    question="How much do customers owe, and for how long past its due date?",
    formula="open = gross - allocations until the cut-off, by days from the due date to it; "
    "in one currency at the rate in force at the cut-off; unapplied credit notes left out; beside it, "
    "unapplied = payments and credit notes until the cut-off - their allocations until then",
    reads={
        **BALANCE_READS,
        ALLOCATIONS: (*ALLOCATION_COLUMNS, "payment_id", "credit_note_id"),
        PAYMENTS: PAYMENT_COLUMNS,
    },
    optional=BALANCE_OPTIONAL | {PAYMENTS},
    parameters=(PER,),
    figures=(
        Figure(
            name="customer_id",
            type="int64",
            meaning="The customer; null: anonymous, or all.",
            is_key=True,
        ),
        Figure(name="currency", type="string", meaning="Of the documents.", is_key=True),
        Figure(name="documents", type="int64", meaning="Open invoices.", unit="count"),
        *(
            Figure(
                name=f"{name}_minor",
                type="int64",
                meaning="Open, so many days past due.",
                unit="minor",
                field_class="S3",
            )
            for name, _ in AGEING_BUCKETS
        ),
        Figure(
            name="open_minor",
            type="int64",
            meaning="All that is open.",
            unit="minor",
            field_class="S3",
        ),
        Figure(
            name="overdue_minor",
            type="int64",
            meaning="Open and past due.",
            unit="minor",
            field_class="S3",
        ),
        Figure(
            name="oldest_days",
            type="int64",
            meaning="Days past due of the oldest open invoice, 0 when none is.",
            unit="days",
            field_class="S3",
        ),
        Figure(
            name="unapplied_minor",
            type="int64",
            meaning="Payments and credit notes that no invoice took: beside what is open, and not "
            "taken off it; null: payments are not told.",
            unit="minor",
            field_class="S3",
        ),
        Figure(
            name="open_base_minor",
            type="int64",
            meaning="All that is open, at the rate in force on the last day; null: there is none.",
            unit="minor_base",
            field_class="S3",
        ),
    ),
    order=("-open_base_minor", "customer_id", "currency"),
    months=None,
    is_balance=True,
    chart="stacked_bars",
    expression=buckets,
    population=population,
    unrated=None,
    documents=documents,
    unvalued=without_rate,
    opens="open_base_minor",
    leads=("open_minor", "overdue_minor"),
)
