"""Invoices and credit notes of a run, from staging to the books, a batch of documents at once.

A document is loaded whole or not at all. Its amounts in the group's currency are taken
at the rate of its day (see `trade.selectors.rates.RATE`); without a rate they stay null, and an
analysis that needs them says which documents they are missing from.
"""

from datetime import datetime

from clientela.records.services.holding import source_stands_still
from clientela.store.bulk import execute
from clientela.trade.numbers import paid_key_sql
from clientela.trade.services.currencies import MONEY, money, rates_stand_still
from clientela.trade.services.lookups import account, document, product
from clientela.trade.services.matching import settle

# Who sold: the place that the rows name or their source belongs to; where that is above the branch
# that serves the customer, as of a source of the whole group, that branch.
_BATCH = f"""
create temp table batch on commit drop as
select d.seq, nextval((select pg_get_serial_sequence('trade_invoice', 'id')::regclass)) as id, d.unit as number, d.digest,
    l.kind, l.account, l.issued_on, l.issued_at, l.due_on, l.order_number, l.currency,
    coalesce(served.id, l.node_id) as node_id,
    l.credits_number, l.disputed, l.net_minor, l.tax_minor, l.cost_minor, l.lines, l.paid_on, c.account_id, c.customer_id,
    coalesce(c.org_node_id, l.node_id) as org_node_id, c.owner_id, u.unit as money_unit,
    x.rate * u.scale as factor
from staging.unit d
join lateral (
    select (array_agg(s.kind order by s.row_no))[1] as kind,
        (array_agg(s.account order by s.row_no))[1] as account,
        min(s.issued_on) as issued_on, min(s.issued_at) as issued_at, min(s.due_on) as due_on,
        max(s.paid_on) as paid_on,
        (array_agg(s.order_number order by s.row_no))[1] as order_number,
        case when count(distinct s.credits_number) = 1 then min(s.credits_number) end
            as credits_number,
        coalesce(bool_or(s.disputed), false) as disputed,
        (array_agg(s.currency order by s.row_no))[1] as currency,
        (array_agg(s.node_id order by s.row_no))[1] as node_id,
        sum(s.net_minor)::bigint as net_minor, sum(s.tax_minor)::bigint as tax_minor,
        case when bool_and(s.cost_minor is not null) then sum(s.cost_minor)::bigint end
            as cost_minor, count(*) as lines
    from staging.sales_line s where s.run_id = d.run_id and s.unit = d.unit
) l on true
{MONEY.format(currency="l.currency", day="l.issued_on")}
left join {account("l.account")} c on true
left join lateral (
    select m.id from security_orgnode s join security_orgnode m on starts_with(m.path, s.path)
    where s.id = l.node_id and m.id = c.org_node_id offset 0
) served on true
where d.run_id = %(run)s and d.seq > %(after)s and d.seq <= %(upto)s and d.outcome = 'load'"""

_INVOICES = f"""
insert into trade_invoice (id, public_id, source_id, number, account_id, customer_id, org_node_id,
    owner_id, sold_by_id, currency, run_id, digest, recorded_at, void_reason, kind, settlement,
    issued_on, issued_at, due_on, order_id, net, tax, net_minor, gross_minor, net_base_minor,
    gross_base_minor, cost_minor, cost_base_minor, delay_is_ours, lines_count, credits_number,
    disputed)
overriding system value
select b.id, gen_random_uuid(), %(source)s, b.number, b.account_id, b.customer_id, b.org_node_id,
    b.owner_id, b.node_id, b.currency, %(run)s, b.digest, %(at)s, '', b.kind, %(settlement)s,
    b.issued_on, b.issued_at, b.due_on, o.id, b.net_minor * b.money_unit,
    b.tax_minor * b.money_unit, b.net_minor, b.net_minor + b.tax_minor,
    scope.in_base(b.net_minor, b.factor), scope.in_base(b.net_minor + b.tax_minor, b.factor),
    b.cost_minor, scope.in_base(b.cost_minor, b.factor), false, b.lines,
    coalesce(b.credits_number, ''), b.disputed
from batch b
left join {document("order", "b.order_number")} o on true"""

# A line's amount in the group's currency is what it adds to the rounded running total: rounded
# each for itself, the lines of a document would not add up to the document.
_LINES = f"""
insert into trade_invoiceline (invoice_id, line, product_id, text, quantity, unit_price, net_minor,
    net_base_minor, cost_minor, cost_base_minor, currency, kind, issued_on, source_id, customer_id,
    org_node_id, owner_id, sold_by_id, flags)
select s.id, s.line, p.id,
    case when p.name is distinct from s.product_name then coalesce(s.product_name, '') else '' end,
    s.quantity, s.unit_price, s.net_minor,
    scope.in_base(s.net_so_far, s.factor) - scope.in_base(s.net_so_far - s.net_minor, s.factor),
    s.cost_minor,
    scope.in_base(s.cost_so_far, s.factor) - scope.in_base(s.cost_so_far - s.cost_minor, s.factor),
    s.currency, s.kind, s.issued_on, %(source)s, s.customer_id, s.org_node_id, s.owner_id,
    s.node_id, s.flags
from (
    select b.id, b.factor, b.kind, b.issued_on, b.customer_id, b.org_node_id, b.owner_id, b.node_id,
        l.product, l.product_name, l.quantity, l.unit_price, l.net_minor, l.cost_minor, l.currency,
        l.flags, row_number() over upto as line, (sum(l.net_minor) over upto)::bigint as net_so_far,
        (sum(l.cost_minor) over upto)::bigint as cost_so_far
    from batch b
    join staging.sales_line l on l.run_id = %(run)s and l.unit = b.number
    window upto as (partition by b.id order by l.row_no rows unbounded preceding)
) s
left join {product("s.product")} p on true"""

# A file of invoices may say when each was paid: that is a payment of the whole, allocated.
_PAID = f"""
insert into trade_payment (public_id, source_id, number, account_id, customer_id, org_node_id,
    owner_id, sold_by_id, currency, run_id, digest, recorded_at, void_reason, received_on, method,
    amount, amount_minor, amount_base_minor, applied_minor, standing)
select gen_random_uuid(), i.source_id, {paid_key_sql("i.number")}, i.account_id, i.customer_id,
    i.org_node_id, i.owner_id, i.sold_by_id, i.currency, i.run_id, i.digest, %(at)s, '', b.paid_on, '',
    i.net + i.tax, i.gross_minor, i.gross_base_minor, i.gross_minor, 'applied'
from batch b join trade_invoice i on i.id = b.id
where b.paid_on is not null and i.gross_minor > 0"""

_PAID_ALLOCATED = f"""
insert into trade_allocation (invoice_id, payment_id, allocated_on, currency, amount_minor,
    amount_base_minor, delay_reason, delay_is_ours, run_id, customer_id, org_node_id, owner_id)
select i.id, p.id, b.paid_on, i.currency, i.gross_minor, i.gross_base_minor, '', false, i.run_id,
    i.customer_id, i.org_node_id, i.owner_id
from batch b join trade_invoice i on i.id = b.id
join {document("payment", paid_key_sql("b.number"))} p on true
where b.paid_on is not null and i.gross_minor > 0"""

# The invoices of the batch, which payments may wait for, and those that its credit notes name.
_TO_SETTLE = f"""
insert into to_settle select b.id from batch b
union all
select i.id from batch b join {document("invoice", "b.credits_number")} i on true"""


def load_documents(
    *,
    run_id: int,
    source_id: int,
    settlement: str,
    base: str,
    digits: dict[str, int],
    after: int,
    upto: int,
    at: datetime,
) -> dict[str, int]:
    """Write the documents `after < seq <= upto` of a run; return rows written by table.

    :param base: the group's currency.
    :param digits: decimals of each currency that occurs, the base included.
    """
    params = {
        "run": run_id, "source": source_id, "settlement": settlement, "after": after,
        "upto": upto, "at": at, **money(digits, base),
    }  # fmt: skip
    rates_stand_still()
    source_stands_still(source_id)
    execute(_BATCH, params)
    execute("analyze batch")
    invoices = execute(_INVOICES, params)
    lines = execute(_LINES, params)
    paid = execute(_PAID, params)
    allocated = execute(_PAID_ALLOCATED, params)
    allocated += settle(_TO_SETTLE, params, at=at)
    execute("drop table batch")
    return {
        "invoices": invoices,
        "invoice_lines": lines,
        "payments": paid,
        "allocations": allocated,
    }
