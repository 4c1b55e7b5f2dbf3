"""Idioms that read the same on every engine, and what all analyses share.

Rules they follow: a unique last key in the order of every window that counts rows; whole numbers
until the last division; no null added to a sum; months counted as year × 12 + month.
"""

from datetime import date

import ibis
import ibis.expr.types as ir

from clientela.kernel.period import Period, month_index


def in_period(day: ir.DateColumn, period: Period) -> ir.BooleanValue:
    """Return whether `day` belongs to the half-open period."""
    inside = day < ibis.literal(period.until_on)
    if period.from_on is not None:
        inside = inside & (day >= ibis.literal(period.from_on))
    return inside


def total(amount: ir.NumericColumn, where: ir.BooleanValue | None = None) -> ir.NumericScalar:
    """Return the sum of `amount` where it holds; 0 where nothing does."""
    return amount.sum(where=where).fill_null(0)


def whole(amount: ir.NumericColumn, where: ir.BooleanValue | None = None) -> ir.NumericScalar:
    """Return the sum of `amount` where it holds, 0 where nothing does; null when one is missing.

    So no sum is silently short of an amount that could not be converted.
    """
    lacks = amount.isnull().any(where=where)
    return ibis.ifelse(lacks, ibis.null("int64"), total(amount, where))


def share(part: ir.NumericValue, whole: ir.NumericValue) -> ir.FloatingValue:
    """Return part / whole as a float; null when the whole is 0."""
    return part.cast("float64") / whole.nullif(0).cast("float64")


def days_from(day: ir.DateValue, until: date) -> ir.IntegerValue:
    """Return the days from `day` to `until`, negative when it lies after."""
    return ibis.literal(until).delta(day, unit="day")


def month_of(day: ir.DateValue) -> ir.IntegerValue:
    """Return the number of the month of `day`: year × 12 + month − 1."""
    return day.year().cast("int64") * 12 + day.month().cast("int64") - 1


def month_text(month: ir.IntegerValue) -> ir.StringValue:
    """Return a month's number as text, such as 2026-03, for years of four digits."""
    in_year = month % 12
    year = ((month - in_year) / 12).cast("int64")
    return year.cast("string") + "-" + (in_year + 101).cast("string").substr(1)


def is_whole_month(month: ir.IntegerValue, period: Period) -> ir.BooleanValue:
    """Return whether every day of a month, by its number, belongs to the period."""
    whole = month < month_index(period.until_on)
    if period.from_on is not None:
        first = month_index(period.from_on) + (period.from_on.day > 1)
        whole = whole & (month >= first)
    return whole


def half_even(part: ir.IntegerValue, whole: ir.IntegerValue) -> ir.IntegerValue:
    """Return part / whole rounded half to even; `whole` is positive.

    Whole numbers throughout: only an exact quotient is divided, and that without loss below 2⁵³.
    """
    size = part.abs()
    left = size % whole
    down = ((size - left) / whole).cast("int64")
    up = (left * 2 > whole) | ((left * 2 == whole) & (down % 2 == 1))
    rounded = down + ibis.ifelse(up, 1, 0)
    return ibis.ifelse(part < 0, -rounded, rounded)


def counted(
    documents: ir.Table,
    *,
    amount: str,
    left_out: ir.BooleanValue | None = None,
    per_customer: bool = True,
) -> ir.Table:
    """Return the row of `spec.POPULATION` for documents (customer_id, currency, `amount`).

    `left_out` marks the documents of sources that tell no payments. Anonymous documents are
    counted apart, and left out of the others too where the answer is `per_customer`. An amount
    is null where one of its documents has none: those of the parts are apart from each other.
    """
    d = documents.mutate(_unsettled=ibis.literal(False) if left_out is None else left_out)
    anonymous = ~d._unsettled & d.customer_id.isnull()
    inside = ~d._unsettled & d.customer_id.notnull() if per_customer else ~d._unsettled
    return d.agg(
        customers=d.customer_id.nunique(where=inside),
        documents=d.count(where=inside),
        amount_minor=whole(d[amount], inside),
        anonymous_documents=d.count(where=anonymous),
        anonymous_minor=whole(d[amount], anonymous),
        unsettled_customers=d.customer_id.nunique(where=d._unsettled),
        unsettled_documents=d.count(where=d._unsettled),
        unsettled_minor=whole(d[amount], d._unsettled),
        currencies=d.currency.nunique(where=inside),
    )


def purchases_counted(purchases: ir.Table, period: Period) -> ir.Table:
    """Return the population of an analysis per customer over the purchases of a period."""
    return counted(
        purchases.filter(in_period(purchases.purchased_on, period)), amount="net_base_minor"
    )


def purchases_unrated(purchases: ir.Table, period: Period) -> ir.Table:
    """Return the purchases of customers in a period that have no amount: see `Analysis.unrated`."""
    p = purchases.filter(in_period(purchases.purchased_on, period))
    return unrated(p.filter(p.customer_id.notnull()), number="purchase_id", amount="net_base_minor")


def unrated(documents: ir.Table, *, number: str, amount: str) -> ir.Table:
    """Return (currency, document_id) of the documents whose `amount` is missing."""
    d = documents.filter(documents[amount].isnull())
    return d.select("currency", document_id=d[number])


def purchases_behind(purchases: ir.Table, period: Period) -> ir.Table:
    """Return the purchases of a period as `spec.DOCUMENTS`."""
    p = purchases.filter(in_period(purchases.purchased_on, period))
    return p.select(
        document_id=p.purchase_id,
        customer_id=p.customer_id,
        day=p.purchased_on,
        kind=p.kind,
        amount_minor=p.net_base_minor,
    )


def same(column: ir.Value, value: object) -> ir.BooleanValue:
    """Return whether `column` equals `value`, null being equal to None."""
    return column.isnull() if value is None else column == ibis.literal(value)
