"""Staged rows are sealed under a key of their run, which ends with the run.

Safe beside an older release. A run that it has begun to stage has no key, is plain, and goes on
so in either release; one that this release has begun to stage cannot be ended by the older one,
which knows no key: the database refuses it, and nothing is lost.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("intake", "0012_disputed_invoices")]
    operations = [
        migrations.AddField(
            model_name="run", name="staging_key", field=models.BinaryField(null=True)
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=~Q(state__in=["done", "failed", "cancelled", "taken_back"])
                | Q(staging_key=None),
                name="ended_run_has_no_key_of_its_rows",
            ),
        ),
        migrations.RunSQL(
            "alter table staging.customer add column sealed bytea",
            "alter table staging.customer drop column sealed",
        ),
    ]
