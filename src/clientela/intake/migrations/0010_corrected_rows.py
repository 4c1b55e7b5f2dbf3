"""Rejected rows say which later run brought them in; runs say how much of them was taken back.

Safe beside an older release, which writes neither column: its rows stay open.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0009_kind_of_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="rejectedrow",
            name="corrected_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="intake.run",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="undone",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="rejectedrow",
            name="state",
            field=models.CharField(
                choices=[("open", "Open"), ("corrected", "Corrected")],
                default="open",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="rejectedrow",
            index=models.Index(
                condition=models.Q(("corrected_by__isnull", False)),
                fields=["corrected_by"],
                name="rejected_row_by_correction",
            ),
        ),
        migrations.AddConstraint(
            model_name="rejectedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrected_by", None), ("state", "open")),
                    models.Q(("corrected_by__isnull", False), ("state", "corrected")),
                    _connector="OR",
                ),
                name="row_is_corrected_by_a_run",
            ),
        ),
    ]
