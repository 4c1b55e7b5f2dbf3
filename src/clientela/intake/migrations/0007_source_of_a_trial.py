"""A trial of a file for a source that is not there yet makes none: it keeps its name alone.

Safe beside an older release, which always writes a source: it writes the new column by its
default, and never reads a trial without a source but in its list.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_notes_of_cells"),
        ("records", "0006_names_from_keys"),
    ]
    operations = [
        migrations.AlterField(
            model_name="run",
            name="source",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="records.source",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="new_source",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=Q(source__isnull=False, new_source="")
                | Q(source=None, dry_run=True) & ~Q(new_source=""),
                name="only_a_trial_goes_without_a_source",
            ),
        ),
    ]
