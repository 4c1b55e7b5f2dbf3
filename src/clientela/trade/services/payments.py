"""Payments of a run, and their allocation to the invoices that they name."""

from datetime import datetime

from clientela.store.bulk import execute
from clientela.trade.selectors.rates import RATE

_PAYMENTS = f"""
insert into trade_payment (public_id, source_id, number, account_id, customer_id, org_node_id,
    owner_id, sold_by_id, currency, run_id, digest, recorded_at, void_reason, received_on, method,
    amount, amount_minor, amount_base_minor)
select gen_random_uuid(), %(source)s, s.unit, r.id, c.id, coalesce(c.org_node_id, s.node_id),
    c.owner_id, s.node_id, s.currency, %(run)s, d.digest, %(at)s, '', s.received_on, s.method,
    s.amount_minor / power(10::numeric, u.digits), s.amount_minor,
    scope.to_base(s.amount_minor, x.rate, u.digits, u.base_digits)
from staging.unit d
join staging.payment s on s.run_id = d.run_id and s.unit = d.unit
left join trade_invoice i on i.source_id = %(source)s and i.number = s.invoice_number
    and i.voided_at is null
left join records_sourcerecord r on r.id = coalesce(
    (select a.id from records_sourcerecord a where a.source_id = %(source)s and a.key = s.account),
    i.account_id)
left join records_link k on k.source_record_id = r.id and k.ended_at is null
left join records_customer c on c.id = k.customer_id
left join lateral ({RATE.format(currency="s.currency", day="s.received_on")}) x on true
join unnest(%(currencies)s::text[], %(digits)s::int[], %(base_digits)s::int[])
    u (currency, digits, base_digits) on u.currency = s.currency
where d.run_id = %(run)s and d.seq > %(after)s and d.seq <= %(upto)s and d.outcome = 'load'"""

# At the invoice's rate, so that a settled invoice leaves nothing open in either currency.
_ALLOCATIONS = """
insert into trade_allocation (invoice_id, payment_id, allocated_on, currency, amount_minor,
    amount_base_minor, delay_reason, delay_is_ours, run_id, customer_id, org_node_id, owner_id)
select i.id, p.id, p.received_on, p.currency, p.amount_minor,
    round(i.gross_base_minor * p.amount_minor::numeric / nullif(i.gross_minor, 0))::bigint, '',
    false, %(run)s, i.customer_id, i.org_node_id, i.owner_id
from staging.unit d
join staging.payment s on s.run_id = d.run_id and s.unit = d.unit
join trade_payment p on p.source_id = %(source)s and p.number = s.unit and p.run_id = %(run)s
join trade_invoice i on i.source_id = %(source)s and i.number = s.invoice_number
    and i.currency = p.currency and i.voided_at is null
where d.run_id = %(run)s and d.seq > %(after)s and d.seq <= %(upto)s and d.outcome = 'load'
  and p.amount_minor > 0"""


def load_payments(
    *,
    run_id: int,
    source_id: int,
    base: str,
    digits: dict[str, int],
    after: int,
    upto: int,
    at: datetime,
) -> dict[str, int]:
    """Write the payments `after < seq <= upto` of a run; return rows written by table.

    A payment that names an invoice not known here is kept unallocated, never dropped.
    """
    params = {
        "run": run_id, "source": source_id, "base": base, "after": after, "upto": upto, "at": at,
        "currencies": list(digits), "digits": list(digits.values()),
        "base_digits": [digits[base]] * len(digits),
    }  # fmt: skip
    payments = execute(_PAYMENTS, params)
    return {"payments": payments, "allocations": execute(_ALLOCATIONS, params)}
