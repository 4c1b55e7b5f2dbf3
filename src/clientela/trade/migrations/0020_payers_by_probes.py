"""Payments of customers who come later are found by one probe of each table.

Whether a record has a customer was asked by joining links with customers, and links of new customers
were joined with them: never counted, both tables were read whole for each customer of a batch.
That a link is open is asked outside of its probe, or an index of the open ones would be read whole.
Safe beside an older release: the functions answer as before.
"""

from importlib import import_module

from django.db import migrations

_BEFORE = import_module("clientela.trade.migrations.0016_payers_found_later")
_CUSTOMER = """(select from (select k.customer_id, k.ended_at from records_link k
                      where k.source_record_id = r.id offset 0) l
                 join lateral (select from records_customer c
                      where c.id = l.customer_id offset 0) c on true
                 where l.ended_at is null)"""
FORWARD = f"""
create or replace function scope.find_payers(records bigint[]) returns void language plpgsql as $$
declare source bigint;
begin
    for source in execute
        'select distinct source_id from records_sourcerecord where id = any ($1) order by 1'
        using records
    loop
        perform pg_advisory_xact_lock(7302, (source % 2147483648)::int);
    end loop;
    execute $q$
    update trade_payment p set (account_id, customer_id, org_node_id, owner_id, customer_key) = (
        select r.id, c.id, c.org_node_id, c.owner_id, ''
        from (select s.id from records_sourcerecord s
              where s.source_id = p.source_id and s.key = p.customer_key offset 0) r
        join lateral (select k.customer_id, k.ended_at from records_link k
                      where k.source_record_id = r.id offset 0) l on l.ended_at is null
        join lateral (select t.id, t.org_node_id, t.owner_id from records_customer t
                      where t.id = l.customer_id offset 0) c on true)
    where p.id = any(array(
        select q.id from unnest($1) g (id)
        join lateral (select * from records_sourcerecord r where r.id = g.id offset 0) r on true
        join lateral (
            select q.id from trade_payment q
            where q.source_id = r.source_id and q.customer_key = r.key and q.customer_key <> ''
              and q.voided_at is null offset 0
        ) q on true
        where exists {_CUSTOMER}))
    $q$ using records;
end $$;

create or replace function scope.payments_of_new_customers() returns trigger language plpgsql as $$
begin
    execute $q$
    select scope.find_payers(array(
        select l.source_record_id from new_customers n
        join lateral (select k.source_record_id, k.ended_at from records_link k
                      where k.customer_id = n.id offset 0) l on l.ended_at is null))
    $q$;
    return null;
end $$;

create or replace function scope.payments_of_new_links() returns trigger language plpgsql as $$
begin
    execute $q$
    select scope.find_payers(array(
        select n.source_record_id from new_links n
        join lateral (select from records_customer c where c.id = n.customer_id offset 0) c on true
        where n.ended_at is null))
    $q$;
    return null;
end $$;
"""  # noqa: S608 - our own text


class Migration(migrations.Migration):
    dependencies = [("trade", "0019_paid_as_invoices_say")]
    operations = [
        migrations.RunSQL(
            FORWARD,
            _BEFORE.FIND.replace("create function", "create or replace function").replace(
                "create trigger", "create or replace trigger"
            ),
        )
    ]
