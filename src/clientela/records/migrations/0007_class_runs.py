"""When classes were worked out, as of which day and by which limits.

A new table that the old release does not know of; its next run writes no row and the page then
says of the classes what the last row says.
"""

from django.db import migrations, models

from clientela.store.rowsecurity import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_names_from_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("snapshot", models.BigIntegerField()),
                ("parameters", models.JSONField()),
                ("customers", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["-recorded_at"], name="class_run_newest_first")],
            },
        ),
        AppendOnly("records_classrun"),
    ]
