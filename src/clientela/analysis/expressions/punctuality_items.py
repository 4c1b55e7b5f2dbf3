"""What punctuality is judged by, item by item, and what the items of a customer add up to.

The answer and the documents behind a row of it are made of the same items by the same sums
(`figures_of`), so that what is shown of each document adds up to the row.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import days_from, in_period, same, share, total, whole
from clientela.analysis.expressions.receivables import billed, open_items
from clientela.analysis.expressions.spec import Tables
from clientela.analysis.rules import POINT_PARTS, PUNCTUALITY_POINTS, punctuality_slopes
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.payments import PAYMENTS

# Of an invoice, all that is the same of its items.
_OF_INVOICE = (
    *("invoice_id", "customer_id", "currency", "kind", "issued_on", "due_on", "due_is_stated"),
)
# What items must share to be one line behind a row: paid on one day, or open, and judged alike.
_OF_LINE = (
    *(name for name in _OF_INVOICE if name != "currency"),
    *("paid_on", "is_open", "days_late", "parts", "is_ours", "is_scored"),
)


def items(tables: Tables, period: Period) -> ir.Table:
    """Return what punctuality is judged by: of each item its invoice (`_OF_INVOICE`), paid_on
    (null: open), days_late, weight (minor units of the base currency), delay_is_ours, is_open."""
    return _paid(tables, period).union(_still_open(tables, period))


def _paid(tables: Tables, period: Period) -> ir.Table:
    until = Period(None, period.until_on)
    i = billed(tables, period)
    i = i.filter((i.settlement == "known") & (i.gross_minor > 0) & in_period(i.due_on, period))
    i = i.select(*_OF_INVOICE)
    a, p = tables[ALLOCATIONS.name], tables[PAYMENTS.name]
    a = a.filter(in_period(a.allocated_on, until))
    a = a.select("invoice_id", "payment_id", "amount_base_minor", ours="delay_is_ours")
    # What a credit note settled has no payment, so it finds none.
    paid = a.inner_join(p.select("payment_id", "received_on"), "payment_id")
    paid = paid.inner_join(i, "invoice_id")
    return paid.select(
        *_OF_INVOICE,
        paid_on=paid.received_on,
        days_late=paid.received_on.delta(paid.due_on, unit="day"),
        weight=paid.amount_base_minor,
        delay_is_ours=paid.ours,
        is_open=ibis.literal(False),
    )


def _still_open(tables: Tables, period: Period) -> ir.Table:
    i = open_items(tables, period)
    i = i.filter(days_from(i.due_on, period.last_on) > 0)
    return i.select(
        *_OF_INVOICE,
        paid_on=ibis.null("date"),
        days_late=i.days_past_due,
        weight=i.open_base_minor,
        delay_is_ours=i.delay_is_ours,
        is_open=ibis.literal(True),
    )


def with_points(i: ir.Table) -> ir.Table:
    """Return items with `parts` (84ths of a point), `is_ours` (late, by our fault: left out of the
    score) and `is_scored`. What is our fault and was not late is scored; what weighs nothing not."""
    ours = i.delay_is_ours & (i.days_late > 0)
    return i.mutate(parts=_parts(i.days_late), is_ours=ours, is_scored=~ours & (i.weight > 0))


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


def weighed(i: ir.Table, count: ir.IntegerColumn | None = None) -> dict[str, ir.Value]:
    """Return the sums that the figures of a row are made of: whole numbers.

    :param i: items with points, or lines of them.
    :param count: how many items a line holds; None: each is one.
    """
    ours = i.count(where=i.is_ours) if count is None else total(count, i.is_ours)
    return {
        "invoices": i.invoice_id.nunique(where=i.is_scored),
        "weight": total(i.weight),
        "weighted_days": total(i.weight * i.days_late),
        "scored_weight": total(i.weight, i.is_scored),
        "scored_parts": total(i.weight * i.parts, i.is_scored),
        "open_late_items": i.invoice_id.nunique(where=i.is_open & i.is_scored),
        "ours_items": ours,
        "ours_days": total(i.days_late if count is None else i.days_late * count, i.is_ours),
        "late_weight": total(i.weight, i.days_late > 0),
    }


def figures_of(by: ir.Table, *, least_invoices: int) -> dict[str, ir.Value]:
    """Return the figures of a row out of its sums (`weighed`)."""
    enough = by.invoices >= least_invoices
    return {
        "invoices": by.invoices,
        "average_days_late": share(by.weighted_days, by.weight),
        "score": share(ibis.ifelse(enough, by.scored_parts, ibis.null("int64")), by.scored_weight)
        / POINT_PARTS,
        "too_few": ~enough,
        "late_share": share(by.late_weight, by.weight),
        "open_late_items": by.open_late_items,
        "ours_items": by.ours_items,
        "ours_days": by.ours_days,
        "judged_minor": by.weight,
    }


def lines(tables: Tables, period: Period, row: dict[str, Any], *, least_invoices: int) -> ir.Table:
    """Return the items of a row's customer as lines, each with what it adds to the row.

    Columns: those of `spec.DOCUMENTS`, of which `amount_minor` is the weight (null: no rate); due_on,
    due_is_stated (else it is due when issued), paid_on (null: open), days_late, items (payments of
    one day that are judged alike are one line), points, standing (in_score, ours, no_amount),
    adds_days and adds_score (what of the averages is this line's; null: there is no score), and
    `part`, which numbers the lines of an invoice from 0.
    """
    i = with_points(items(tables, period))
    i = i.filter(same(i.customer_id, row["customer_id"]))
    g = i.group_by(*_OF_LINE).agg(weight=whole(i.weight), items=i.count())
    sums = g.agg(**weighed(g, g["items"]))
    of_all = sums.select(
        *("weight", "scored_weight"), has_score=sums.invoices >= least_invoices
    ).rename(all_weight="weight")
    g = g.cross_join(of_all)
    of_invoice = ibis.window(
        group_by=g.invoice_id, order_by=[g.is_open, g.paid_on, g.is_ours, g.is_scored]
    )
    counts = g.is_scored.fill_null(False)
    return g.select(
        *("customer_id", "kind", "due_on", "due_is_stated", "paid_on", "is_open", "days_late"),
        *("invoice_id", "items", "parts", "is_ours", "is_scored", "weight"),
        document_id=g.invoice_id,
        day=g.issued_on,
        amount_minor=g.weight,
        part=ibis.row_number().over(of_invoice),
        points=g.parts.cast("float64") / POINT_PARTS,
        standing=ibis.cases((g.is_ours, "ours"), (counts, "in_score"), else_="no_amount"),
        adds_days=share(g.weight * g.days_late, g.all_weight),
        adds_score=ibis.ifelse(
            counts & g.has_score,
            share(g.weight * g.parts, g.scored_weight) / POINT_PARTS,
            ibis.null("float64"),
        ),
    )


def sums_of(found: ir.Table, *, least_invoices: int) -> ir.Table:
    """Return one row: what lines add up to, as the figures of their row of the answer."""
    by = found.agg(**weighed(found, found["items"]))
    return by.select(**figures_of(by, least_invoices=least_invoices))
