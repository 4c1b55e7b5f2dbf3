"""Payments keep what of them invoices took, and how that stands: a list asks for it by index.

`scope.restate_payments` works it out and writes what differs. It is called by trigger wherever
allocations come or end, and where an invoice is voided; by `trade.services.matching` once payments
and the invoices that they name have found each other, so that most are written once.
Safe beside an older release: the columns have defaults, and the triggers serve it as well. It calls
the function nowhere: a payment of more than was open that it loads, and of which nothing was open,
is told as one that waits until something moves.
"""

from django.db import migrations, models

RESTATE = """
create function scope.restate_payments(ids bigint[]) returns bigint language plpgsql as $$
declare changed bigint;
begin
    execute $q$
    update trade_payment p set applied_minor = n.applied_minor, standing = n.standing
    from (
        select q.id, coalesce(a.minor, 0) as applied_minor,
            case
                when q.amount_minor < 0 then 'paid_back'
                when coalesce(a.minor, 0) >= q.amount_minor then 'applied'
                when i.currency = q.currency then 'over'
                when a.minor > 0 then 'partly'
                when i.currency is not null then 'other_currency'
                when q.invoice_number <> '' then 'waits'
                else 'unnamed' end as standing
        from unnest($1) g (id)
        join lateral (select * from trade_payment q where q.id = g.id offset 0) q on true
        left join lateral (
            select sum(a.amount_minor)::bigint as minor from trade_allocation a
            where a.payment_id = q.id and a.voided_at is null offset 0
        ) a on true
        left join lateral (
            select i.currency from trade_invoice i
            where i.source_id = q.source_id and i.number = q.invoice_number
              and q.invoice_number <> '' and i.voided_at is null offset 0
        ) i on true
    ) n where p.id = n.id and p.voided_at is null
      and (p.applied_minor, p.standing) is distinct from (n.applied_minor, n.standing)
    $q$ using ids;
    get diagnostics changed = row_count;
    return changed;
end $$;
"""
TRIGGERS = """
create function scope.payments_of_new_allocations() returns trigger language plpgsql as $$
begin
    perform scope.restate_payments(array(
        select distinct n.payment_id from new_rows n where n.payment_id is not null));
    return null;
end $$;
create trigger trade_payment_is_applied after insert on trade_allocation
    referencing new table as new_rows
    for each statement execute function scope.payments_of_new_allocations();

create function scope.payments_of_changed_allocations() returns trigger language plpgsql as $$
begin
    perform scope.restate_payments(array(
        select distinct n.payment_id from new_rows n join old_rows o using (id)
        where n.payment_id is not null
          and (n.voided_at is null, n.amount_minor) <> (o.voided_at is null, o.amount_minor)));
    return null;
end $$;
create trigger trade_payment_is_applied_no_more after update on trade_allocation
    referencing new table as new_rows old table as old_rows
    for each statement execute function scope.payments_of_changed_allocations();

create function scope.payments_of_voided_invoices() returns trigger language plpgsql as $$
begin
    perform scope.restate_payments(array(
        select p.id from new_rows n join old_rows o using (id)
        join lateral (
            select p.id from trade_payment p
            where p.source_id = n.source_id and p.invoice_number = n.number
              and p.invoice_number <> '' and p.voided_at is null offset 0
        ) p on true
        where (n.voided_at is null) <> (o.voided_at is null)));
    return null;
end $$;
create trigger trade_payment_waits_again after update on trade_invoice
    referencing new table as new_rows old table as old_rows
    for each statement execute function scope.payments_of_voided_invoices();
"""
BACK = """
drop trigger trade_payment_waits_again on trade_invoice;
drop trigger trade_payment_is_applied_no_more on trade_allocation;
drop trigger trade_payment_is_applied on trade_allocation;
drop function scope.payments_of_voided_invoices();
drop function scope.payments_of_changed_allocations();
drop function scope.payments_of_new_allocations();
"""
STANDINGS = [
    ("applied", "Applied"),
    ("partly", "Applied in part"),
    ("waits", "Waits for its invoice"),
    ("over", "More than is open"),
    ("other_currency", "Invoice in another currency"),
    ("unnamed", "Names no invoice"),
    ("paid_back", "Paid back"),
]


class Migration(migrations.Migration):
    dependencies = [("trade", "0010_numbers_that_are_settled")]
    operations = [
        migrations.AddField("payment", "applied_minor", models.BigIntegerField(default=0, db_default=0)),
        migrations.AddField("payment", "standing", models.CharField(
            verbose_name="state", max_length=14, choices=STANDINGS, default="unnamed",
            db_default="unnamed")),
        migrations.RunSQL(RESTATE, "drop function scope.restate_payments(bigint[])"),
        migrations.RunSQL(TRIGGERS, BACK),
    ]  # fmt: skip
