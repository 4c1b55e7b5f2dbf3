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
    days_from,
    in_period,
    same,
    share,
    total,
    unrated,
    whole,
)
from clientela.analysis.expressions.punctuality_figures import FIGURES
from clientela.analysis.expressions.receivables import (
    ALLOCATION_COLUMNS,
    INVOICE_COLUMNS,
    billed,
    open_items,
)
from clientela.analysis.expressions.spec import Analysis, Parameter, Tables
from clientela.analysis.rules import POINT_PARTS, PUNCTUALITY_POINTS, punctuality_slopes
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS


def punctuality(tables: Tables, period: Period, *, least_invoices: int) -> ir.Table:
    """How late does each customer pay, our own faults left out?

    One row per customer with an item; anonymous documents are left out.
    """
    i = items(tables, period)
    i = i.filter(i.customer_id.notnull())
    ours = i.delay_is_ours & (i.days_late > 0)
    i = i.mutate(parts=_parts(i.days_late), is_ours=ours, is_scored=~ours & (i.weight > 0))
    by = i.group_by("customer_id").agg(
        invoices=i.invoice_id.nunique(where=i.is_scored),
        weight=total(i.weight),
        weighted_days=total(i.weight * i.days_late),
        scored_weight=total(i.weight, i.is_scored),
        scored_parts=total(i.weight * i.parts, i.is_scored),
        open_late_items=i.invoice_id.nunique(where=i.is_open & i.is_scored),
        ours_items=i.count(where=i.is_ours),
        ours_days=total(i.days_late, i.is_ours),
        late_weight=total(i.weight, i.days_late > 0),
    )
    enough = by.invoices >= least_invoices
    return by.select(
        customer_id=by.customer_id,
        invoices=by.invoices,
        average_days_late=share(by.weighted_days, by.weight),
        score=share(ibis.ifelse(enough, by.scored_parts, ibis.null("int64")), by.scored_weight)
        / POINT_PARTS,
        too_few=~enough,
        late_share=share(by.late_weight, by.weight),
        open_late_items=by.open_late_items,
        ours_items=by.ours_items,
        ours_days=by.ours_days,
        judged_minor=by.weight,
    )


def items(tables: Tables, period: Period) -> ir.Table:
    """Return what punctuality is judged by: (invoice_id, customer_id, currency, days_late, weight,
    delay_is_ours, is_open), weight in minor units of the base currency."""
    return _paid(tables, period).union(_still_open(tables, period))


def _paid(tables: Tables, period: Period) -> ir.Table:
    until = Period(None, period.until_on)
    i = billed(tables, period)
    i = i.filter((i.settlement == "known") & (i.gross_minor > 0) & in_period(i.due_on, period))
    a, p = tables[ALLOCATIONS.name], tables[PAYMENTS.name]
    a = a.filter(in_period(a.allocated_on, until))
    a = a.select("invoice_id", "payment_id", "amount_base_minor", ours="delay_is_ours")
    # What a credit note settled has no payment, so it finds none.
    paid = a.inner_join(p.select("payment_id", "received_on"), "payment_id")
    paid = paid.inner_join(i, "invoice_id")
    return paid.select(
        invoice_id=paid.invoice_id,
        customer_id=paid.customer_id,
        currency=paid.currency,
        days_late=paid.received_on.delta(paid.due_on, unit="day"),
        weight=paid.amount_base_minor,
        delay_is_ours=paid.ours,
        is_open=ibis.literal(False),
    )


def _still_open(tables: Tables, period: Period) -> ir.Table:
    i = open_items(tables, period)
    i = i.filter(days_from(i.due_on, period.last_on) > 0)
    return i.select(
        invoice_id=i.invoice_id,
        customer_id=i.customer_id,
        currency=i.currency,
        days_late=i.days_past_due,
        weight=i.open_base_minor,
        delay_is_ours=i.delay_is_ours,
        is_open=ibis.literal(True),
    )


def _parts(days: ir.IntegerColumn) -> ir.IntegerValue:
    """Return the points of so many days late, in 84ths: see `rules.punctuality_parts`."""
    first, last = PUNCTUALITY_POINTS[0], PUNCTUALITY_POINTS[-1]
    return ibis.cases(
        (days <= first[0], first[1] * POINT_PARTS),
        *(
            (days <= piece.until, (days - piece.days_at) * piece.fall + piece.parts_at)
            for piece in punctuality_slopes()
        ),
        else_=last[1] * POINT_PARTS,
    ).cast("int64")


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
