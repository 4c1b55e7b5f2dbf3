"""Rates that lie far from those beside them: a slipped point, or the rate the other way round."""

from datetime import timedelta
from decimal import Decimal

from clientela.kernel.reasons import Invalid, Reason
from clientela.store.bulk import fetch

BESIDE = timedelta(days=31)  # how far back, or on, a rate is compared
TIMES = Decimal("1.1")  # a rate and the one beside it, the greater by the smaller
MOST = 200  # that are told of at once

# Days that are known, where what is given takes the place of what is held; `is_new`: it differs.
_KNOWN = """
    select g.currency, g.on_day, g.rate, e.rate is distinct from g.rate as is_new
    from given_rate g left join trade_exchangerate e on e.currency = g.currency
      and e.base = %(base)s and e.on_day = g.on_day and e.replaced_at is null
    union all
    select e.currency, e.on_day, e.rate, false
    from (select currency, min(on_day) as first, max(on_day) as last
          from given_rate group by currency) n
    join trade_exchangerate e on e.currency = n.currency and e.base = %(base)s
      and e.on_day between n.first - %(beside)s and n.last + %(beside)s and e.replaced_at is null
    where not exists (select from given_rate g
                      where g.currency = e.currency and g.on_day = e.on_day)"""

# Beside a new rate stand the one held before it and the one after; where none is, two new ones to
# either side, so that one slip among them is found and does not accuse the others.
_APART = f"""
with known as materialized ({_KNOWN}), placed as (
    select *, max(on_day) filter (where not is_new) over back as held_before,
           min(on_day) filter (where not is_new) over ahead as held_after,
           lag(on_day, 1) over days as before, lag(on_day, 2) over days as before_that,
           lead(on_day, 1) over days as after, lead(on_day, 2) over days as after_that
    from known
    window days as (partition by currency order by on_day),
           back as (days rows between unbounded preceding and 1 preceding),
           ahead as (partition by currency order by on_day desc
                     rows between unbounded preceding and 1 preceding)
), beside as (
    select p.currency, p.on_day, p.rate, k.on_day as near, k.rate as other, not k.is_new as is_held,
           greatest(p.rate, k.rate) > %(times)s * least(p.rate, k.rate) as is_far,
           bool_or(not k.is_new) over (partition by p.currency, p.on_day) as has_held
    from placed p
    cross join lateral (values (p.held_before, false), (p.held_after, false), (p.before, true),
        (p.before_that, true), (p.after, true), (p.after_that, true)) n (day, is_new)
    join known k on k.currency = p.currency and k.on_day = n.day and k.is_new = n.is_new
    where p.is_new and abs(n.day - p.on_day) <= %(beside)s
)
select currency, on_day, rate, (array_agg(near order by abs(near - on_day), near))[1],
       (array_agg(other order by abs(near - on_day), near))[1]
from beside where is_held = has_held group by currency, on_day, rate having bool_and(is_far)
order by on_day, currency limit %(most)s"""  # noqa: S608 - our own text


def demand_near(base: str, *, confirmed: bool) -> None:
    """Raise Invalid for staged rates far from those beside them, unless somebody says that they are
    right."""
    if not confirmed and (apart := rates_apart(base)):
        raise Invalid(*apart)


def rates_apart(base: str) -> list[Reason]:
    """Return why each staged rate that changes anything is to be looked at again: it is more than a
    tenth away from those held within a month of it or, without any, from all given beside it."""
    params = {"base": base, "beside": BESIDE.days, "times": TIMES, "most": MOST}
    return [
        Reason(
            code="rate_far_from_others",
            params={
                "field": "rate", "currency": currency, "day": str(day), "rate": _plain(rate),
                "near": str(near), "other": _plain(other),
            },
        )
        for currency, day, rate, near, other in fetch(_APART, params)
    ]  # fmt: skip


def _plain(rate: Decimal) -> str:
    return format(rate.normalize(), "f")
