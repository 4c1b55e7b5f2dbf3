"""What was paid or credited and settles nothing at a day: it stands beside what is open, never in it.

    payment:      amount − Σ allocations of it until that day
    credit note: −gross  − Σ allocations of it until that day

An allocation counts once its invoice is issued: before, the money is a prepayment. Money that was
paid back is negative, and lowers what a customer has here. Credit notes of sources that tell no
payments are left out, as their invoices are. So, over documents of sources that do tell them,

    Σ open − Σ unapplied = Σ gross − Σ payments
"""

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import in_period
from clientela.analysis.expressions.receivables import billed
from clientela.analysis.expressions.spec import Tables
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.payments import PAYMENTS

PAYMENT_COLUMNS = ("payment_id", "customer_id", "received_on", "currency", "amount_minor")


def unapplied(tables: Tables, period: Period) -> ir.Table:
    """Return payments and credit notes that are not applied in full on the last day.

    Columns: customer_id (null: not known), currency, unapplied_minor (currency of the document,
    never 0). Without a table of payments nothing is known of them: there is no row at all.
    """
    b = billed(tables, period)
    a = tables[ALLOCATIONS.name]
    a = a.filter(in_period(a.allocated_on, Period(None, period.until_on)))
    a = a.semi_join(b, "invoice_id")
    credit = b.filter((b.settlement == "known") & (b.gross_minor < 0))
    credit = credit.select(
        "customer_id", "currency", document_id="invoice_id", whole=-credit.gross_minor
    )
    found = _left_of(credit, a.select(document_id=a.credit_note_id, amount_minor=a.amount_minor))
    if PAYMENTS.name not in tables:
        return found.filter(ibis.literal(False))
    p = tables[PAYMENTS.name]
    p = p.filter(in_period(p.received_on, Period(None, period.until_on)))
    money = p.select("customer_id", "currency", document_id="payment_id", whole="amount_minor")
    return found.union(
        _left_of(money, a.select(document_id=a.payment_id, amount_minor=a.amount_minor))
    )


def _left_of(documents: ir.Table, applied: ir.Table) -> ir.Table:
    """Return what of documents (document_id, whole) `applied` does not take, where there is any."""
    a = applied.filter(applied.document_id.notnull())
    a = a.group_by("document_id").agg(applied_minor=a.amount_minor.sum())
    d = documents.left_join(a, "document_id")
    d = d.mutate(unapplied_minor=d.whole - d.applied_minor.fill_null(0))
    return d.filter(d.unapplied_minor != 0).select("customer_id", "currency", "unapplied_minor")
