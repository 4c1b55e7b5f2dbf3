"""Exchange rates, by day and with their origin; documents follow what is set.

A rate is never written over: another for the same day takes its place, and the one of before stays
with the instant at which it ceased to hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import DataError, transaction

from clientela.audit.services import record_event
from clientela.kernel.days import FIRST_DAY
from clientela.kernel.money import NotMoney, exponent_of
from clientela.kernel.rates import DIGITS, HOLDS_FOR, PLACES
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.permits import Access
from clientela.security.selectors import base_currency
from clientela.store.bulk import execute, fetch, staged
from clientela.store.context import system_context
from clientela.trade.models import ExchangeRate
from clientela.trade.selectors.rates import unconverted
from clientela.trade.services.currencies import hold_rates
from clientela.trade.services.rates_apart import demand_near
from clientela.trade.services.rerating import Touched, rerate

DECIMALS, INTEGER_DIGITS = PLACES, DIGITS  # of a rate
_COLUMNS = {"currency": "text", "on_day": "date", "rate": "numeric"}


@dataclass(frozen=True, kw_only=True)
class GivenRate:
    """What one unit of `currency` is worth in `base` on a day."""

    currency: str
    base: str
    on_day: date
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class RatesEntered:
    """What came of rates that were given. `documents`: whose amounts followed."""

    added: int
    corrected: int
    unchanged: int
    documents: int


@transaction.atomic
def set_rates(
    *, base: str, rates: Iterable[tuple[str, date, Decimal]], origin: str, at: datetime
) -> int:
    """Keep what one unit of each currency was worth in `base`, before there are documents.

    :param rates: (currency, day, rate). Returns how many are new or changed.
    """
    with staged("given_rate", _COLUMNS, rates):
        return _written(base, origin, by="", at=at)


def faults_of(given: GivenRate, base: str, today: date) -> list[Reason]:
    """Return why a rate cannot be kept: none where it can.

    :param base: the group's currency, in which rates are given.
    """
    found = list[Reason]()
    for field, code in (("from", given.currency), ("to", given.base)):
        try:
            exponent_of(code)
        except NotMoney:
            found.append(Reason(code="rate_currency_unknown", params={"field": field}))
    if found:
        return found
    if given.base != base:
        found.append(Reason(code="rate_not_in_base", params={"field": "to", "base": base}))
    elif given.currency == base:
        found.append(Reason(code="rate_of_base", params={"field": "from", "base": base}))
    sign, digits, exponent = given.rate.as_tuple()
    places = -exponent if isinstance(exponent, int) else DECIMALS + 1
    if sign or not any(digits) or places > DECIMALS or given.rate.adjusted() >= INTEGER_DIGITS:
        found.append(Reason(code="rate_out_of_range", params={"field": "rate"}))
    if given.on_day > today + timedelta(days=1):  # tomorrow has begun somewhere
        found.append(Reason(code="rate_in_the_future", params={"field": "day"}))
    if given.on_day < FIRST_DAY:
        found.append(Reason(code="date_too_early", params={"field": "day"}))
    return found


@transaction.atomic
def enter_rates(
    *,
    access: Access,
    rates: Sequence[GivenRate],
    origin: str,
    at: datetime,
    dry_run: bool = False,
    confirmed: bool = False,
) -> RatesEntered:
    """Keep rates, all or none; amounts of documents in the group's currency follow at once.

    Raises NotPermitted; Invalid for a rate that cannot be kept, for one far from those beside it,
    and for a group without currency.
    :param dry_run: say what would come of it, and change nothing.
    :param confirmed: they are right, however far from those beside them.
    """
    access.demand("rate.write")
    base = demand_base()
    rows = _rows(rates, base, at.date())
    hold_rates()
    with staged("given_rate", _COLUMNS, ((*key, rate) for key, rate in rows.items())):
        demand_near(base, confirmed=confirmed)
        touched, corrected, added = _differing(base)
        documents = 0
        before = _rate_before(rates, base)
        if not dry_run and touched:
            _written(base, origin, by=access.username, at=at)
    changed = added + corrected
    if not dry_run and touched:
        with system_context("amounts follow the rates of the whole group"):
            documents = _followed(base, touched)
        after = {
            "base": base, "origin": origin, "added": added, "corrected": corrected,
            "documents": documents, "days": _days(touched), **_single(rates, changed),
        }  # fmt: skip
        record_event(act="trade.rates.set", at=at, rows=changed, before=before, after=after)
    return RatesEntered(
        added=added, corrected=corrected, unchanged=len(rows) - changed, documents=documents
    )


def _days(touched: Sequence[Touched]) -> str:
    """Return the currencies and days of which rates changed, for the trail."""
    return "; ".join(f"{one.currency} {one.since} – {one.until - HOLDS_FOR}" for one in touched)


def _followed(base: str, touched: list[Touched]) -> int:
    """Let documents follow what was entered; return how many. Raises Invalid for a rate at which an
    amount of theirs is more than can be kept."""
    try:
        return rerate(base=base, touched=touched)
    except DataError as error:
        raise Invalid(Reason(code="rate_out_of_range", params={"field": "rate"})) from error


def _rows(rates: Sequence[GivenRate], base: str, today: date) -> dict[tuple[str, date], Decimal]:
    """Return each rate by currency and day. Raises Invalid for what cannot be kept."""
    rows: dict[tuple[str, date], Decimal] = {}
    reasons = list[Reason]()
    for one in rates:
        reasons += faults_of(one, base, today)
        if rows.setdefault((one.currency, one.on_day), one.rate) != one.rate:
            reasons.append(given_twice(one))
    if reasons:
        raise Invalid(*reasons)
    return rows


def given_twice(rate: GivenRate) -> Reason:
    """Return why two rates for one day cannot both be kept."""
    params = {"field": "rate", "currency": rate.currency, "day": str(rate.on_day)}
    return Reason(code="rate_given_twice", params=params)


def take_amounts_anew() -> int:
    """Work out what documents without an amount are in the group's currency of now; return how many.

    Called where that currency was corrected: before, no document had an amount in it.
    """
    base = base_currency()
    hold_rates()
    touched = [Touched(currency=c, since=first, until=last) for c, first, last, _ in unconverted()]
    return rerate(base=base, touched=touched) if base and touched else 0


def demand_base() -> str:
    """Return the group's currency. Raises Invalid where there is none yet."""
    base = base_currency()
    if not base:
        raise Invalid(Reason(code="rates_need_base"))
    return base


def _single(rates: Sequence[GivenRate], changed: int) -> dict[str, str]:
    """Return the rate itself, where it was one: a file is told by its days."""
    return {"rate": str(rates[0].rate)} if changed == len(rates) == 1 else {}


def _rate_before(rates: Sequence[GivenRate], base: str) -> dict[str, str] | None:
    """Return what held before a single rate, where one did."""
    if len(rates) != 1:
        return None
    held = ExchangeRate.objects.filter(
        currency=rates[0].currency, base=base, on_day=rates[0].on_day, replaced_at=None
    ).first()
    return {"rate": format(held.rate.normalize(), "f")} if held else None


def _differing(base: str) -> tuple[list[Touched], int, int]:
    """Return which days of which currencies change, and how many are corrected and added."""
    rows = fetch(
        """select g.currency, min(g.on_day), max(g.on_day), count(e.id), count(*)
           from given_rate g left join trade_exchangerate e on e.currency = g.currency
             and e.base = %s and e.on_day = g.on_day and e.replaced_at is null
           where e.rate is distinct from g.rate group by g.currency order by g.currency""",
        [base],
    )
    touched = [Touched(currency=c, since=s, until=u + HOLDS_FOR) for c, s, u, _, _ in rows]
    corrected = sum(row[3] for row in rows)
    return touched, corrected, sum(row[4] for row in rows) - corrected


def _written(base: str, origin: str, *, by: str, at: datetime) -> int:
    execute(
        """update trade_exchangerate e set replaced_at = %s from given_rate g
           where e.currency = g.currency and e.base = %s and e.on_day = g.on_day
             and e.replaced_at is null and e.rate <> g.rate""",
        [at, base],
    )
    return execute(
        """insert into trade_exchangerate (currency, base, on_day, rate, origin, recorded_at,
             recorded_by)
           select currency, %s, on_day, rate, %s, %s, %s from given_rate
           on conflict (currency, base, on_day) where replaced_at is null do nothing""",
        [base, origin, at, by],
    )
