"""Exchange rates, by day and with their origin."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction

from clientela.store.bulk import execute, staged


@transaction.atomic
def set_rates(*, base: str, rates: Iterable[tuple[str, date, Decimal]], origin: str) -> int:
    """Keep what one unit of each currency was worth in `base`; a day's last word counts.

    :param rates: (currency, day, rate). Returns how many are new or changed.
    """
    columns = {"currency": "text", "on_day": "date", "rate": "numeric"}
    with staged("given_rate", columns, rates):
        return execute(
            """insert into trade_exchangerate as e (currency, base, on_day, rate, origin)
               select currency, %s, on_day, rate, %s from given_rate
               on conflict (currency, base, on_day) do update
               set rate = excluded.rate, origin = excluded.origin
               where e.rate <> excluded.rate""",
            [base, origin],
        )
