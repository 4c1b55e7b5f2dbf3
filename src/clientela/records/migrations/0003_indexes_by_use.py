"""Indexes in the order of the lists that read by them, and none that another one begins with.

A list of customers by sales ended in a sort over all of them, since the index fell in one
column and rose in the other. The day on which a customer became known is always known.
Safe beside an older release: it writes that day with every row.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_ledger"),
        ("security", "0002_conflicts"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_by_sales",
        ),
        migrations.AlterField(
            model_name="classification",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="classifications",
                to="records.customer",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="first_known_on",
            field=models.DateField(verbose_name="known since"),
        ),
        migrations.AlterField(
            model_name="customer",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="records.customer",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="org_node",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="security.orgnode",
                verbose_name="branch",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="customer_by_survivor",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.OrderBy(models.F("net_sales_base_minor"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="customer_by_falling_sales",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.OrderBy(models.F("last_purchase_on"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="customer_by_last_purchase",
            ),
        ),
    ]
