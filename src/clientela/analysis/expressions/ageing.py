"""Ageing (C8): what customers owe, by days past due.

Buckets: not due, 1-30, 31-60, 61-90, 91-180, over 180 days past due at `as_of`; together they are
what is open. Amounts are in the currency of the documents, one row for each. `open_base_minor` is
the same in one currency for all: each document at the rate in force at `as_of`, null where there
is none. Credit notes that are not applied yet lower nothing here.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import counted, same, total, whole
from clientela.analysis.expressions.rates import with_rates
from clientela.analysis.expressions.receivables import (
    BALANCE_OPTIONAL,
    BALANCE_READS,
    balances,
    billed,
    without_rate,
)
from clientela.analysis.expressions.spec import Analysis, Figure, Parameter, Tables
from clientela.analysis.rules import AGEING_BUCKETS
from clientela.kernel.period import Period

PER = Parameter(
    name="per",
    meaning="A row for each customer, or one in all.",
    type=str,
    default="customer",
    choices=("customer", "total"),
)


def buckets(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """How much do customers owe, and for how long past its due date?

    One row per customer and currency, or per currency; anonymous invoices have no customer.
    """
    i = balances(with_rates(tables), period)
    i = i.mutate(customer_id=i.customer_id if per == "customer" else ibis.null("int64"))
    return i.group_by("customer_id", "currency").agg(
        documents=i.count(),
        **{
            f"{name}_minor": total(i.open_minor, _in_bucket(i.days_past_due, name))
            for name, _ in AGEING_BUCKETS
        },
        open_minor=total(i.open_minor),
        overdue_minor=total(i.open_minor, i.days_past_due > 0),
        oldest_days=ibis.greatest(i.days_past_due.max(), 0),
        open_base_minor=whole(i.open_base_minor),
    )


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
    "in one currency at the rate in force at the cut-off; unapplied credit notes left out",
    reads=BALANCE_READS,
    optional=BALANCE_OPTIONAL,
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
