"""What was paid or credited and settles nothing at a day: it stands beside what is open, never in it.

    payment:      amount − Σ allocations of it until that day
    credit note: −gross  − Σ allocations of it until that day

An allocation counts once its invoice is issued: before, the money is a prepayment. Money that was
paid back is negative, and lowers what a customer has here. Credit notes of sources that tell no
payments are left out, as their invoices are. So, over documents of sources that do tell them,

    Σ open − Σ unapplied = Σ gross − Σ payments
"""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import in_period, same
from clientela.analysis.expressions.receivables import billed
from clientela.analysis.expressions.spec import Tables
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.payments import PAYMENTS

ORDER = ("day", "is_payment", "document_id")  # no two have the same
_COLUMNS = (
    *ORDER,
    *("kind", "customer_id", "currency", "whole_minor", "unapplied_minor"),
)
PAYMENT_COLUMNS = ("payment_id", "customer_id", "received_on", "currency", "amount_minor")


def unapplied(tables: Tables, period: Period) -> ir.Table:
    """Return payments and credit notes that are not applied in full on the last day.

    Columns: document_id (of a payment, or of the invoice that a credit note is), is_payment, day,
    kind (`payment`, else that of the invoice), customer_id (null: not known), currency,
    whole_minor and unapplied_minor (currency of the document, never 0). Without a table of
    payments nothing is known of them: there is no row at all.
    """
    b = billed(tables, period)
    a = tables[ALLOCATIONS.name]
    a = a.filter(in_period(a.allocated_on, Period(None, period.until_on)))
    a = a.semi_join(b, "invoice_id")
    credit = b.filter((b.settlement == "known") & (b.gross_minor < 0))
    credit = credit.select(
        *("customer_id", "currency", "kind"),
        document_id="invoice_id",
        is_payment=ibis.literal(False),
        day="issued_on",
        whole_minor=-credit.gross_minor,
    )
    found = _left_of(credit, a.select(document_id=a.credit_note_id, amount_minor=a.amount_minor))
    if PAYMENTS.name not in tables:
        return found.filter(ibis.literal(False))
    p = tables[PAYMENTS.name]
    p = p.filter(in_period(p.received_on, Period(None, period.until_on)))
    money = p.select(
        *("customer_id", "currency"),
        kind=ibis.literal("payment"),
        document_id="payment_id",
        is_payment=ibis.literal(True),
        day="received_on",
        whole_minor="amount_minor",
    )
    return found.union(
        _left_of(money, a.select(document_id=a.payment_id, amount_minor=a.amount_minor))
    )


def _left_of(documents: ir.Table, applied: ir.Table) -> ir.Table:
    """Return documents with what `applied` does not take of them, where there is any."""
    a = applied.filter(applied.document_id.notnull())
    a = a.group_by("document_id").agg(applied_minor=a.amount_minor.sum())
    d = documents.left_join(a, "document_id")
    d = d.mutate(unapplied_minor=d.whole_minor - d.applied_minor.fill_null(0))
    return d.filter(d.unapplied_minor != 0).select(*_COLUMNS)


def unapplied_of(
    tables: Tables, period: Period, row: Mapping[str, Any], *, per: object
) -> ir.Table:
    """Return what makes up `unapplied_minor` of a row of the ageing, oldest first.

    :param row: its keys, `customer_id` (None: of nobody known) and `currency`.
    """
    u = unapplied(tables, period)
    u = u.filter(u.currency == row["currency"])
    if per == "customer":
        u = u.filter(same(u.customer_id, row["customer_id"]))
    return u.order_by(*ORDER)
