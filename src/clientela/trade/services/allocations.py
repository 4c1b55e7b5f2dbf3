"""What settles what, where a payment is for several invoices or a credit note for one.

A payment that names its only invoice is allocated as it is loaded (`payments`); this is
for the rest, and for the reasons of delays that the source knows.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from clientela.store.bulk import execute, staged
from clientela.trade.services.lookups import document
from clientela.trade.services.matching import settle

_SETTLED = "id, customer_id, org_node_id, owner_id, currency, gross_minor, gross_base_minor"

# A copy of the staged rows that can be counted, so that the planner knows how many it joins.
_GIVEN = """
create temp table given_allocation on commit drop as
select * from staging.allocation where run_id = %(run)s"""

# At the invoice's rate, so that a settled invoice leaves nothing open in either currency.
_ALLOCATIONS = f"""
insert into trade_allocation (invoice_id, payment_id, credit_note_id, allocated_on, currency,
    amount_minor, amount_base_minor, delay_reason, delay_is_ours, run_id, customer_id,
    org_node_id, owner_id)
select i.id, p.id, n.id, s.allocated_on, i.currency, s.amount_minor,
    round(i.gross_base_minor * s.amount_minor::numeric / nullif(i.gross_minor, 0))::bigint,
    s.delay_reason, s.delay_is_ours, %(run)s, i.customer_id, i.org_node_id, i.owner_id
from given_allocation s
join {document("invoice", "s.invoice_number", _SETTLED)} i on true
left join {document("payment", "s.payment_number")} p on true
left join {document("invoice", "s.credit_number")} n on true"""

_CREDITS = f"""
update trade_invoice n set credits_id = m.invoice_id
from (
    select c.id, i.id as invoice_id from given_allocation s
    join {document("invoice", "s.credit_number")} c on true
    join {document("invoice", "s.invoice_number")} i on true
) m where n.id = m.id and n.credits_id is null"""

# What names an invoice settles what these leave of it, also where it came before them.
_TOO_MUCH = f"""
insert into to_settle
select i.id from (
    select distinct i.id, i.gross_minor from given_allocation s
    join {document("invoice", "s.invoice_number", "id, gross_minor")} i on true
) i
join lateral (
    select sum(a.amount_minor) as settled_minor from trade_allocation a
    where a.invoice_id = i.id and a.voided_at is null offset 0
) a on a.settled_minor > i.gross_minor"""


@transaction.atomic
def load_allocations(*, run_id: int, source_id: int, at: datetime) -> dict[str, int]:
    """Write the staged allocations of a run; return rows written by table.

    A credit note that is allocated is noted as crediting that invoice. Payments and credit notes
    that name an invoice give way, as of `at`, to what is allocated to it here.
    """
    params: dict[str, object] = {"run": run_id, "source": source_id}
    execute(_GIVEN, params)
    execute("analyze given_allocation")
    allocations = execute(_ALLOCATIONS, params)
    execute(_CREDITS, params)
    settle(_TOO_MUCH, params, at=at)
    execute("drop table given_allocation")
    execute("delete from staging.allocation where run_id = %(run)s", params)
    return {"allocations": allocations}


@transaction.atomic
def note_our_delays(*, source_id: int, numbers: Iterable[str]) -> int:
    """Note that invoices are open through our own delivery, invoice or goods; return how many."""
    with staged("our_delay", {"number": "text"}, ((number,) for number in numbers)):
        return execute(
            f"""update trade_invoice n set delay_is_ours = true
                from (select i.id from our_delay s join {document("invoice", "s.number")} i on true)
                    m where n.id = m.id and not n.delay_is_ours""",
            {"source": source_id},
        )
