"""What settles what, where a payment is for several invoices or a credit note for one.

A payment that names its only invoice is allocated as it is loaded (`payments`); this is
for the rest, and for the reasons of delays that the source knows.
"""

from collections.abc import Iterable

from django.db import transaction

from clientela.store.bulk import execute, staged

# A copy of the staged rows that can be counted, so that the planner knows how many it joins.
_GIVEN = """
create temp table given_allocation on commit drop as
select * from staging.allocation where run_id = %(run)s"""

# At the invoice's rate, so that a settled invoice leaves nothing open in either currency.
_ALLOCATIONS = """
insert into trade_allocation (invoice_id, payment_id, credit_note_id, allocated_on, currency,
    amount_minor, amount_base_minor, delay_reason, delay_is_ours, run_id, customer_id,
    org_node_id, owner_id)
select i.id, p.id, n.id, s.allocated_on, i.currency, s.amount_minor,
    round(i.gross_base_minor * s.amount_minor::numeric / nullif(i.gross_minor, 0))::bigint,
    s.delay_reason, s.delay_is_ours, %(run)s, i.customer_id, i.org_node_id, i.owner_id
from given_allocation s
join trade_invoice i on i.source_id = %(source)s and i.number = s.invoice_number
    and i.voided_at is null
left join trade_payment p on p.source_id = %(source)s and p.number = s.payment_number
    and p.voided_at is null
left join trade_invoice n on n.source_id = %(source)s and n.number = s.credit_number
    and n.voided_at is null"""

_CREDITS = """
update trade_invoice n set credits_id = i.id
from given_allocation s
join trade_invoice i on i.source_id = %(source)s and i.number = s.invoice_number
    and i.voided_at is null
where n.source_id = %(source)s and n.number = s.credit_number
  and n.voided_at is null and n.credits_id is null"""


@transaction.atomic
def load_allocations(*, run_id: int, source_id: int) -> dict[str, int]:
    """Write the staged allocations of a run; return rows written by table.

    A credit note that is allocated is noted as crediting that invoice.
    """
    params = {"run": run_id, "source": source_id}
    execute(_GIVEN, params)
    execute("analyze given_allocation")
    allocations = execute(_ALLOCATIONS, params)
    execute(_CREDITS, params)
    execute("drop table given_allocation")
    execute("delete from staging.allocation where run_id = %(run)s", params)
    return {"allocations": allocations}


@transaction.atomic
def note_our_delays(*, source_id: int, numbers: Iterable[str]) -> int:
    """Note that invoices are open through our own delivery, invoice or goods; return how many."""
    with staged("our_delay", {"number": "text"}, ((number,) for number in numbers)):
        return execute(
            """update trade_invoice i set delay_is_ours = true from our_delay d
               where i.source_id = %s and i.number = d.number and i.voided_at is null
                 and not i.delay_is_ours""",
            [source_id],
        )
