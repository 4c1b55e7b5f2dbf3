"""RFM (K5): recency, frequency and monetary value of each customer, in quintiles.

recency     days from the last purchase day to `as_of`
frequency   days with a purchase in the period
monetary    net sales of the period (less credit notes) / frequency

The quintile of a value is ⌈5·p⌉ with p its mid-rank percentile, p = (2·below + equal) / 2n: so equal
values always share one, and neither the order of rows nor the engine matters. 5 is best; recency
is reversed. Reckoned in whole numbers: ⌈5·p⌉ ≤ q exactly when 5·(2·below + equal) ≤ 2n·q.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import (
    days_from,
    half_even,
    in_period,
    purchases_behind,
    purchases_counted,
    purchases_unrated,
    same,
    total,
)
from clientela.analysis.expressions.spec import Analysis, Figure, Tables
from clientela.analysis.rules import SEGMENTS
from clientela.kernel.period import Period
from clientela.tables.purchases import PURCHASES


def scores(tables: Tables, period: Period) -> ir.Table:
    """How lately, how often and for how much does each customer buy, against the others?

    One row per customer with at least one purchase day in the period.
    """
    b = buying(tables[PURCHASES.name], period)
    n = b.count().over(ibis.window())
    # The quotient of whole numbers under 2⁵³ orders as the fractions do, and is equal as they are.
    b = b.mutate(per_day=b.net_sales_minor.cast("float64") / b.frequency.cast("float64"), n=n)
    b = b.mutate(
        r=_quintile(b, ibis.desc(b.recency_days), b.recency_days),
        f=_quintile(b, ibis.asc(b.frequency), b.frequency),
        m=_quintile(b, ibis.asc(b.per_day), b.per_day),
    )
    return b.mutate(segment=_segment(b.r, b.f + b.m)).drop("per_day", "n")


def buying(purchases: ir.Table, period: Period) -> ir.Table:
    """Return each customer's recency, frequency, net sales and monetary value in the period."""
    p = purchases.filter(
        in_period(purchases.purchased_on, period) & purchases.customer_id.notnull()
    )
    # Days first, then customers: a count of distinct days costs five times as much.
    days = p.group_by("customer_id", "purchased_on").agg(
        net_minor=total(p.net_base_minor), purchases=p.count(where=p.is_purchase)
    )
    bought = days.purchases > 0
    b = days.group_by("customer_id").agg(
        last_on=days.purchased_on.max(where=bought),
        frequency=days.count(where=bought),
        net_sales_minor=total(days.net_minor),
    )
    b = b.filter(b.frequency > 0)
    return b.select(
        customer_id=b.customer_id,
        recency_days=days_from(b.last_on, period.last_on),
        frequency=b.frequency,
        net_sales_minor=b.net_sales_minor,
        monetary_minor=half_even(b.net_sales_minor, b.frequency),
    )


def _quintile(b: ir.Table, rising: Any, value: ir.Value) -> ir.IntegerValue:
    below = ibis.rank().over(ibis.window(order_by=rising))
    equal = b.count().over(ibis.window(group_by=value))
    place = (below * 2 + equal) * 5
    return ibis.cases(*((place <= b.n * 2 * q, q) for q in (1, 2, 3, 4)), else_=5).cast("int64")


def _segment(r: ir.IntegerValue, f_and_m: ir.IntegerValue) -> ir.StringValue:
    """Return the segment's name; fm from a to b means f + m from 2a − 1 to 2b (rounded up)."""
    *named, last = SEGMENTS
    return ibis.cases(
        *(
            (
                r.between(s.r_from, s.r_to) & f_and_m.between(2 * s.fm_from - 1, 2 * s.fm_to),
                s.name,
            )
            for s in named
        ),
        else_=last.name,
    )


def documents(tables: Tables, period: Period, row: dict[str, Any]) -> ir.Table:
    """Return the documents of the row's customer in the period."""
    behind = purchases_behind(tables[PURCHASES.name], period)
    return behind.filter(same(behind.customer_id, row["customer_id"]))


RFM = Analysis(
    name="rfm",
    question="How lately, how often and for how much does each customer buy, against the others?",
    formula="quintile = ceil(5 * (2 * below + equal) / (2 * n)), 5 best, recency reversed",
    reads={
        PURCHASES: (
            *("purchase_id", "customer_id", "kind", "purchased_on"),
            *("currency", "net_base_minor", "is_purchase"),
        )
    },
    figures=(
        Figure(name="customer_id", type="int64", meaning="The customer.", is_key=True),
        Figure(
            name="recency_days",
            type="int64",
            meaning="Days from the last purchase day to the cut-off.",
            unit="days",
        ),
        Figure(
            name="frequency",
            type="int64",
            meaning="Days with a purchase in the period.",
            unit="count",
        ),
        Figure(
            name="monetary_minor",
            type="int64",
            meaning="Net sales of the period for each purchase day, rounded.",
            unit="minor_base",
        ),
        Figure(
            name="net_sales_minor",
            type="int64",
            meaning="Net sales of the period.",
            unit="minor_base",
        ),
        Figure(name="r", type="int64", meaning="Quintile of recency, 5 is latest."),
        Figure(name="f", type="int64", meaning="Quintile of frequency, 5 is most often."),
        Figure(name="m", type="int64", meaning="Quintile of monetary value, 5 is most."),
        Figure(name="segment", type="string", meaning="Named by the table of boundaries."),
    ),
    order=("-r", "-f", "-m", "customer_id"),
    months=None,
    chart="matrix",
    expression=scores,
    population=lambda tables, period: purchases_counted(tables[PURCHASES.name], period),
    unrated=lambda tables, period: purchases_unrated(tables[PURCHASES.name], period),
    documents=documents,
    opens="net_sales_minor",
    leads=("segment", "r", "f", "m"),
)
