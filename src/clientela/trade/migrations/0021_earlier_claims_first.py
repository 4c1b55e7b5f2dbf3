"""What settled an invoice by the order of its files settles it by the day, as what comes in now does.

A credit note of June that was loaded with its invoice kept it from a payment of February. Where all
that names an invoice is applied, order changes nothing: the others are few, and put in order at
once. Safe to be run again. An older release that loads beside it settles as it did; what is loaded
after it puts that in order.
"""

from django.db import connection, migrations

from clientela.store.context import system_context

INVOICES = """
create temp table to_order on commit drop as
select i.id from (
    select p.source_id, p.invoice_number as number from trade_payment p
    where p.voided_at is null and p.standing = 'over' and p.invoice_number <> ''
    union
    select n.source_id, n.credits_number from trade_invoice n
    where n.voided_at is null and n.credits_number <> '' and n.gross_minor < 0
      and -n.gross_minor > (
          select coalesce(sum(a.amount_minor), 0) from trade_allocation a
          where a.credit_note_id = n.id and a.voided_at is null)
) w
join lateral (
    select i.id from trade_invoice i
    where i.source_id = w.source_id and i.number = w.number and i.voided_at is null
      and i.gross_minor > 0 offset 0
) i on true"""

CLAIMS = """
create temp table claim on commit drop as
select c.*, greatest(least(amount_minor, gross_minor - given_minor - before_minor), 0) as part
from (
    select c.*, i.id as invoice_id, i.currency, i.gross_minor, i.gross_base_minor, i.customer_id,
        i.org_node_id, i.owner_id,
        (s.settled_minor - sum(c.held_minor) over (partition by i.id))::bigint as given_minor,
        (sum(c.amount_minor) over upto - c.amount_minor)::bigint as before_minor
    from to_order t
    join lateral (select * from trade_invoice i where i.id = t.id offset 0) i on true
    join lateral (
        select coalesce(sum(a.amount_minor), 0)::bigint as settled_minor from trade_allocation a
        where a.invoice_id = i.id and a.voided_at is null offset 0
    ) s on true
    join lateral (
        select w.payment_id, w.credit_note_id, w.day, w.number, w.run_id, t.held,
            greatest(w.amount_minor - coalesce(t.elsewhere_minor, 0), 0)::bigint as amount_minor,
            coalesce(t.held_minor, 0)::bigint as held_minor
        from (
            select p.id as payment_id, null::bigint as credit_note_id, p.received_on as day,
                p.number, p.amount_minor, p.run_id, p.currency
            from trade_payment p
            where p.source_id = i.source_id and p.invoice_number = i.number
              and p.invoice_number <> '' and p.voided_at is null
            union all
            select null, n.id, n.issued_on, n.number, -n.gross_minor, n.run_id, n.currency
            from trade_invoice n
            where n.source_id = i.source_id and n.credits_number = i.number
              and n.credits_number <> '' and n.voided_at is null
            offset 0
        ) w
        left join lateral (
            select array_agg(a.id) filter (where a.is_held) as held,
                sum(a.amount_minor) filter (where a.is_held) as held_minor,
                sum(a.amount_minor) filter (where not a.is_held) as elsewhere_minor
            from (
                select a.id, a.amount_minor,
                    a.invoice_id = i.id and a.run_id is not distinct from w.run_id as is_held
                from trade_allocation a
                where (a.payment_id = w.payment_id or a.credit_note_id = w.credit_note_id)
                  and a.voided_at is null offset 0
            ) a
        ) t on true
        where w.currency = i.currency and w.amount_minor > 0
    ) c on true
    window upto as (partition by i.id order by c.day, c.number, c.payment_id, c.credit_note_id
                    rows unbounded preceding)
) c"""

GIVEN_WAY = """
update trade_allocation set voided_at = now()
where id = any(array(select unnest(held) from claim where part <> held_minor))"""

ALLOCATIONS = """
insert into trade_allocation (invoice_id, payment_id, credit_note_id, allocated_on, currency,
    amount_minor, amount_base_minor, delay_reason, delay_is_ours, run_id, customer_id, org_node_id,
    owner_id)
select invoice_id, payment_id, credit_note_id, day, currency, part,
    round(gross_base_minor * part::numeric / gross_minor)::bigint, '', false, run_id, customer_id,
    org_node_id, owner_id
from claim where part > 0 and part <> held_minor"""


def put_in_order(apps: object, editor: object) -> None:
    """Settle anew the invoices that more names than they can take."""
    with system_context("what settles what, in order"), connection.cursor() as cursor:
        for statement in (INVOICES, "analyze to_order", CLAIMS, GIVEN_WAY, ALLOCATIONS):
            cursor.execute(statement)
        cursor.execute("drop table claim")
        cursor.execute("drop table to_order")


class Migration(migrations.Migration):
    dependencies = [("trade", "0020_payers_by_probes")]
    operations = [migrations.RunPython(put_in_order, migrations.RunPython.noop)]
