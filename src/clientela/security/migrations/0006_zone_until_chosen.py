"""A user has no time zone until one is chosen; that of the place where one works counts till then.

The default is Django's alone and the column takes empty text already, so the old release runs
on: it shows such a user the times of UTC.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("security", "0005_grants_by_public_id")]
    operations = [
        migrations.AlterField(
            model_name="user",
            name="time_zone",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="time zone"),
        )
    ]
