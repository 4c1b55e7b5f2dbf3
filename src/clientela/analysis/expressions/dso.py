"""Days sales outstanding (C8): how many days of credit sales are still open.

(a) window       open receivables / credit sales of the last n days × n, n = 90 and 365; the days
                 start no earlier than the first sale.
(b) count-back   whole months of credit sales are taken off the receivables, newest first, adding
                 their days; the last month in proportion. The month of `as_of` has the days gone.
best possible    receivables not due / credit sales × n
delinquent       (a) − best possible

Credit sales are gross, less credit notes; a month in which credit notes prevail counts as none.
Sales are flows, each at its own day's rate; receivables are a balance, at the rate in force at
`as_of`. So where a currency has moved since the sale, days of sales move with it.
"""

from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.ageing import PER
from clientela.analysis.expressions.ageing import population as open_population
from clientela.analysis.expressions.common import (
    days_from,
    month_of,
    same,
    share,
    total,
    unrated,
    whole,
)
from clientela.analysis.expressions.rates import with_rates
from clientela.analysis.expressions.receivables import (
    BALANCE_OPTIONAL,
    BALANCE_READS,
    balances,
    billed,
)
from clientela.analysis.expressions.receivables import without_rate as without_value
from clientela.analysis.expressions.spec import Analysis, Figure, Tables
from clientela.kernel.period import Period, month_index

WINDOWS = (90, 365)
NOBODY = 0  # stands for "no customer" in joins; ids begin at 1


def outstanding(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """How many days of credit sales are still open?

    One row per customer with a credit sale (anonymous sales together), or one in all.
    """
    tables = with_rates(tables)
    sold = _keyed(_credit_sales(tables, period), per)
    heads = _heads(sold, _keyed(balances(tables, period), per), period)
    counted_back = _count_back(heads, sold, period)
    t = heads.left_join(counted_back, "key").drop("key_right")
    gone = days_from(t.first_on, period.last_on) + 1
    figures: dict[str, ir.Value] = {}
    for n in WINDOWS:
        days, sales = ibis.least(gone, n), t[f"sales_{n}"]
        sales = ibis.ifelse(sales > 0, sales, 0)
        figures[f"dso_{n}"] = share(t.owed_minor * days, sales)
        figures[f"best_possible_{n}"] = share(t.not_due_minor * days, sales)
        figures[f"delinquent_{n}"] = share((t.owed_minor - t.not_due_minor) * days, sales)
    return t.select(
        customer_id=t.key.nullif(NOBODY),
        receivables_minor=t.owed_minor,
        not_due_minor=t.not_due_minor,
        credit_sales_90_minor=t.sales_90,
        credit_sales_365_minor=t.sales_365,
        dso_count_back=ibis.ifelse(t.owed_minor.isnull(), ibis.null("float64"), t.days_back),
        **figures,
    )


def _heads(sold: ir.Table, items: ir.Table, period: Period) -> ir.Table:
    """Return (key, first_on, sales_90, sales_365, owed_minor, not_due_minor)."""
    heads = sold.group_by("key").agg(
        first_on=sold.issued_on.min(),
        **{
            f"sales_{n}": total(
                sold.gross_base_minor, days_from(sold.issued_on, period.last_on) < n
            )
            for n in WINDOWS
        },
    )
    owed = items.group_by("key").agg(
        items=items.count(),
        owed_minor=whole(items.open_base_minor),
        not_due_minor=whole(items.open_base_minor, items.days_past_due <= 0),
    )
    heads = heads.left_join(owed, "key").drop("key_right")
    # Who owes nothing owes 0; a sum that lacks a rate stays unknown.
    return heads.mutate(
        owed_minor=ibis.ifelse(heads["items"].isnull(), 0, heads.owed_minor),
        not_due_minor=ibis.ifelse(heads["items"].isnull(), 0, heads.not_due_minor),
    )


def _credit_sales(tables: Tables, period: Period) -> ir.Table:
    b = billed(tables, period)
    return b.filter(b.settlement == "known")


def without_rate(tables: Tables, period: Period, *, per: str) -> ir.Table:
    """Return the credit sales without an amount. What is open of them has the rate of the day."""
    return unrated(_credit_sales(tables, period), number="invoice_id", amount="gross_base_minor")


def _keyed(documents: ir.Table, per: str) -> ir.Table:
    of = documents.customer_id if per == "customer" else ibis.null("int64")
    return documents.mutate(key=of.fill_null(NOBODY))


def _count_back(heads: ir.Table, sold: ir.Table, period: Period) -> ir.Table:
    """Return (key, days_back) by walking the months from the newest to the first sale's."""
    sold = sold.mutate(month=month_of(sold.issued_on))
    monthly = sold.group_by("key", "month").agg(net=total(sold.gross_base_minor))
    last = month_index(period.last_on)
    months = heads.select(
        "key",
        "owed_minor",
        month=last - ibis.range(0, last + 1 - month_of(heads.first_on)).unnest(),
    )
    m = months.left_join(monthly, ["key", "month"]).drop("key_right", "month_right")
    m = m.mutate(sales=ibis.greatest(m.net.fill_null(0), 0), days=_days_of(m.month, period))
    newest_first = ibis.window(
        group_by=m.key, order_by=ibis.desc(m.month), preceding=None, following=0
    )
    m = m.mutate(left=m.owed_minor - (m.sales.sum().over(newest_first) - m.sales))
    m = m.mutate(whole=(m.left > 0) & (m.left >= m.sales), part=(m.left > 0) & (m.left < m.sales))
    by = m.group_by("key").agg(
        whole_days=total(m.days, m.whole),
        # One month at most is taken in part, so neither sum depends on an order.
        part_left=total(m.left * m.days, m.part),
        part_sales=total(m.sales, m.part),
    )
    # One division of whole numbers: engines agree on its last bit, on that of a sum they may not.
    in_part = share(by.whole_days * by.part_sales + by.part_left, by.part_sales)
    return by.select("key", days_back=in_part.coalesce(by.whole_days.cast("float64")))


def _days_of(month: ir.IntegerValue, period: Period) -> ir.IntegerValue:
    """Return the days of a month, of the month of `as_of` only those gone."""
    in_year = month % 12 + 1
    year = (month - month % 12) / 12
    year = year.cast("int64")
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    return ibis.cases(
        (month == month_index(period.last_on), period.last_on.day),
        ((in_year == 2) & leap, 29),
        (in_year == 2, 28),
        (in_year.isin([4, 6, 9, 11]), 30),
        else_=31,
    ).cast("int64")


def documents(tables: Tables, period: Period, row: dict[str, Any], *, per: str) -> ir.Table:
    """Return the open invoices of the row's customer, with what of them is open."""
    i = balances(with_rates(tables), period)
    if per == "customer":
        i = i.filter(same(i.customer_id, row["customer_id"]))
    return i.select(
        document_id=i.invoice_id,
        customer_id=i.customer_id,
        day=i.issued_on,
        kind=i.kind,
        amount_minor=i.open_base_minor,
    )


def _days_figures(name: str, meaning: str) -> Iterator[Figure]:
    for n in WINDOWS:
        yield Figure(
            name=f"{name}_{n}",
            type="float64",
            meaning=meaning.format(n=n),
            unit="days",
            field_class="S3",
        )


def _amount(name: str, meaning: str) -> Figure:
    return Figure(name=name, type="int64", meaning=meaning, unit="minor_base", field_class="S3")


DSO = Analysis(
    name="dso",
    question="How many days of credit sales are still open?",
    formula="open receivables, at the rate in force at the cut-off, / credit sales of the last n "
    "days, each at its own day's rate, * n; and by count-back; unapplied credit notes left out",
    reads=BALANCE_READS,
    optional=BALANCE_OPTIONAL,
    parameters=(PER,),
    figures=(
        Figure(
            name="customer_id",
            type="int64",
            meaning="The customer; null: anonymous, or all.",
            is_key=True,
        ),
        *_days_figures("dso", "Days of credit sales still open, over the last {n} days."),
        Figure(
            name="dso_count_back",
            type="float64",
            meaning="Days by count-back; at most those since the month of the first sale.",
            unit="days",
            field_class="S3",
        ),
        _amount(
            "receivables_minor", "Open, at the rate in force on the last day; null: there is none."
        ),
        _amount("not_due_minor", "Of it not yet due."),
        *_days_figures("delinquent", "Of the days over {n}, those past due."),
        *_days_figures("best_possible", "The days if only what is not due were open, over {n}."),
        _amount("credit_sales_90_minor", "Gross sales on credit of the last 90 days."),
        _amount("credit_sales_365_minor", "Gross sales on credit of the last 365 days."),
    ),
    order=("-receivables_minor", "customer_id"),
    months=None,
    is_balance=True,
    chart="bars",
    expression=outstanding,
    population=open_population,
    documents=documents,
    unrated=without_rate,
    unvalued=without_value,
    opens="receivables_minor",
    leads=("dso_90", "dso_365", "dso_count_back"),
)
