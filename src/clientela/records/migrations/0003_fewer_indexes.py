"""Indexes that another one begins with, or whose column is mostly null, are paid for by imports.

Safe beside an older release: it only drops indexes, and makes one that is almost empty.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_ledger"),
        ("security", "0002_conflicts"),
    ]

    operations = [
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
    ]
