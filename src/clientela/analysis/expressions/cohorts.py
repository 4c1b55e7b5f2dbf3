"""Cohorts (A6): of the customers that first bought in a month, how many bought again in month k.

The cohort of a customer is the month of its first purchase in all history; a period's beginning
leaves out the cohorts before it, never the purchases. Retention of month k = customers of the
cohort with a purchase in it / customers of the cohort, so month 0 is 1. A month that `as_of` cuts
short is marked as not complete, and so is a cohort whose own month the period cuts short.

Of one region, everything is of the purchases that the region sold, as in sales by region: who
first bought there is new there, and net sales are those of the region.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.abc import ABC, classes
from clientela.analysis.expressions.common import (
    counted,
    in_period,
    is_whole_month,
    month_of,
    month_text,
    purchases_behind,
    purchases_unrated,
    share,
    total,
)
from clientela.analysis.expressions.spec import (
    MONTHS,
    Analysis,
    BadQuestion,
    Figure,
    Parameter,
    Tables,
)
from clientela.kernel.period import Period, month_index, period_until
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.purchases import PURCHASES


def retention(tables: Tables, period: Period, **whom: Any) -> ir.Table:
    """Of the customers that first bought in a month, how many bought again in each later month?

    One row per cohort and month number from 0 to the month of `as_of`, also where nobody bought.
    """
    bought = _bought_by(tables, period, **whom)
    by_month = _monthly(bought)
    members = _first_months(by_month, period)
    monthly = by_month.inner_join(members, "customer_id")
    monthly = monthly.mutate(month_number=monthly.month - monthly.cohort_month)
    cells = monthly.group_by("cohort_month", "month_number").agg(
        active=monthly.count(where=monthly.purchases > 0), net_sales_minor=total(monthly.net_minor)
    )
    sizes = members.group_by("cohort_month").agg(customers=members.count())
    last = month_index(period.last_on)
    grid = sizes.mutate(month_number=ibis.range(0, last + 1 - sizes.cohort_month).unnest())
    rows = grid.left_join(cells, ["cohort_month", "month_number"])
    rows = rows.mutate(active=rows.active.fill_null(0))
    return rows.select(
        cohort=month_text(rows.cohort_month),
        month_number=rows.month_number,
        customers=rows.customers,
        active=rows.active,
        retention=share(rows.active, rows.customers),
        net_sales_minor=rows.net_sales_minor.fill_null(0),
        cohort_is_complete=is_whole_month(rows.cohort_month, period),
        is_complete=rows.cohort_month + rows.month_number < month_index(period.until_on),
    )


def _members(tables: Tables, period: Period, **whom: Any) -> ir.Table:
    """Return (customer_id, cohort_month) of the customers that first bought in the period."""
    bought = _bought_by(tables, period, **whom)
    return _first_months(_monthly(bought), period)


def _first_months(by_month: ir.Table, period: Period) -> ir.Table:
    first = by_month.group_by("customer_id").agg(first_on=by_month.first_on.min())
    first = first.filter(in_period(first.first_on, period))
    return first.select(customer_id=first.customer_id, cohort_month=month_of(first.first_on))


def _bought_by(
    tables: Tables,
    period: Period,
    *,
    region: str | None,
    customer_class: str | None,
    a_until_percent: int,
    b_until_percent: int,
    class_months: int,
) -> ir.Table:
    """Return the purchases until `as_of` of the customers that are asked for."""
    p = _sold(tables, region)
    p = p.filter(in_period(p.purchased_on, Period(None, period.until_on)))
    p = p.filter(p.customer_id.notnull())
    if customer_class is not None:
        ranked = classes(
            {PURCHASES.name: tables[PURCHASES.name]},
            period_until(period.last_on, class_months),
            a_until_percent=a_until_percent,
            b_until_percent=b_until_percent,
        )
        p = p.semi_join(ranked.filter(ranked["class"] == customer_class), "customer_id")
    return p


def _sold(tables: Tables, region: str | None) -> ir.Table:
    """Return the purchases; of a region, by its key in sales by region, those that it sold."""
    p = tables[PURCHASES.name]
    if region is None:
        return p
    if ORG_NODES.name not in tables:
        raise BadQuestion("cohorts of a region need the table org_nodes")
    o = tables[ORG_NODES.name]
    nodes = o.filter(o.region_id.cast("string") == region)
    return p.semi_join(nodes, p.sold_by_id == nodes.org_node_id)


def _monthly(purchases: ir.Table) -> ir.Table:
    """Return (customer_id, month, purchases, first_on, net_minor) of each month with a document.

    Once over the documents; whatever follows reads these months.
    """
    p = purchases.mutate(month=month_of(purchases.purchased_on))
    return p.group_by("customer_id", "month").agg(
        purchases=p.count(where=p.is_purchase),
        first_on=p.purchased_on.min(where=p.is_purchase),
        net_minor=total(p.net_base_minor),
    )


def population(tables: Tables, period: Period, **whom: Any) -> ir.Table:
    """Return over which documents retention was taken: all until `as_of` of the cohorts' members.

    Anonymous documents are counted only where no region or class narrows the question.
    """
    p = _sold(tables, whom["region"])
    p = p.filter(in_period(p.purchased_on, Period(None, period.until_on)))
    members = _members(tables, period, **whom)
    named = p.semi_join(members, "customer_id")
    if whom["region"] is None and whom["customer_class"] is None:
        named = named.union(p.filter(p.customer_id.isnull()))
    return counted(named, amount="net_base_minor")


def documents(
    tables: Tables,
    period: Period,
    row: dict[str, Any],
    **whom: Any,
) -> ir.Table:
    """Return the documents of the cohort's customers in the row's month."""
    try:
        year, month = map(int, str(row["cohort"]).split("-"))
        cohort = month_index(date(year, month, 1))
        number = int(row["month_number"])
    except ValueError as error:
        raise BadQuestion(f"no cohort: {row}") from error
    members = _members(tables, period, **whom)
    behind = purchases_behind(_sold(tables, whom["region"]), Period(None, period.until_on))
    behind = behind.filter(month_of(behind.day) == cohort + number)
    return behind.semi_join(members.filter(members.cohort_month == cohort), "customer_id")


def without_rate(tables: Tables, period: Period, **whom: Any) -> ir.Table:
    """Return the purchases until `as_of` without an amount, of a region those that it sold.

    A class is one among the sales of all customers, wherever they bought.
    """
    region = whom["region"] if whom["customer_class"] is None else None
    return purchases_unrated(_sold(tables, region), Period(None, period.until_on))


# The classes are those of the analysis ABC, by the limits that the company set for it.
OF_CLASSES = tuple(
    replace(
        one,
        name="class_months" if one.name == MONTHS.name else one.name,
        is_companys=False,
        follows=ABC.standing_name(one.name),
        only_with="customer_class",
    )
    for one in ABC.companys
)

COHORTS = Analysis(
    name="cohorts",
    question="Of the customers that first bought in a month, how many bought in each later one?",
    formula="retention of month k = customers that bought in it / customers of the cohort",
    reads={
        PURCHASES: (
            *("purchase_id", "customer_id", "sold_by_id", "kind", "purchased_on"),
            *("currency", "net_base_minor", "is_purchase"),
        ),
        ORG_NODES: ("org_node_id", "region_id"),
    },
    optional=frozenset({ORG_NODES}),
    parameters=(
        Parameter(
            name="region",
            meaning="Only what this sales region sold, by its key in sales by region.",
            type=str,
            default=None,
        ),
        Parameter(
            name="customer_class",
            meaning="Only customers of this ABC class of the months before the cut-off.",
            type=str,
            default=None,
            choices=("A", "B", "C", "inactive"),
        ),
        *OF_CLASSES,
    ),
    figures=(
        Figure(name="cohort", type="string", meaning="Month of first purchase.", is_key=True),
        Figure(
            name="month_number",
            type="int64",
            meaning="Months since then, 0 is that month.",
            unit="count",
            is_key=True,
        ),
        Figure(name="customers", type="int64", meaning="Size of the cohort.", unit="count"),
        Figure(name="active", type="int64", meaning="Of them, bought in the month.", unit="count"),
        Figure(name="retention", type="float64", meaning="Active / customers.", unit="share"),
        Figure(
            name="net_sales_minor",
            type="int64",
            meaning="Net sales of the cohort in the month.",
            unit="minor_base",
            field_class="S3",  # of a cohort of one an invoice, month after month
        ),
        Figure(
            name="cohort_is_complete",
            type="boolean",
            meaning="The cohort's month lies whole in the period; else some of it are missing.",
        ),
        Figure(name="is_complete", type="boolean", meaning="The month has ended at the cut-off."),
    ),
    order=("cohort", "month_number"),
    months=None,
    chart="heat_map",
    expression=retention,
    population=population,
    unrated=without_rate,
    documents=documents,
    opens="net_sales_minor",
    leads=("retention",),
)
