"""A number in a source is found by one index, and the triggers of payments plan anew.

* Beside the index of a source's numbers stood others that begin with the source (payments by day,
  products). Of a source that the planner's picture does not know it expects one row by either, and
  took the wrong one: all payments of the source were read for each row of a batch. That of payments
  says now what only their list says; that of products is gone.
* What a trigger of payments asks of the rows before and after was planned once a session, mostly
  for no rows: taking an import back compared each of its rows with each.
* `scope.restate_payments` names the payments that it writes by their ids. Joined with what they are
  to say, all payments may be read, and compared with each of them.

Safe beside an older release: its list of a source's payments reads by day meanwhile.
"""

from datetime import date
from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_BEFORE = import_module("clientela.trade.migrations.0011_how_payments_stand")
_STANDS = """
    select coalesce(a.minor, 0) as applied_minor,
        case
            when q.amount_minor < 0 then 'paid_back'
            when coalesce(a.minor, 0) >= q.amount_minor then 'applied'
            when i.currency = q.currency then 'over'
            when a.minor > 0 then 'partly'
            when i.currency is not null then 'other_currency'
            when q.invoice_number <> '' then 'waits'
            else 'unnamed' end as standing
    from (
        select sum(a.amount_minor)::bigint as minor from trade_allocation a
        where a.payment_id = q.id and a.voided_at is null offset 0
    ) a
    left join lateral (
        select i.currency from trade_invoice i
        where i.source_id = q.source_id and i.number = q.invoice_number
          and q.invoice_number <> '' and i.voided_at is null offset 0
    ) i on true"""
_RESTATE = f"""
create or replace function scope.restate_payments(ids bigint[]) returns bigint language plpgsql as $$
declare changed bigint;
begin
    execute $q$
    update trade_payment q set (applied_minor, standing) = ({_STANDS})
    where q.id = any(array(
        select q.id from unnest($1) g (id)
        join lateral (select * from trade_payment q where q.id = g.id offset 0) q on true
        join lateral ({_STANDS} offset 0) n
            on (q.applied_minor, q.standing) is distinct from (n.applied_minor, n.standing)
        where q.voided_at is null))
    $q$ using ids;
    get diagnostics changed = row_count;
    return changed;
end $$;
"""  # noqa: S608 - our own text
_FUNCTION = """
create or replace function scope.{name}() returns trigger language plpgsql as $$
declare ids bigint[];
begin
    execute $q$ {ids} $q$ into ids;
    perform scope.restate_payments(ids);
    return null;
end $$;
"""
_FUNCTION_BEFORE = """
create or replace function scope.{name}() returns trigger language plpgsql as $$
begin
    perform scope.restate_payments(({ids}));
    return null;
end $$;
"""
_IDS = {
    "payments_of_new_allocations": """select array(
        select distinct n.payment_id from new_rows n where n.payment_id is not null)""",
    "payments_of_changed_allocations": """select array(
        select distinct n.payment_id from new_rows n join old_rows o using (id)
        where n.payment_id is not null
          and (n.voided_at is null, n.amount_minor) <> (o.voided_at is null, o.amount_minor))""",
    "payments_of_voided_invoices": """select array(
        select p.id from new_rows n join old_rows o using (id)
        join lateral (
            select p.id from trade_payment p
            where p.source_id = n.source_id and p.invoice_number = n.number
              and p.invoice_number <> '' and p.voided_at is null offset 0
        ) p on true
        where (n.voided_at is null) <> (o.voided_at is null))""",
}


def _functions(text: str) -> str:
    return "".join(text.format(name=name, ids=ids) for name, ids in _IDS.items())


class Migration(migrations.Migration):
    dependencies = [("trade", "0017_payments_without_a_number")]
    operations = [
        migrations.RunSQL(_RESTATE, _BEFORE.RESTATE.replace("create f", "create or replace f")),
        migrations.RunSQL(_functions(_FUNCTION), _functions(_FUNCTION_BEFORE)),
        migrations.RemoveIndex("payment", "payment_by_source"),
        migrations.AddIndex(
            "payment",
            models.Index(
                fields=["source", "-received_on", "-id"],
                condition=Q(received_on__gt=date.min),
                name="payment_by_source",
            ),
        ),
        migrations.AlterField(
            "product",
            "source",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="records.source",
            ),
        ),
    ]
