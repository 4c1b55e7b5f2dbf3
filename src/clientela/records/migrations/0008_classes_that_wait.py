"""In which currency classes were worked out, and which rates they wait for.

Safe beside an older release: it writes runs that were worked out, in the group's currency.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0007_class_runs")]
    operations = [
        migrations.AddField(
            "classrun", "currency", models.CharField(default="", db_default="", max_length=3)
        ),
        migrations.AddField("classrun", "waits_for", models.JSONField(null=True)),
    ]
