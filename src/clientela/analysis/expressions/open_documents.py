"""What each document behind a row of what is open adds to its columns.

Of the ageing in its own currency; of days of sales, which are in one currency for all, in that.
"""

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import total, whole
from clientela.analysis.expressions.receivables import open_items
from clientela.analysis.expressions.spec import Tables
from clientela.analysis.rules import AGEING_BUCKETS
from clientela.kernel.period import Period


def with_ages(behind: ir.Table, tables: Tables, period: Period) -> ir.Table:
    """Return documents with their due date (`due_is_stated`: else they are due when issued), days
    past due (0: not due), bucket and open amount."""
    i = open_items(tables, period)
    *ended, (last, _) = AGEING_BUCKETS
    ages = i.select(
        document_id=i.invoice_id,
        due_on=i.due_on,
        due_is_stated=i.due_is_stated,
        days_past_due=ibis.greatest(i.days_past_due, 0),
        bucket=ibis.cases(*((i.days_past_due <= until, name) for name, until in ended), else_=last),
        open_minor=i.open_minor,
    )
    return behind.inner_join(ages, "document_id")


def sums_of(aged: ir.Table) -> dict[str, ir.Value]:
    """Return the sums of documents with ages, by the columns of the ageing that they make."""
    of_buckets = {
        f"{name}_minor": total(aged.open_minor, aged.bucket == name) for name, _ in AGEING_BUCKETS
    }
    overdue = total(aged.open_minor, aged.days_past_due > 0)
    return {**of_buckets, "open_minor": total(aged.open_minor), "overdue_minor": overdue}


def owed_of(aged: ir.Table) -> dict[str, ir.Value]:
    """Return the sums of documents with ages, by the columns of days of sales that they make."""
    not_due = whole(aged.amount_minor, aged.days_past_due == 0)
    return {"receivables_minor": whole(aged.amount_minor), "not_due_minor": not_due}
