"""A user has no language until one is chosen; the browser's counts till then.

The default is Django's alone and the column takes empty text already, so the old release
runs on: it shows such a user English.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("security", "0002_conflicts")]
    operations = [
        migrations.AlterField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, default="", max_length=10, verbose_name="language"),
        )
    ]
