"""Amounts of a batch in their own currency and in the group's: what each currency is worth.

`MONEY` is joined once for each document; its lines take `unit` and `factor` from there.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from clientela.store.bulk import execute
from clientela.trade.selectors.rates import RATE

_LOCK = "clientela exchange rates"

# unit: what one minor unit is in the currency. factor: minor units -> the group's minor
# units on the day, for scope.in_base; null where the day has no rate.
MONEY = f"""
join unnest(%(currencies)s::text[], %(units)s::numeric[], %(scales)s::numeric[])
    u (currency, unit, scale) on u.currency = {{currency}}
left join lateral ({RATE}) x on true"""


def money(digits: Mapping[str, int], base: str) -> dict[str, Any]:
    """Return the parameters of `MONEY`.

    :param digits: decimals of each currency that occurs, the base included.
    :param base: the group's currency.
    """
    return {
        "base": base,
        "currencies": list(digits),
        "units": [Decimal(1).scaleb(-n) for n in digits.values()],
        "scales": [Decimal(1).scaleb(digits[base] - n) for n in digits.values()],
    }


def rates_stand_still() -> None:
    """Keep rates from changing until this transaction ends: its documents take what stands now.

    Documents that come in while rates are set would be reached by neither.
    """
    execute("select pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_LOCK])


def hold_rates() -> None:
    """Let nobody else load documents or set rates until this transaction ends."""
    execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
