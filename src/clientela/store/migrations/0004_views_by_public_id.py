"""Saved views get the id that pages may show.

The database draws it, for the rows there are and for those that the old release still writes.
"""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_statistics"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="public_id",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                default=uuid.uuid4,
                editable=False,
                unique=True,
            ),
        ),
    ]
