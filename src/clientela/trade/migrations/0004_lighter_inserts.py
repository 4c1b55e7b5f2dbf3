"""What an import pays for each row: less.

* References between documents are checked once a statement (`RefersTo`), as those to
  customers and products are; a foreign key probes once a row.
* `scope.in_base` is an expression that PostgreSQL puts into the statement (a function with
  a FROM clause is entered anew for each row); the rate comes with its scale, multiplied once.
* An index on a column that is mostly null leaves those rows out.
Safe beside an older release: none was released with `scope.to_base`.
"""

import django.db.models.deletion
from django.db import migrations, models

from clientela.store.rowsecurity import RefersTo

IN_BASE = """
-- An amount in minor units times its factor, half-even, in minor units of the group's currency.
create function scope.in_base(minor bigint, factor numeric)
returns bigint language sql immutable parallel safe as $$
    select case
        when factor = 1 then minor
        when abs(minor * factor - trunc(minor * factor)) = 0.5 and trunc(minor * factor) % 2 = 0
            then trunc(minor * factor)::bigint
        else round(minor * factor)::bigint end
$$;
drop function scope.to_base(bigint, numeric, int, int);
"""
TO_BASE = """
create function scope.to_base(minor bigint, rate numeric, digits int, base_digits int)
returns bigint language sql immutable parallel safe as $$
    select case
        when abs(v - trunc(v)) = 0.5 and trunc(v) % 2 = 0 then trunc(v)::bigint
        else round(v)::bigint end
    from (select minor * rate * power(10::numeric, base_digits - digits) as v) exact
$$;
drop function scope.in_base(bigint, numeric);
"""
REFERENCES = (
    ("trade_invoice", "order_id", "trade_order"),
    ("trade_delivery", "order_id", "trade_order"),
    ("trade_deliveryline", "order_line_id", "trade_orderline"),
    ("trade_allocation", "invoice_id", "trade_invoice"),
    ("trade_allocation", "payment_id", "trade_payment"),
    ("trade_allocation", "credit_note_id", "trade_invoice"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_ledger"),
        ("security", "0002_conflicts"),
        ("trade", "0003_contract_views"),
        ("store", "0003_statistics"),
    ]

    operations = [
        migrations.RunSQL(IN_BASE, TO_BASE),
        migrations.AlterField(
            model_name="allocation",
            name="credit_note",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocated",
                to="trade.invoice",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="invoice",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="trade.invoice",
            ),
        ),
        migrations.AlterField(
            model_name="allocation",
            name="payment",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allocations",
                to="trade.payment",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="order",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="trade.order",
            ),
        ),
        migrations.AlterField(
            model_name="deliveryline",
            name="order_line",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="trade.orderline",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="credits",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credited_by",
                to="trade.invoice",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="order",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invoices",
                to="trade.order",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("credits__isnull", False)),
                fields=["credits"],
                name="credit_note_by_invoice",
            ),
        ),
        *(RefersTo(*reference) for reference in REFERENCES),
    ]
