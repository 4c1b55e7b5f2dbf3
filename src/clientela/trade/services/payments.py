"""Payments of a run, and their allocation to the invoices that they name."""

from datetime import datetime

from clientela.records.services.holding import source_stands_still
from clientela.store.bulk import execute, fetch
from clientela.trade.services.currencies import MONEY, money, rates_stand_still
from clientela.trade.services.lookups import account, document
from clientela.trade.services.matching import settle, unapplied

# What a payment that names no customer takes from its invoice.
_PAID = "id, account_id, customer_id, org_node_id, owner_id, currency"

# In two steps: once the payments are counted, the planner knows how many it joins.
_GIVEN = """
create temp table given_payment on commit drop as
select nextval(pg_get_serial_sequence('trade_payment', 'id')) as id, d.digest, s.*
from staging.unit d
join lateral (
    select p.unit as number, p.account, p.received_on, p.currency, p.amount_minor, p.method,
        p.invoice_number, p.node_id
    from staging.payment p where p.run_id = d.run_id and p.unit = d.unit offset 0
) s on true
where d.run_id = %(run)s and d.seq > %(after)s and d.seq <= %(upto)s and d.outcome = 'load'"""

# Most settle their invoice, and are written as if they did: `settle` corrects the others.
_PAYMENTS = f"""
insert into trade_payment (id, public_id, source_id, number, account_id, customer_id, org_node_id,
    owner_id, sold_by_id, currency, run_id, digest, recorded_at, void_reason, received_on, method,
    amount, amount_minor, amount_base_minor, invoice_number, customer_key, applied_minor, standing)
overriding system value
select s.id, gen_random_uuid(), %(source)s, s.number,
    coalesce(a.account_id, i.account_id),
    case when a.account_id is null then i.customer_id else a.customer_id end,
    coalesce(case when a.account_id is null then i.org_node_id else a.org_node_id end, s.node_id),
    case when a.account_id is null then i.owner_id else a.owner_id end, s.node_id, s.currency, %(run)s, s.digest,
    %(at)s, '', s.received_on, s.method, s.amount_minor * u.unit,
    s.amount_minor, scope.in_base(s.amount_minor, x.rate * u.scale), coalesce(s.invoice_number, ''),
    case when a.account_id is null then coalesce(s.account, '') else '' end,
    case when s.amount_minor > 0 and i.currency = s.currency then s.amount_minor else 0 end,
    case when s.amount_minor < 0 then 'paid_back' when i.currency = s.currency then 'applied'
         when i.id is not null then 'other_currency'
         when coalesce(s.invoice_number, '') <> '' then 'waits' else 'unnamed' end
from given_payment s
left join {document("invoice", "s.invoice_number", _PAID)} i on true
left join {account("s.account")} a on true
{MONEY.format(currency="s.currency", day="s.received_on")}"""

_OF_UNKNOWN = f"""
select count(*) from given_payment s where s.account is not null
  and not exists (select from {account("s.account")} known)"""

_NAMED = f"""
insert into to_settle select distinct i.id from given_payment s
join {document("invoice", "s.invoice_number")} i on true"""


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

    A payment that names an invoice not known here waits for it, and is counted apart; so are those
    of more than is open, those in another currency than their invoice, and those that name a
    customer whom the source does not know yet, and find him when he comes.
    """
    params = {
        "run": run_id, "source": source_id, "after": after, "upto": upto, "at": at,
        **money(digits, base),
    }  # fmt: skip
    rates_stand_still()
    source_stands_still(source_id)
    execute(_GIVEN, params)
    execute("analyze given_payment")
    payments = execute(_PAYMENTS, params)
    allocations = settle(_NAMED, params, at=at)
    left = unapplied()
    (left["payments_of_unknown"],) = fetch(_OF_UNKNOWN, params)[0]
    execute("drop table given_payment")
    return {"payments": payments, "allocations": allocations, **left}
