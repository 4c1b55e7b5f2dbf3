"""What a currency was worth on a day, and of which days that is not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from clientela.security.permits import Access
from clientela.security.selectors import base_currency
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.trade.models import ExchangeRate

# The rate of a currency in the group's on a day: 1 for itself, else the last one given, if
# it is at most seven days old. A lateral sub-select; `%(base)s` is the group's currency.
RATE = """
    select 1::numeric as rate where {currency} = %(base)s
    union all
    (select e.rate from trade_exchangerate e
     where {currency} <> %(base)s and e.currency = {currency} and e.base = %(base)s
       and e.replaced_at is null and e.on_day <= {day} and e.on_day > {day} - 8
     order by e.on_day desc limit 1)"""


@dataclass(frozen=True, kw_only=True)
class MissingRate:
    """A currency of documents without an amount in the group's, from which day to which."""

    currency: str
    base: str
    first_on: date
    last_on: date
    documents: int


_MISSING = """
select d.currency, min(d.on_day), max(d.on_day), count(*) from (
    select currency, issued_on as on_day, run_id from trade_invoice
    where net_base_minor is null and voided_at is null
    union all
    select currency, received_on, run_id from trade_payment
    where amount_base_minor is null and voided_at is null
    union all
    select currency, ordered_on, run_id from trade_order
    where net_base_minor is null and voided_at is null
) d where d.on_day <= %(until)s and (%(run)s::bigint is null or d.run_id = %(run)s)
group by d.currency order by count(*) desc, d.currency"""


def missing_rates(access: Access, *, today: date) -> list[MissingRate]:
    """Return which rates documents of the group lack, those of most documents first.

    A document of a coming day lacks none yet: nobody can know that rate. They are of the whole group, whatever the reader reaches: counts by currency, nothing of any
    customer. Raises NotPermitted.
    """
    access.demand("rate.read")
    base = base_currency()
    with system_context("counting the documents that lack a rate"):
        rows = unconverted(until=today)
    return [
        MissingRate(currency=c, base=base, first_on=first, last_on=last, documents=n)
        for c, first, last, n in rows
    ]


def unconverted(*, until: date = date.max) -> list[tuple[str, date, date, int]]:
    """Return currency, first and last day and number of documents without a converted amount.

    :param until: the last day of documents that are looked at.

    The caller sees the whole company.
    """
    return fetch(_MISSING, {"until": until, "run": None})


def without_rate_of_run(run_id: int, *, today: date) -> dict[str, int]:
    """Return how many documents of a run lack an amount in the group's currency, by their own."""
    with system_context("counting the documents of an import that lack a rate"):
        rows = fetch(_MISSING, {"until": today, "run": run_id})
    return {currency: documents for currency, _, _, documents in rows}


def rates_in_force(access: Access) -> QuerySet[ExchangeRate]:
    """Return the rates that hold, without an order. Raises NotPermitted."""
    access.demand("rate.read")
    return ExchangeRate.objects.filter(base=base_currency(), replaced_at=None)


def newest_rates(access: Access) -> QuerySet[ExchangeRate]:
    """Return the newest rate of each currency, by currency. Raises NotPermitted."""
    rates = rates_in_force(access).order_by("currency", "-on_day", "-id")
    return rates.distinct("currency")


def rates_before(rates: Iterable[ExchangeRate]) -> dict[int, Decimal]:
    """Return, by the id of a rate in force, the one that it took the place of, where it did."""
    query = """
        select distinct on (e.id) e.id, b.rate from trade_exchangerate e
        join trade_exchangerate b on b.currency = e.currency and b.base = e.base
            and b.on_day = e.on_day and b.replaced_at is not null
        where e.id = any(%s) order by e.id, b.replaced_at desc, b.id desc"""
    return dict(fetch(query, [[rate.pk for rate in rates]]))
