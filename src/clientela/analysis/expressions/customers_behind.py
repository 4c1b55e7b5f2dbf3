"""How many customers stand behind each figure of a total: what tells whether it may be shown.

Asked beside an analysis for readers of totals alone (`services.totals`), as an analysis of its
own that no interface offers: nobody else pays for counting distinct customers once more.
"""

from dataclasses import replace

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.ageing import AGEING
from clientela.analysis.expressions.common import days_from, month_of
from clientela.analysis.expressions.dso import DSO, WINDOWS
from clientela.analysis.expressions.receivables import billed, open_items
from clientela.analysis.expressions.sales import SALES, sold_now_and_before
from clientela.analysis.expressions.spec import Figure, Tables
from clientela.analysis.rules import AGEING_BUCKETS
from clientela.kernel.period import Period
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.products import PRODUCTS

# The groups that groups of this kind are parts of, and are summed to in an answer of their own.
ABOVE = {"branch": "region", "product": "category"}


def _count(name: str, meaning: str) -> Figure:
    return Figure(name=name, type="int64", meaning=meaning, unit="count")


def behind_sales(tables: Tables, period: Period, *, by: str) -> ir.Table:
    """How many customers bought in each group, in the period and in the one before?

    `parent` is the group above: a branch's region, a product's category; empty where none is.
    """
    sold, _ = sold_now_and_before(tables, period, by)
    counts = sold.group_by("group_key").agg(
        now=sold.customer_id.nunique(where=sold.now),
        before=sold.customer_id.nunique(where=~sold.now),
    )
    if by not in ABOVE:
        return counts.mutate(parent=ibis.literal(""))
    above = _branches(tables) if by == "branch" else _products(tables)
    found = counts.left_join(above, "group_key").drop("group_key_right")
    return found.mutate(parent=found.parent.fill_null(""))


def behind_months(tables: Tables, period: Period, *, by: str) -> ir.Table:
    """How many customers bought in each group in each month, of the period and the one before?

    Answers over periods of whole months differ by months: what follows from two stands on these.
    """
    sold, _ = sold_now_and_before(tables, period, by)
    sold = sold.mutate(month=month_of(sold.day))
    return sold.group_by("group_key", "now", "month").agg(customers=sold.customer_id.nunique())


def _branches(tables: Tables) -> ir.Table:
    o = tables[ORG_NODES.name]
    o = o.filter(o.branch_id.notnull())
    return o.group_by(group_key=o.branch_id.cast("string")).agg(
        parent=o.region_id.max().cast("string")
    )


def _products(tables: Tables) -> ir.Table:
    p = tables[PRODUCTS.name]
    return p.select(group_key=p.product_id.cast("string"), parent=p.category_1)


def behind_ageing(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """How many customers owe in each currency, and in each bucket of it?"""
    i = open_items(tables, period)
    return i.group_by("currency").agg(
        all=i.customer_id.nunique(),
        overdue=i.customer_id.nunique(where=i.days_past_due > 0),
        **{
            name: i.customer_id.nunique(where=inside)
            for name, inside in zip(BUCKETS, _buckets(i.days_past_due), strict=True)
        },
    )


BUCKETS = tuple(name for name, _ in AGEING_BUCKETS)


def _buckets(days: ir.IntegerColumn) -> list[ir.BooleanValue]:
    """Return for each bucket whether an item falls into it."""
    ends = [last for _, last in AGEING_BUCKETS]
    found: list[ir.BooleanValue] = []
    for after, until in zip([None, *ends], ends, strict=False):
        inside = ibis.literal(True) if after is None else days > after
        found.append(inside if until is None else inside & (days <= until))
    return found


def behind_dso(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """How many customers bought on credit in each window, and in the longer one alone?"""
    b = billed(tables, period)
    b = b.filter(b.settlement == "known")
    days = days_from(b.issued_on, period.last_on)
    shorter, longer = WINDOWS
    alone = (days >= shorter) & (days < longer)
    return b.agg(
        **{f"sales_{n}": b.customer_id.nunique(where=days < n) for n in WINDOWS},
        earlier=b.customer_id.nunique(where=alone).nullif(0),
    )


SALES_BEHIND = replace(
    SALES,
    name="sales_behind",
    figures=(
        Figure(name="group_key", type="string", meaning="The group.", is_key=True),
        Figure(name="parent", type="string", meaning="The group above it."),
        _count("now", "Customers in the period."),
        _count("before", "Customers in the period before."),
    ),
    order=("group_key",),
    expression=behind_sales,
)
MONTHS_BEHIND = replace(
    SALES,
    name="months_behind",
    figures=(
        Figure(name="group_key", type="string", meaning="The group.", is_key=True),
        Figure(name="now", type="boolean", meaning="In the period, not in the one before."),
        Figure(name="month", type="int64", meaning="Year x 12 + month - 1, of the calendar."),
        _count("customers", "Customers in the month."),
    ),
    order=("group_key", "month"),
    order_by={},
    expression=behind_months,
)
AGEING_BEHIND = replace(
    AGEING,
    name="ageing_behind",
    figures=(
        Figure(name="currency", type="string", meaning="Of the documents.", is_key=True),
        _count("all", "Customers that owe."),
        _count("overdue", "Customers that owe past the due date."),
        *(_count(name, "Customers that owe so long.") for name in BUCKETS),
    ),
    order=("currency",),
    expression=behind_ageing,
)
DSO_BEHIND = replace(
    DSO,
    name="dso_behind",
    figures=(
        *(_count(f"sales_{n}", f"Customers of the last {n} days.") for n in WINDOWS),
        _count("earlier", "Customers of the longer window before the shorter; null: none."),
    ),
    order=("sales_365",),
    expression=behind_dso,
)
BEHIND = {
    "sales": SALES_BEHIND,
    "months": MONTHS_BEHIND,
    "ageing": AGEING_BEHIND,
    "dso": DSO_BEHIND,
}
