"""Punctuality (C8): how late a customer pays, and what that is on a scale from 20 to 100.

Items: each allocation of a payment to an invoice due in the period, with days late = day the money
came − due day (early is negative); and each invoice that is past due and open at `as_of`, whenever
it was due, at its age. So the figure does not improve because a customer stopped paying. What a
credit note settles was never paid and is no item.

    average days late = Σ(amount × days late) / Σ(amount)
    score             = Σ(amount × points(days late)) / Σ(amount)

The score leaves out late items whose delay is our fault (their number and days are shown), and
needs three invoices; which of its invoices are open and late is counted among these alone.
Points: `rules.PUNCTUALITY_POINTS`, kept in whole 84ths. Amounts weigh at the invoice's rate, so
a moved exchange rate is not mistaken for slow payment.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import (
    counted,
    in_period,
    same,
    total,
    unrated,
    whole,
)
from clientela.analysis.expressions.punctuality_figures import FIGURES
from clientela.analysis.expressions.punctuality_items import (
    figures_of,
    items,
    weighed,
    with_points,
)
from clientela.analysis.expressions.receivables import (
    ALLOCATION_COLUMNS,
    INVOICE_COLUMNS,
    billed,
)
from clientela.analysis.expressions.spec import Analysis, Parameter, Tables
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS


def punctuality(tables: Tables, period: Period, *, least_invoices: int) -> ir.Table:
    """How late does each customer pay, our own faults left out?

    One row per customer with an item; anonymous documents are left out.
    """
    i = with_points(items(tables, period))
    i = i.filter(i.customer_id.notnull())
    by = i.group_by("customer_id").agg(**weighed(i))
    return by.select("customer_id", **figures_of(by, least_invoices=least_invoices))


def population(tables: Tables, period: Period, *, least_invoices: int) -> ir.Table:
    """Return over which invoices punctuality was taken, and which tell no payments.

    `amount_minor` is the weight, paid and open; of documents left out, their gross amount.
    Null where one has no rate.
    """
    i = items(tables, period)
    judged = i.group_by("invoice_id").agg(
        customer_id=i.customer_id.max(), currency=i.currency.max(), amount=whole(i.weight)
    )
    known = judged.select("customer_id", "currency", "amount", settlement=ibis.literal("known"))
    b = billed(tables, period)
    b = b.filter((b.settlement != "known") & in_period(b.due_on, period))
    unknown = b.select("customer_id", "currency", "settlement", amount="gross_base_minor")
    both = known.union(unknown.select(*known.columns))
    return counted(both, amount="amount", left_out=both.settlement != "known")


def without_rate(tables: Tables, period: Period, *, least_invoices: int) -> ir.Table:
    """Return the invoices that punctuality is judged by and that have no weight."""
    i = items(tables, period)
    return unrated(i.filter(i.customer_id.notnull()), number="invoice_id", amount="weight")


def documents(
    tables: Tables, period: Period, row: dict[str, Any], *, least_invoices: int
) -> ir.Table:
    """Return the invoices that the row's customer is judged by, with their weight."""
    i = items(tables, period)
    i = i.filter(same(i.customer_id, row["customer_id"]))
    weights = i.group_by("invoice_id").agg(amount_minor=total(i.weight))
    found = billed(tables, period).inner_join(weights, "invoice_id")
    return found.select(
        document_id=found.invoice_id,
        customer_id=found.customer_id,
        day=found.issued_on,
        kind=found.kind,
        amount_minor=found.amount_minor,
    )


PUNCTUALITY = Analysis(
    name="punctuality",
    question="How late does each customer pay, our own faults left out?",
    formula="sum(amount * points(days late)) / sum(amount), open late items at their age",
    reads={
        INVOICES: (*INVOICE_COLUMNS, "delay_is_ours"),
        ALLOCATIONS: (*ALLOCATION_COLUMNS, "payment_id", "delay_is_ours"),
        PAYMENTS: ("payment_id", "received_on"),
    },
    parameters=(
        Parameter(
            name="least_invoices",
            meaning="With fewer invoices there is no score.",
            type=int,
            default=3,
            least=1,
            most=100,
            unit="count",
            is_companys=True,
        ),
    ),
    figures=FIGURES,
    order=("score", "customer_id"),
    months=12,
    chart="bars",
    expression=punctuality,
    population=population,
    unrated=without_rate,
    documents=documents,
    opens="judged_minor",
    leads=("score",),
)
