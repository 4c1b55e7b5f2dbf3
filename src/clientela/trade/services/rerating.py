"""Amounts of documents in the group's currency, worked out anew where rates or that currency changed.

The formulas are those with which documents come in (see `documents`, `payments`, `orders`): each at
the rate of its day, lines by the rounded running total, what settles an invoice at the invoice's
rate. Only rows that differ are written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from clientela.kernel.money import exponent_of
from clientela.store.bulk import execute
from clientela.trade.services.currencies import MONEY, money


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A currency, and from which to which day, both included, its documents follow anew."""

    currency: str
    since: date
    until: date


_DAYS = """
join unnest(%(touched)s::text[], %(since)s::date[], %(until)s::date[]) t (currency, since, until)
    on t.currency = d.currency and {day} between t.since and t.until"""

# Of invoices that came in before their cost was kept in its own currency, it stays while the rate
# does, and is not known by another.
_INVOICES = f"""
create temp table rerated on commit drop as
select n.id, n.factor, n.net, n.gross, n.cost from (
    select d.id, x.rate * u.scale as factor, d.net_base_minor, d.gross_base_minor,
        d.cost_base_minor, scope.in_base(d.net_minor, x.rate * u.scale) as net,
        scope.in_base(d.gross_minor, x.rate * u.scale) as gross,
        coalesce(
            scope.in_base(d.cost_minor, x.rate * u.scale),
            case when scope.in_base(d.net_minor, x.rate * u.scale) = d.net_base_minor
                then d.cost_base_minor end
        ) as cost
    from trade_invoice d {_DAYS.format(day="d.issued_on")}
    {MONEY.format(currency="d.currency", day="d.issued_on")}
    where d.voided_at is null
) n
where (n.net, n.gross, n.cost)
    is distinct from (n.net_base_minor, n.gross_base_minor, n.cost_base_minor)"""

_INVOICES_WRITTEN = """
update trade_invoice i set net_base_minor = r.net, gross_base_minor = r.gross,
    cost_base_minor = r.cost
from rerated r where r.id = i.id"""

_LINES = """
update trade_invoiceline l set net_base_minor = n.net, cost_base_minor = n.cost
from (
    select s.id, scope.in_base(s.net_so_far, s.factor)
            - scope.in_base(s.net_so_far - s.net_minor, s.factor) as net,
        scope.in_base(s.cost_so_far, s.factor)
            - scope.in_base(s.cost_so_far - s.cost_minor, s.factor) as cost
    from (
        select l.id, r.factor, l.net_minor, l.cost_minor,
            (sum(l.net_minor) over upto)::bigint as net_so_far,
            (sum(l.cost_minor) over upto)::bigint as cost_so_far
        from rerated r join trade_invoiceline l on l.invoice_id = r.id
        window upto as (partition by l.invoice_id order by l.line rows unbounded preceding)
    ) s
) n
where n.id = l.id
  and (l.net_base_minor, l.cost_base_minor) is distinct from (n.net, n.cost)"""

_ALLOCATIONS = """
update trade_allocation a set amount_base_minor =
    round(r.gross * a.amount_minor::numeric / nullif(i.gross_minor, 0))::bigint
from rerated r join trade_invoice i on i.id = r.id
where a.invoice_id = r.id and a.voided_at is null"""

# A payment that came with its invoice, as a day in the same row, has the invoice's rate.
_WITH_INVOICE = "i.source_id = d.source_id and i.number = d.number and i.run_id = d.run_id"

_PAID = f"""
update trade_payment d set amount_base_minor = r.gross
from rerated r join trade_invoice i on i.id = r.id
where {_WITH_INVOICE} and d.voided_at is null and d.currency = i.currency
  and d.amount_base_minor is distinct from r.gross"""

_PAYMENTS = f"""
update trade_payment p set amount_base_minor = n.amount
from (
    select d.id, scope.in_base(d.amount_minor, x.rate * u.scale) as amount
    from trade_payment d {_DAYS.format(day="d.received_on")}
    {MONEY.format(currency="d.currency", day="d.received_on")}
    where d.voided_at is null
      and not exists (select from trade_invoice i where {_WITH_INVOICE})
) n
where n.id = p.id and p.amount_base_minor is distinct from n.amount"""

_ORDERS = f"""
update trade_order o set net_base_minor = n.net
from (
    select d.id, scope.in_base(d.net_minor, x.rate * u.scale) as net
    from trade_order d {_DAYS.format(day="d.ordered_on")}
    {MONEY.format(currency="d.currency", day="d.ordered_on")}
    where d.voided_at is null
) n
where n.id = o.id and o.net_base_minor is distinct from n.net"""


def rerate(*, base: str, touched: Sequence[Touched]) -> int:
    """Work out the amounts of documents in `base` anew; return how many documents changed.

    The caller sees the whole company, and holds the rates (`hold_rates`).
    """
    digits = {one.currency: exponent_of(one.currency) for one in touched}
    params = {
        **money({**digits, base: exponent_of(base)}, base),
        "touched": [one.currency for one in touched],
        "since": [one.since for one in touched],
        "until": [one.until for one in touched],
    }
    execute(_INVOICES, params)
    execute("analyze rerated")
    changed = execute(_INVOICES_WRITTEN)
    execute(_LINES)
    execute(_ALLOCATIONS)
    changed += execute(_PAID)
    changed += execute(_PAYMENTS, params)
    changed += execute(_ORDERS, params)
    execute("drop table rerated")
    return changed
