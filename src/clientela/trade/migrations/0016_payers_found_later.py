"""A payment keeps the number of a customer that its source does not know yet, and finds him later.

`scope.find_payers` does it, by trigger, whatever opens a customer: once a new customer is there, and
once a new record is linked with one that was there before. It waits for payments that are being
loaded into the same source (`records.services.holding`): each not seeing the other,
they would stay apart.
Each statement is planned anew (`execute`), as those of `records.following` are.
Safe beside an older release: the column has a default, and the triggers serve it as well.
"""

from django.db import migrations, models
from django.db.models import Q

FIND = """
create function scope.find_payers(records bigint[]) returns void language plpgsql as $$
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
        select r.id, c.id, c.org_node_id, c.owner_id, '' from records_sourcerecord r
        join records_link l on l.source_record_id = r.id and l.ended_at is null
        join records_customer c on c.id = l.customer_id
        where r.source_id = p.source_id and r.key = p.customer_key)
    where p.id = any(array(
        select q.id from unnest($1) g (id)
        join lateral (select * from records_sourcerecord r where r.id = g.id offset 0) r on true
        join lateral (
            select q.id from trade_payment q
            where q.source_id = r.source_id and q.customer_key = r.key and q.customer_key <> ''
              and q.voided_at is null offset 0
        ) q on true
        where exists (select from records_link l join records_customer c on c.id = l.customer_id
                      where l.source_record_id = r.id and l.ended_at is null)))
    $q$ using records;
end $$;

create function scope.payments_of_new_customers() returns trigger language plpgsql as $$
begin
    execute $q$
    select scope.find_payers(array(
        select l.source_record_id from new_customers n
        join records_link l on l.customer_id = n.id and l.ended_at is null))
    $q$;
    return null;
end $$;
create trigger trade_payment_finds_a_new_customer after insert on records_customer
    referencing new table as new_customers
    for each statement execute function scope.payments_of_new_customers();

create function scope.payments_of_new_links() returns trigger language plpgsql as $$
begin
    execute $q$
    select scope.find_payers(array(
        select n.source_record_id from new_links n
        join records_customer c on c.id = n.customer_id where n.ended_at is null))
    $q$;
    return null;
end $$;
create trigger trade_payment_finds_a_new_link after insert on records_link
    referencing new table as new_links
    for each statement execute function scope.payments_of_new_links();
"""
BACK = """
drop trigger trade_payment_finds_a_new_link on records_link;
drop trigger trade_payment_finds_a_new_customer on records_customer;
drop function scope.payments_of_new_links();
drop function scope.payments_of_new_customers();
drop function scope.find_payers(bigint[]);
"""
OF_NOBODY = Q(voided_at=None) & (Q(customer=None) | ~Q(customer_key=""))
DAY = ["-received_on", "-id"]
INDEXES = [
    models.Index(
        fields=["source", "customer_key"],
        condition=Q(voided_at=None) & ~Q(customer_key=""),
        name="payment_by_its_customer",
    ),
    models.Index(fields=DAY, condition=OF_NOBODY, name="payment_of_nobody"),
    models.Index(
        fields=["org_node", *DAY], condition=OF_NOBODY, name="payment_of_nobody_by_branch"
    ),
    models.Index(fields=["run_id", *DAY], condition=OF_NOBODY, name="payment_of_nobody_by_run"),
]


class Migration(migrations.Migration):
    dependencies = [("trade", "0015_invoices_by_amount"), ("records", "0010_rows_of_classes")]
    operations = [
        migrations.AddField("payment", "customer_key", models.TextField(default="", db_default="")),
        *(migrations.AddIndex("payment", index) for index in INDEXES),
        migrations.RunSQL(FIND, BACK),
    ]
