"""ABC classes (K1): which customers make most of the sales.

Customers in falling order of net sales x₁ ≥ x₂ ≥ …, X their sum. With B the sales of all customers
that sold strictly more, the class is A while 100·B < 85·X, B while 100·B < 95·X, else C: so the
customer that crosses a line still belongs to the higher class, and equal sales share the class of
the first of them. Customers without or with negative sales are `inactive` and stay out of X.

A file that was put away is listed only where sales of it count: those of a person's choice keep
their documents, and their sales stay in X; of whom every import was taken back nothing is left.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import (
    in_period,
    purchases_behind,
    purchases_counted,
    purchases_unrated,
    same,
    share,
    total,
)
from clientela.analysis.expressions.spec import Analysis, BadQuestion, Figure, Parameter, Tables
from clientela.kernel.period import Period
from clientela.tables.customers import CUSTOMERS
from clientela.tables.purchases import PURCHASES

BUYING_STAGES = ("customer", "former")


def classes(
    tables: Tables, period: Period, *, a_until_percent: int, b_until_percent: int
) -> ir.Table:
    """Which customers make the first 85 % of net sales, the next 10 %, the last 5 %?

    One row per customer with a document in the period; with the table `customers` also each
    customer without one, as inactive, unless its file was put away. `rank` counts from 1; among equals the older id comes first.
    Raises BadQuestion when B would end before A.
    """
    if a_until_percent > b_until_percent:
        text = f"b_until_percent: {b_until_percent} is under {a_until_percent}"
        ends = {"a": a_until_percent, "b": b_until_percent}
        raise BadQuestion(text, "class_ends_before", field="b_until_percent", **ends)
    sales = net_sales(tables, period)
    ranked = _ranked(sales, a_until_percent, b_until_percent)
    inactive = sales.filter(sales.net_sales_minor <= 0)
    return ranked.union(
        inactive.select(
            customer_id=inactive.customer_id,
            net_sales_minor=inactive.net_sales_minor,
            rank=ibis.null("int64"),
            running_share=ibis.null("float64"),
            **{"class": ibis.literal("inactive")},
        )
    )


def _ranked(sales: ir.Table, a_until_percent: int, b_until_percent: int) -> ir.Table:
    active = sales.filter(sales.net_sales_minor > 0)
    falling = [ibis.desc(active.net_sales_minor), ibis.asc(active.customer_id)]
    active = active.mutate(
        row=ibis.row_number().over(ibis.window(order_by=falling)),
        first_equal=ibis.rank().over(ibis.window(order_by=falling[0])),
        running=active.net_sales_minor.sum().over(
            ibis.window(order_by=falling, preceding=None, following=0)
        ),
        all_sales=active.net_sales_minor.sum().over(ibis.window()),
    )
    equals_before = active.row - active.first_equal
    before = active.running - active.net_sales_minor * (equals_before + 1)
    by_line = ibis.cases(
        (before * 100 < active.all_sales * a_until_percent, "A"),
        (before * 100 < active.all_sales * b_until_percent, "B"),
        else_="C",
    )
    return active.select(
        customer_id=active.customer_id,
        net_sales_minor=active.net_sales_minor,
        rank=active.row + 1,
        running_share=share(active.running, active.all_sales),
        **{"class": by_line},
    )


def net_sales(tables: Tables, period: Period) -> ir.Table:
    """Return (customer_id, net_sales_minor) of the period, zero for customers without documents.

    One that was put away, or of whom all was taken back, is there for its documents alone.
    """
    p = tables[PURCHASES.name]
    p = p.filter(in_period(p.purchased_on, period) & p.customer_id.notnull())
    sold = p.group_by("customer_id").agg(net_sales_minor=total(p.net_base_minor))
    if CUSTOMERS.name not in tables:
        return sold
    c = tables[CUSTOMERS.name]
    others = c.filter(c.stage.isin(BUYING_STAGES) & ~c.is_archived).anti_join(sold, "customer_id")
    return sold.union(
        others.select(customer_id=others.customer_id, net_sales_minor=ibis.literal(0, "int64"))
    )


def documents(tables: Tables, period: Period, row: dict[str, Any], **_: Any) -> ir.Table:
    """Return the documents of the row's customer in the period."""
    behind = purchases_behind(tables[PURCHASES.name], period)
    return behind.filter(same(behind.customer_id, row["customer_id"]))


ABC = Analysis(
    name="abc",
    question="Which few customers make most of net sales, and which many the rest?",
    formula="class by the share of net sales of all customers that sold more",
    reads={
        PURCHASES: (
            *("purchase_id", "customer_id", "kind", "purchased_on"),
            *("currency", "net_base_minor"),
        ),
        CUSTOMERS: ("customer_id", "stage", "is_archived"),
    },
    optional=frozenset({CUSTOMERS}),
    parameters=(
        Parameter(
            name="a_until_percent",
            meaning="Share of net sales at which class A ends.",
            type=int,
            default=85,
            least=1,
            most=99,
            unit="percent",
            is_companys=True,
        ),
        Parameter(
            name="b_until_percent",
            meaning="Share of net sales at which class B ends.",
            type=int,
            default=95,
            least=1,
            most=99,
            unit="percent",
            is_companys=True,
        ),
    ),
    rising=(("a_until_percent", "b_until_percent"),),
    figures=(
        Figure(name="customer_id", type="int64", meaning="The customer.", is_key=True),
        Figure(
            name="net_sales_minor",
            type="int64",
            meaning="Invoices without tax, less credit notes, in the period.",
            unit="minor_base",
        ),
        Figure(
            name="rank",
            type="int64",
            meaning="Place in falling order of net sales, from 1; null: inactive.",
            unit="count",
        ),
        Figure(
            name="running_share",
            type="float64",
            meaning="Share of net sales of this and all higher places; null: inactive.",
            unit="share",
        ),
        Figure(name="class", type="string", meaning="A, B, C or inactive."),
    ),
    order=("rank", "customer_id"),
    months=12,
    chart="pareto",
    expression=classes,
    population=lambda tables, period, **_: purchases_counted(tables[PURCHASES.name], period),
    unrated=lambda tables, period, **_: purchases_unrated(tables[PURCHASES.name], period),
    documents=documents,
    opens="net_sales_minor",
    leads=("class", "net_sales_minor"),
)
