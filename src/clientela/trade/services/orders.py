"""Orders of a run, from staging to the books, all at once.

An order whose number the source gave before stays as it is. Amounts in the group's
currency are taken at the rate of the order's day; without a rate they stay null.
"""

from datetime import datetime

from django.db import transaction

from clientela.store.bulk import execute
from clientela.trade.services.currencies import MONEY, money, rates_stand_still
from clientela.trade.services.lookups import account, product, unless_known

# In two steps: once the orders are counted, the planner knows how many it joins.
_GIVEN = """
create temp table given_order on commit drop as
select s.number, min(s.account) as account, min(s.ordered_on) as ordered_on,
    min(s.due_on) as due_on, min(s.state) as state, min(s.currency) as currency,
    min(s.node_id) as node_id, sum(s.net_minor)::bigint as net_minor,
    sha256(convert_to(string_agg(concat_ws('|', s.account, s.ordered_on, s.due_on, s.product,
        s.quantity, s.unit_price, s.net_minor, s.currency), E'\\n' order by s.row_no), 'UTF8'))
        as digest
from staging.order_line s where s.run_id = %(run)s group by s.number"""

_BATCH = f"""
create temp table order_batch on commit drop as
select nextval((select pg_get_serial_sequence('trade_order', 'id')::regclass)) as id, g.*, c.account_id,
    c.customer_id, coalesce(c.org_node_id, g.node_id) as org_node_id, c.owner_id
from given_order g
left join {account("g.account")} c on true
where {unless_known("order", "g.number")}"""

_ORDERS = f"""
insert into trade_order (id, public_id, source_id, number, account_id, customer_id, org_node_id,
    owner_id, sold_by_id, currency, run_id, digest, recorded_at, void_reason, ordered_on, due_on,
    state, net, net_minor, net_base_minor)
overriding system value
select b.id, gen_random_uuid(), %(source)s, b.number, b.account_id, b.customer_id, b.org_node_id,
    b.owner_id, b.node_id, b.currency, %(run)s, b.digest, %(at)s, '', b.ordered_on, b.due_on,
    b.state, b.net_minor * u.unit, b.net_minor,
    scope.in_base(b.net_minor, x.rate * u.scale)
from order_batch b
{MONEY.format(currency="b.currency", day="b.ordered_on")}"""

_LINES = f"""
insert into trade_orderline (order_id, line, product_id, quantity, unit_price, net_minor,
    org_node_id, owner_id)
select b.id, row_number() over (partition by b.id order by s.row_no), p.id, s.quantity,
    s.unit_price, s.net_minor, b.org_node_id, b.owner_id
from order_batch b
join staging.order_line s on s.run_id = %(run)s and s.number = b.number
join {product("s.product")} p on true"""


@transaction.atomic
def load_orders(
    *, run_id: int, source_id: int, base: str, digits: dict[str, int], at: datetime
) -> dict[str, int]:
    """Write the staged orders of a run; return rows written by table.

    :param base: the group's currency.
    :param digits: decimals of each currency that occurs, the base included.
    Products have to be known: load them first.
    """
    params = {
        "run": run_id, "source": source_id, "at": at, **money(digits, base),
    }  # fmt: skip
    rates_stand_still()
    execute(_GIVEN, params)
    execute("analyze given_order")
    execute(_BATCH, params)
    execute("analyze order_batch")
    written = {"orders": execute(_ORDERS, params), "order_lines": execute(_LINES, params)}
    execute("drop table order_batch, given_order")
    execute("delete from staging.order_line where run_id = %(run)s", params)
    return written
