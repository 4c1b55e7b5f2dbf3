"""Whether a source tells what was paid: its invoices are receivables only where it does."""

from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.filters import demand_choice
from clientela.kernel.reasons import NotPermitted
from clientela.records.models import Source
from clientela.security.permits import Access
from clientela.store.bulk import execute
from clientela.store.context import system_context


@transaction.atomic
def set_settlement(*, access: Access, source_id: int, settlement: str, at: datetime) -> int:
    """Say from now on what a source knows of payment; return how many of its documents followed.

    Raises NotPermitted; Invalid for a word that is none.
    """
    source = Source.objects.select_for_update().get(pk=source_id)
    if not access.reach("source.write").covers(node_id=source.org_node_id, owner_id=access.user_id):
        raise NotPermitted(access.lacks("source.write"))
    demand_choice("settlement", settlement, Source.Settlement.values)
    before = source.settlement
    if before == settlement:
        return 0
    source.settlement = settlement
    source.save(update_fields=["settlement"])
    with system_context("documents of a source follow it, whoever reaches them"):
        documents = execute(
            "update trade_invoice set settlement = %s where source_id = %s and settlement <> %s",
            [settlement, source.pk, settlement],
        )
    record_event(
        act="trade.source.settlement_set",
        at=at,
        subject=("records.Source", source.public_id),
        rows=documents,
        before={"settlement": before},
        after={"settlement": settlement},
    )
    return documents
