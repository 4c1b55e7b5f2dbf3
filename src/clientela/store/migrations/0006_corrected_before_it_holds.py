"""A value that is to come may be corrected: of two from the same instant the later one counts.

Beside an older release nothing is amiss: it reads the later one first as well.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_proposed_parameters")]

    operations = [
        migrations.RemoveConstraint(
            model_name="parameter", name="parameter_changes_once_an_instant"
        ),
        migrations.AddIndex(
            model_name="parameter",
            index=models.Index(fields=["name", "valid_from"], name="parameter_by_instant"),
        ),
    ]
