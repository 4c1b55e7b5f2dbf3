"""Sales (A2) by month, product, category, region, branch, customer or country.

net sales = invoices + adjustments − credit notes, without tax; the three are shown apart.
growth    = (net sales − those of the period before) / those of the period before

The period before has the same length and ends where this one begins. Each group is compared with
itself; a month with the month at the same place in the period before (with twelve months, the
same month a year earlier). Groups that sold only in the period before are rows too, and a month
that the period cuts short is marked.
Products and categories are summed over invoice lines, everything else over whole documents.
Regions and branches are those that sold, also where another one serves the customer since.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import (
    counted,
    in_period,
    is_whole_month,
    month_of,
    month_text,
    share,
    total,
    unrated,
)
from clientela.analysis.expressions.sales_figures import BY, FIGURES
from clientela.analysis.expressions.spec import Analysis, BadQuestion, Tables
from clientela.kernel.period import Period
from clientela.tables.contract import TableContract
from clientela.tables.customers import CUSTOMERS
from clientela.tables.invoice_lines import INVOICE_LINES
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.products import PRODUCTS
from clientela.tables.purchases import PURCHASES

NEEDS: Mapping[str, tuple[TableContract, ...]] = {
    "month": (PURCHASES,),
    "customer": (PURCHASES,),
    "region": (PURCHASES, ORG_NODES),
    "branch": (PURCHASES, ORG_NODES),
    "country": (PURCHASES, CUSTOMERS),
    "product": (INVOICE_LINES,),
    "category": (INVOICE_LINES, PRODUCTS),
}


def sales(tables: Tables, period: Period, *, by: str) -> ir.Table:
    """What was sold to whom, where and when, and how does that compare with the period before?

    One row per group; `group_key` is empty where the group is not known (anonymous sales).
    """
    sold, compared = sold_now_and_before(tables, period, by)
    figures = _summed(sold, compared)
    everything = figures.net_sales_minor.sum().over(ibis.window())
    return figures.mutate(
        share=share(figures.net_sales_minor, ibis.ifelse(everything > 0, everything, 0)),
        growth_rate=share(
            figures.net_sales_minor - figures.previous_minor,
            ibis.ifelse(figures.previous_minor > 0, figures.previous_minor, 0),
        ),
        is_complete=is_whole_month(figures.group_id, period)
        if by == "month"
        else ibis.null("boolean"),
    )


def sold_now_and_before(tables: Tables, period: Period, by: str) -> tuple[ir.Table, bool]:
    """Return what was sold in the period and the one before, told apart by `now`; and whether
    there is one before to compare with."""
    sold = sold_by(tables, by)
    before = period.before()
    now = in_period(sold.day, period)
    compared = before is not None and (by != "month" or before.months is not None)
    if before is None or not compared:
        sold = sold.filter(now).mutate(now=ibis.literal(True))
    else:
        sold = sold.filter(now | in_period(sold.day, before)).mutate(now=now)
        if by == "month":
            sold = _moved(sold, before.months or 0)
    return _labelled(sold, by), compared


def sold_by(tables: Tables, by: str) -> ir.Table:
    """Return what was sold with the group it belongs to: (document_id, customer_id, day, kind,
    currency, amount, quantity_milli, group_id, group_key, group_label)."""
    missing = [c.name for c in NEEDS[by] if c.name not in tables]
    if missing:
        raise BadQuestion(f"sales by {by} need the tables {missing}")
    sold = _lines(tables) if NEEDS[by][0] is INVOICE_LINES else _purchases(tables)
    if by == "month":
        return _grouped(sold, month_of(sold.day))
    if by == "customer":
        return _grouped(sold, sold.customer_id)
    if by == "product":
        return _grouped(sold, sold.product_id)
    if by in ("region", "branch"):
        o = tables[ORG_NODES.name]
        nodes = o.select(
            sold_by_id=o.org_node_id, group_id=o[f"{by}_id"], group_label=o[f"{by}_name"]
        )
        sold = sold.left_join(nodes, "sold_by_id")
        return _grouped(sold, sold.group_id, label=sold.group_label)
    if by == "country":
        sold = sold.left_join(
            tables[CUSTOMERS.name].select("customer_id", "country"), "customer_id"
        )
        return _grouped(sold, key=sold.country)
    p = tables[PRODUCTS.name]
    sold = sold.left_join(p.select("product_id", "category_1"), "product_id")
    return _grouped(sold, key=sold.category_1)


def _purchases(tables: Tables) -> ir.Table:
    p = tables[PURCHASES.name]
    return p.select(
        document_id=p.purchase_id,
        customer_id=p.customer_id,
        sold_by_id=p.sold_by_id,
        day=p.purchased_on,
        kind=p.kind,
        currency=p.currency,
        amount=p.net_base_minor,
        quantity_milli=ibis.null("int64"),
    )


def _lines(tables: Tables) -> ir.Table:
    line = tables[INVOICE_LINES.name]
    return line.select(
        document_id=line.invoice_id,
        customer_id=line.customer_id,
        product_id=line.product_id,
        day=line.issued_on,
        kind=line.kind,
        currency=line.currency,
        amount=line.net_base_minor,
        quantity_milli=line.quantity_milli,
    )


def _grouped(
    sold: ir.Table,
    number: ir.Value | None = None,
    *,
    key: ir.Value | None = None,
    label: ir.Value | None = None,
) -> ir.Table:
    """Return `sold` with its group: by a number, whose text is then the key, or by a word."""
    number = ibis.null("int64") if number is None else number
    key = number.cast("string") if key is None else key
    return sold.select(
        *("document_id", "customer_id", "day", "kind", "currency", "amount", "quantity_milli"),
        group_id=number,
        group_key=key.fill_null(""),
        group_label=ibis.null("string") if label is None else label,
    )


def _moved(sold: ir.Table, months: int) -> ir.Table:
    """Return `sold` with the months of the period before moved onto those of this one."""
    number = ibis.ifelse(sold.now, sold.group_id, sold.group_id + months)
    return sold.mutate(group_id=number)


def _labelled(sold: ir.Table, by: str) -> ir.Table:
    """Return `sold` with each month named by its text, such as 2026-03."""
    return sold.mutate(group_key=month_text(sold.group_id)) if by == "month" else sold


def _summed(sold: ir.Table, compared: bool) -> ir.Table:
    now, invoice, credit = sold.now, sold.kind == "invoice", sold.kind == "credit_note"
    figures = sold.group_by("group_key").agg(
        group_id=sold.group_id.max(),
        group_label=sold.group_label.max(),
        documents=sold.document_id.nunique(where=now),
        customers=sold.customer_id.nunique(where=now),
        quantity_milli=sold.quantity_milli.sum(where=now),
        invoiced_minor=total(sold.amount, now & invoice),
        credited_minor=-total(sold.amount, now & credit),
        adjusted_minor=total(sold.amount, now & ~invoice & ~credit),
        net_sales_minor=total(sold.amount, now),
        earlier_minor=total(sold.amount, ~now),
    )
    previous = figures.earlier_minor if compared else ibis.null("int64")
    return figures.mutate(previous_minor=previous)


def population(tables: Tables, period: Period, *, by: str) -> ir.Table:
    """Return over which documents the sales were summed, anonymous ones included."""
    sold = sold_by(tables, by)
    sold = sold.filter(in_period(sold.day, period))
    whole = sold.group_by("document_id").agg(
        customer_id=sold.customer_id.max(), currency=sold.currency.max(), amount=sold.amount.sum()
    )
    return counted(whole, amount="amount", per_customer=False)


def without_rate(tables: Tables, period: Period, *, by: str) -> ir.Table:
    """Return what was sold in the period or the one before and has no amount."""
    sold, _ = sold_now_and_before(tables, period, by)
    return unrated(sold, number="document_id", amount="amount")


def documents(tables: Tables, period: Period, row: dict[str, Any], *, by: str) -> ir.Table:
    """Return the documents of the row's group in the period, each with what it adds to the row."""
    sold = _labelled(sold_by(tables, by), by)
    sold = sold.filter(in_period(sold.day, period) & (sold.group_key == row["group_key"]))
    return sold.group_by("document_id").agg(
        customer_id=sold.customer_id.max(),
        day=sold.day.max(),
        kind=sold.kind.max(),
        amount_minor=sold.amount.sum(),
    )


SALES = Analysis(
    name="sales",
    question="What was sold to whom, where and when, against the period before?",
    formula="net sales = invoices + adjustments - credit notes; growth against the period before",
    reads={
        PURCHASES: (
            *("purchase_id", "customer_id", "sold_by_id", "kind"),
            *("purchased_on", "currency", "net_base_minor"),
        ),
        INVOICE_LINES: (
            *("invoice_id", "customer_id", "kind", "issued_on", "product_id"),
            *("quantity_milli", "currency", "net_base_minor"),
        ),
        PRODUCTS: ("product_id", "category_1"),
        CUSTOMERS: ("customer_id", "country"),
        ORG_NODES: ("org_node_id", "region_id", "region_name", "branch_id", "branch_name"),
    },
    optional=frozenset({PURCHASES, INVOICE_LINES, PRODUCTS, CUSTOMERS, ORG_NODES}),
    needs=NEEDS,
    parameters=(BY,),
    figures=FIGURES,
    order=("-net_sales_minor", "group_key"),
    order_by={"month": ("-group_key",)},
    months=12,
    chart="bars",
    expression=sales,
    population=population,
    unrated=without_rate,
    documents=documents,
    opens="net_sales_minor",
    leads=("net_sales_minor",),
)
