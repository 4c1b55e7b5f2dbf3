"""Deliveries of a run, from staging to the books, all at once; each for the order it names.

A delivery whose number the source gave before stays as it is.
"""

from datetime import datetime

from django.db import transaction

from clientela.store.bulk import execute
from clientela.trade.services.lookups import account, document, product, unless_known

# In two steps: once the deliveries are counted, the planner knows how many it joins.
_GIVEN = """
create temp table given_delivery on commit drop as
select s.number, min(s.account) as account, min(s.delivered_on) as delivered_on,
    min(s.order_number) as order_number, min(s.currency) as currency, min(s.node_id) as node_id,
    sha256(convert_to(string_agg(concat_ws('|', s.account, s.delivered_on, s.order_number,
        s.order_line, s.product, s.quantity), E'\\n' order by s.row_no), 'UTF8')) as digest
from staging.delivery_line s where s.run_id = %(run)s group by s.number"""

_BATCH = f"""
create temp table delivery_batch on commit drop as
select nextval((select pg_get_serial_sequence('trade_delivery', 'id')::regclass)) as id, g.*, o.id as order_id,
    c.account_id, c.customer_id, coalesce(c.org_node_id, g.node_id) as org_node_id,
    c.owner_id
from given_delivery g
left join {document("order", "g.order_number")} o on true
left join {account("g.account")} c on true
where {unless_known("delivery", "g.number")}"""

_DELIVERIES = """
insert into trade_delivery (id, public_id, source_id, number, account_id, customer_id,
    org_node_id, owner_id, sold_by_id, currency, run_id, digest, recorded_at, void_reason,
    order_id, delivered_on)
overriding system value
select b.id, gen_random_uuid(), %(source)s, b.number, b.account_id, b.customer_id, b.org_node_id,
    b.owner_id, b.node_id, b.currency, %(run)s, b.digest, %(at)s, '', b.order_id, b.delivered_on
from delivery_batch b"""

_LINES = f"""
insert into trade_deliveryline (delivery_id, line, product_id, order_line_id, quantity,
    org_node_id, owner_id)
select b.id, row_number() over (partition by b.id order by s.row_no), p.id, l.id, s.quantity,
    b.org_node_id, b.owner_id
from delivery_batch b
join staging.delivery_line s on s.run_id = %(run)s and s.number = b.number
join {product("s.product")} p on true
left join lateral (select l.id from trade_orderline l
    where l.order_id = b.order_id and l.line = s.order_line offset 0) l on true"""


@transaction.atomic
def load_deliveries(*, run_id: int, source_id: int, at: datetime) -> dict[str, int]:
    """Write the staged deliveries of a run; return rows written by table.

    A delivery of an order not known here is kept without one. Load products first.
    """
    params = {"run": run_id, "source": source_id, "at": at}
    execute(_GIVEN, params)
    execute("analyze given_delivery")
    execute(_BATCH, params)
    execute("analyze delivery_batch")
    written = {
        "deliveries": execute(_DELIVERIES, params),
        "delivery_lines": execute(_LINES, params),
    }
    execute("drop table delivery_batch, given_delivery")
    execute("delete from staging.delivery_line where run_id = %(run)s", params)
    return written
