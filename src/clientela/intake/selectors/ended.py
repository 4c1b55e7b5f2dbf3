"""Which imports changed the books since a point in the database's own counting of transactions.

A run is written to last in the transaction that ends it. The number of that transaction is
compared, never a clock: one that commits late has a number that the point does not cover.
"""

from datetime import datetime, timedelta

from clientela.intake.models import Run
from clientela.store.bulk import fetch
from clientela.store.context import system_context

LOOKED_BACK = timedelta(days=7)
_CIRCLE = 2**32  # a row tells the number of its transaction on a circle of this size


def runs_ended_since(transaction: int, *, at: datetime) -> int:
    """Return how many runs ended, or were taken back, in that transaction or later.

    Of all runs, whoever asks: a number tells nothing of them, and what they brought may be in
    reach where the run itself is not.
    """
    given = {
        "states": [Run.State.DONE, Run.State.TAKEN_BACK],
        "from": at - LOOKED_BACK,
        "transaction": transaction % _CIRCLE,
        "circle": _CIRCLE,
        "half": _CIRCLE // 2,
    }
    with system_context("how many imports the copy lacks is said to whoever reads it"):
        ((count,),) = fetch(
            """select count(*) from intake_run
               where state = any(%(states)s) and not dry_run
                 and greatest(finished_at, taken_back_at) > %(from)s
                 and (xmin::text::bigint - %(transaction)s + %(circle)s) %% %(circle)s
                     < %(half)s""",
            given,
        )
    return int(count)


def transactions_ended() -> int:
    """Return the number below which every transaction of the database has ended."""
    ((number,),) = fetch("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(number)
