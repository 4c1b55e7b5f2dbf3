"""What is open at a day: the part of each invoice that nothing has settled by then.

    open = gross − Σ allocations of payments and credit notes until that day

Documents of sources that tell no payments (`settlement` unknown) are no receivables. Documents
with a negative amount are credit, not receivables; what of them is not yet applied is part of
the exposure, not of what is open here.

A balance is what these add up to: `balances`, at the rates of the day (see `rates`). At the
documents' own rates they are weights (`open_items`), as what was paid of them is.
"""

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.common import days_from, in_period
from clientela.analysis.expressions.rates import RATE_COLUMNS, newest_days, valued
from clientela.analysis.expressions.spec import Tables
from clientela.kernel.period import Period
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.exchange_rates import EXCHANGE_RATES
from clientela.tables.invoices import INVOICES

INVOICE_COLUMNS = (
    *("invoice_id", "customer_id", "kind", "settlement", "issued_on", "due_on"),
    *("currency", "gross_minor", "gross_base_minor"),
)
ALLOCATION_COLUMNS = ("invoice_id", "allocated_on", "amount_minor", "amount_base_minor")

# What a balance is taken from. Rates are not needed where all is in one currency.
BALANCE_READS = {
    INVOICES: INVOICE_COLUMNS,
    ALLOCATIONS: ALLOCATION_COLUMNS,
    EXCHANGE_RATES: RATE_COLUMNS,
}
BALANCE_OPTIONAL = frozenset({EXCHANGE_RATES})


def billed(tables: Tables, period: Period) -> ir.Table:
    """Return the documents issued until the period's last day, with a due date each.

    A document without one is due when issued: `due_is_stated` tells it apart.
    """
    i = tables[INVOICES.name]
    i = i.filter(in_period(i.issued_on, Period(None, period.until_on)))
    return i.mutate(due_is_stated=i.due_on.notnull(), due_on=i.due_on.coalesce(i.issued_on))


def open_items(tables: Tables, period: Period) -> ir.Table:
    """Return the invoices with something open at the period's last day.

    Adds open_minor (currency of the document), open_base_minor (at its rate; null: there is none)
    and days_past_due, which is 0 or negative while it is not due.
    """
    i = billed(tables, period)
    i = i.filter(i.settlement == "known")
    a = tables[ALLOCATIONS.name]
    a = a.filter(in_period(a.allocated_on, Period(None, period.until_on)))
    settled = a.group_by("invoice_id").agg(
        settled_minor=a.amount_minor.sum(), settled_base_minor=a.amount_base_minor.sum()
    )
    i = i.left_join(settled, "invoice_id").drop("invoice_id_right")
    i = i.mutate(
        open_minor=i.gross_minor - i.settled_minor.fill_null(0),
        open_base_minor=i.gross_base_minor - i.settled_base_minor.fill_null(0),
        days_past_due=days_from(i.due_on, period.last_on),
    )
    i = i.filter(i.open_minor > 0)
    # Parts rounded one by one can add up to a unit more than the whole. What is missing stays so:
    # the greatest of nothing and 0 would be 0.
    left = ibis.ifelse(i.open_base_minor < 0, 0, i.open_base_minor)
    return i.mutate(open_base_minor=left).drop("settled_minor", "settled_base_minor")


def balances(tables: Tables, period: Period) -> ir.Table:
    """Return the open items with `open_base_minor` at the rate in force on the last day.

    It is null where there is none. `tables` hold rates: see `rates.with_rates`.
    """
    return valued(open_items(tables, period), tables, period)


def without_rate(tables: Tables, period: Period) -> ir.Table:
    """Return the currencies of what is open that no rate is in force of on the last day.

    Columns: currency, `rated_on` (the newest day before that has a rate of it, else null).
    """
    i = balances(tables, period)
    lacking = i.filter(i.open_base_minor.isnull()).select("currency").distinct()
    newest = newest_days(tables[EXCHANGE_RATES.name], period)
    return lacking.left_join(newest, "currency").drop("currency_right").order_by("currency")
