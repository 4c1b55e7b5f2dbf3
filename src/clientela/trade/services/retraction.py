"""Voiding the documents of an import that is taken back."""

from datetime import datetime

from django.db import transaction

from clientela.store.bulk import execute

_TABLES = ("trade_allocation", "trade_payment", "trade_invoice", "trade_delivery", "trade_order")


@transaction.atomic
def void_run(*, run_id: int, at: datetime, reason: str) -> dict[str, int]:
    """Void every document of a run, its lines and allocations; return how many, by table.

    Allocations of later payments to its invoices end with them. The caller writes the event.
    """
    done = {}
    for table in _TABLES:
        because = "" if table == "trade_allocation" else ", void_reason = %(reason)s"
        query = f"""update {table} set voided_at = %(at)s{because}
                    where run_id = %(run)s and voided_at is null"""
        done[table.partition("_")[2]] = execute(query, {"at": at, "run": run_id, "reason": reason})
    return done
