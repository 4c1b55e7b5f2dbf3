"""How many customers stand behind each figure of a total: what tells whether it may be shown.

Who has documents in a figure stands behind it, whatever these add up to. A figure of documents
whose customer is not known stands on 0, one without any document on null.

Asked beside an analysis for readers of totals alone (`services.totals`), as an analysis of its
own that no interface offers: nobody else pays for counting distinct customers once more.
"""

from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.abc import ABC, classes
from clientela.analysis.expressions.ageing import AGEING
from clientela.analysis.expressions.common import days_from, in_period, month_of
from clientela.analysis.expressions.dso import DSO, WINDOWS
from clientela.analysis.expressions.receivables import billed, open_items
from clientela.analysis.expressions.rfm import RFM, buying
from clientela.analysis.expressions.sales import SALES, sold_now_and_before
from clientela.analysis.expressions.spec import Figure, Tables
from clientela.analysis.expressions.unapplied import unapplied
from clientela.analysis.rules import AGEING_BUCKETS
from clientela.kernel.period import Period
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.products import PRODUCTS
from clientela.tables.purchases import PURCHASES

# The groups that groups of this kind are parts of, and are summed to in an answer of their own.
ABOVE = {"branch": "region", "product": "category"}
# Net sales are the sum of these.
PARTS = ("invoiced", "credited", "adjusted")


def _count(name: str, meaning: str) -> Figure:
    return Figure(name=name, type="int64", meaning=meaning, unit="count")


def _who(documents: ir.Table, where: ir.BooleanValue) -> ir.IntegerValue:
    """Return how many customers have such documents, null where there are none."""
    counted: ir.IntegerValue = ibis.ifelse(
        documents.count(where=where) > 0,
        documents.customer_id.nunique(where=where),
        ibis.null("int64"),
    )
    return counted


def _of_parts(sold: ir.Table) -> dict[str, ir.Value]:
    """Return who has documents in each part of net sales of the period, and in its quantity."""
    invoice, credit = sold.kind == "invoice", sold.kind == "credit_note"
    inside = dict(zip(PARTS, (invoice, credit, ~invoice & ~credit), strict=True))
    inside["quantity"] = sold.quantity_milli.notnull()
    return {name: _who(sold, sold.now & where) for name, where in inside.items()}


def behind_sales(tables: Tables, period: Period, *, by: str) -> ir.Table:
    """How many customers have documents in each group, in the period and in the one before?

    And how many of them in each part of its net sales? `parent` is the group above: a branch's region, a product's category; empty where none is.
    """
    sold, _ = sold_now_and_before(tables, period, by)
    counts = sold.group_by("group_key").agg(
        now=_who(sold, sold.now), before=_who(sold, ~sold.now), **_of_parts(sold)
    )
    if by not in ABOVE:
        return counts.mutate(parent=ibis.literal(""))
    above = _branches(tables) if by == "branch" else _products(tables)
    found = counts.left_join(above, "group_key").drop("group_key_right")
    return found.mutate(parent=found.parent.fill_null(""))


def behind_months(tables: Tables, period: Period, *, by: str) -> ir.Table:
    """How many customers have documents in each group in each month, of the period and the one before?

    Answers over periods of whole months differ by months: what follows from two stands on these.
    """
    sold, _ = sold_now_and_before(tables, period, by)
    sold = sold.mutate(month=month_of(sold.day))
    by_month = sold.group_by("group_key", "now", "month")
    return by_month.agg(customers=sold.customer_id.nunique(), **_of_parts(sold))


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
    """How many customers owe in each currency, and in each bucket of it?

    And how many have paid or were credited what no invoice took (`unapplied`)?
    """
    items, left = open_items(tables, period), unapplied(tables, period)
    i = items.select(
        "customer_id", "currency", "days_past_due", is_open=ibis.literal(True)
    ).union(
        left.select(
            "customer_id", "currency", days_past_due=ibis.null(items.days_past_due.type()),
            is_open=ibis.literal(False),
        )
    )  # fmt: skip
    return i.group_by("currency").agg(
        all=_who(i, i.is_open),
        unapplied=_who(i, ~i.is_open),
        overdue=_who(i, i.is_open & (i.days_past_due > 0)),
        **{
            name: _who(i, i.is_open & inside)
            for name, inside in zip(BUCKETS, _buckets(i.days_past_due), strict=True)
        },
    )


def behind_owed(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """How many customers owe in each currency what is not due, and what is?"""
    i = open_items(tables, period)
    return i.group_by("currency").agg(
        not_due=_who(i, i.days_past_due <= 0), overdue=_who(i, i.days_past_due > 0)
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
        earlier=_who(b, alone),
    )


def behind_abc(tables: Tables, period: Period, **limits: Any) -> ir.Table:
    """How many customers of each class have documents in the period?"""
    p = tables[PURCHASES.name]
    p = p.filter(in_period(p.purchased_on, period))
    ranked = classes(tables, period, **limits)
    found = ranked.semi_join(p, "customer_id")
    return found.group_by("class").agg(customers=found.count())


def behind_rfm(tables: Tables, period: Period) -> ir.Table:
    """How many customers with documents in the period are in no segment: they bought on no day?"""
    p = tables[PURCHASES.name]
    others = p.filter(in_period(p.purchased_on, period)).anti_join(buying(p, period), "customer_id")
    return others.agg(outside=others.customer_id.nunique().nullif(0))


_PARTS = tuple(
    _count(name, f"Customers of the part {name}; null: no document, or not in the period.")
    for name in (*PARTS, "quantity")
)
SALES_BEHIND = replace(
    SALES,
    name="sales_behind",
    figures=(
        Figure(name="group_key", type="string", meaning="The group.", is_key=True),
        Figure(name="parent", type="string", meaning="The group above it."),
        _count("now", "Customers in the period; null: no document."),
        _count("before", "Customers in the period before; null: no document."),
        *_PARTS,
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
        *_PARTS,
    ),
    order=("group_key", "month"),
    order_by={},
    expression=behind_months,
)
OWED_BEHIND = replace(
    DSO,
    name="owed_behind",
    figures=(
        Figure(name="currency", type="string", meaning="Of the documents.", is_key=True),
        _count("not_due", "Customers that owe what is not due; null: none."),
        _count("overdue", "Customers that owe past the due date; null: none."),
    ),
    order=("currency",),
    expression=behind_owed,
)
AGEING_BEHIND = replace(
    AGEING,
    name="ageing_behind",
    figures=(
        Figure(name="currency", type="string", meaning="Of the documents.", is_key=True),
        _count("all", "Customers that owe; null: none."),
        _count("unapplied", "Customers with money or credit that no invoice took; null: none."),
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
ABC_BEHIND = replace(
    ABC,
    name="abc_behind",
    figures=(
        Figure(name="class", type="string", meaning="A, B, C or inactive.", is_key=True),
        _count("customers", "Customers of the class with documents."),
    ),
    order=("class",),
    expression=behind_abc,
)
RFM_BEHIND = replace(
    RFM,
    name="rfm_behind",
    figures=(_count("outside", "Customers with documents, in no segment; null: none."),),
    order=("outside",),
    expression=behind_rfm,
)
BEHIND = {
    "abc": ABC_BEHIND,
    "rfm": RFM_BEHIND,
    "sales": SALES_BEHIND,
    "months": MONTHS_BEHIND,
    "ageing": AGEING_BEHIND,
    "dso": DSO_BEHIND,
    "owed": OWED_BEHIND,
}
