"""Balances in one currency: at the rate in force on the last day, not at the documents' own.

    value = open amount × rate, in minor units, rounded once for each document, half to even
    rate  = the newest one of the last day and the seven days before it

Whole numbers throughout, since engines differ in decimals of more than 18 digits: what a minor
unit is worth comes in three parts (see the contract) and the amount is cut in two, so that no
product is too large. An amount of which no rate is in force has no value: null, and so has a sum.
"""

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Tables
from clientela.kernel.period import Period
from clientela.kernel.rates import HOLDS_FOR
from clientela.tables.exchange_rates import EXCHANGE_RATES, LIMB
from clientela.tables.invoices import INVOICES

WORTH = ("unit_whole", "unit_high", "unit_low")
RATE_COLUMNS = ("rate_id", "currency", "base", "on_day", *WORTH)


def valued(items: ir.Table, tables: Tables, period: Period) -> ir.Table:
    """Return items (currency, open_minor) with `open_base_minor`, their value on the last day."""
    i = items.drop("open_base_minor").mutate(
        left=_over_limb(items.open_minor), right=items.open_minor % LIMB
    )
    i = i.left_join(in_force(tables[EXCHANGE_RATES.name], period), "currency")
    return i.mutate(open_base_minor=_product(i)).drop("currency_right", "left", "right", *WORTH)


def with_rates(tables: Tables) -> Tables:
    """Return tables with rates: where none are given, documents of one currency need none.

    They are taken in it. Of several currencies without rates no balance has a value.
    """
    if EXCHANGE_RATES.name in tables:
        return tables
    i = tables[INVOICES.name]
    found = i.agg(first=i.currency.min(), last=i.currency.max())
    only = found.filter(found.first == found.last)
    rates = _worth_itself(only.select(base=only.first), rate_id=0, on_day=ibis.null("date"))
    i = i.cross_join(found)
    own = ibis.ifelse(i.first == i.last, i.gross_minor, i.gross_base_minor)
    i = i.mutate(gross_base_minor=own).drop("first", "last")
    return {**tables, INVOICES.name: i, EXCHANGE_RATES.name: rates}


def in_force(rates: ir.Table, period: Period) -> ir.Table:
    """Return the rate of each currency on the last day: currency, unit_whole, unit_high, unit_low.

    The base needs none. Rates in several bases say nothing, for no amount says in which it is.
    """
    last_on = ibis.literal(period.last_on)
    r = rates.filter(
        (rates.on_day <= last_on)
        & (rates.on_day >= ibis.literal(period.last_on - HOLDS_FOR))
        & (rates.currency != rates.base)
    )
    bases = rates.select("base").distinct()
    r = r.union(_worth_itself(bases, rate_id=0, on_day=last_on))
    newest = ibis.window(group_by=r.currency, order_by=[ibis.desc(r.on_day), ibis.desc(r.rate_id)])
    everywhere = ibis.window()
    r = r.mutate(
        place=ibis.row_number().over(newest),
        in_one_base=r.base.min().over(everywhere) == r.base.max().over(everywhere),
    )
    return r.filter((r.place == 0) & r.in_one_base).select("currency", *WORTH)


def newest_days(rates: ir.Table, period: Period) -> ir.Table:
    """Return the newest day until the last one that each currency has a rate of: `rated_on`."""
    r = rates.filter(rates.on_day <= ibis.literal(period.last_on))
    return r.group_by("currency").agg(rated_on=r.on_day.max())


def _worth_itself(bases: ir.Table, *, rate_id: int, on_day: ir.DateValue) -> ir.Table:
    zero = ibis.literal(0, type="int64")
    return bases.select(
        rate_id=ibis.literal(rate_id, type="int64"),
        currency=bases.base,
        base=bases.base,
        on_day=on_day,
        unit_whole=zero + 1,
        unit_high=zero,
        unit_low=zero,
    )


def _product(i: ir.Table) -> ir.IntegerValue:
    """Return open amount × worth of a unit, rounded half to even; nothing is negative.

    With amount = left · 10⁷ + right, `middle` counts 10⁻⁷ and `smallest` 10⁻¹⁴ of a minor unit.
    """
    smallest = i.right * i.unit_low
    middle = i.right * i.unit_high + i.left * i.unit_low + smallest // LIMB
    down = i.open_minor * i.unit_whole + i.left * i.unit_high + _over_limb(middle)
    rest = middle % LIMB * LIMB + smallest % LIMB
    half = LIMB**2 // 2
    up = (rest > half) | ((rest == half) & (down % 2 == 1))
    return down + ibis.ifelse(up, 1, 0)


def _over_limb(part: ir.IntegerValue) -> ir.IntegerValue:
    """Return the whole quotient of a number up to 10¹⁸ that is not negative, by 10⁷.

    Where engines divide as floats, that of a multiple is off by far less than a half.
    """
    return ((part - part % LIMB) / LIMB).round().cast("int64")
