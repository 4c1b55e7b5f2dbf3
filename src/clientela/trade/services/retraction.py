"""Voiding the documents of an import that is taken back."""

from datetime import datetime

from django.db import transaction

from clientela.records.services.holding import source_stands_still
from clientela.store.bulk import execute, fetch
from clientela.trade.services.matching import settle_freed

# Payments first: what is voided need not learn that it is applied no more.
_TABLES = ("trade_payment", "trade_allocation", "trade_invoice", "trade_delivery", "trade_order")


_SOURCES = """
select source_id from trade_invoice where run_id = %(run)s
union select source_id from trade_payment where run_id = %(run)s order by 1"""


@transaction.atomic
def void_run(*, run_id: int, at: datetime, reason: str) -> dict[str, int]:
    """Void every document of a run, its lines and allocations; return how many, by table.

    Allocations of other payments to its invoices end with them; they wait for the invoices from
    then on. Invoices that it had settled are open to what else names them. The caller writes the
    event.
    """
    for (source_id,) in fetch(_SOURCES, {"run": run_id}):
        source_stands_still(source_id)
    done = {}
    for table in _TABLES:
        because = "" if table == "trade_allocation" else ", void_reason = %(reason)s"
        query = f"""update {table} set voided_at = %(at)s{because}
                    where run_id = %(run)s and voided_at is null"""
        done[table.partition("_")[2]] = execute(query, {"at": at, "run": run_id, "reason": reason})
    settle_freed(run_id, at=at)
    return done
