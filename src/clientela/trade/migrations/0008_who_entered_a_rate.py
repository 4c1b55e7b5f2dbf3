"""A rate says who entered it.

Safe while the release before runs: a row that it writes names nobody.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trade", "0007_documents_without_rate")]

    operations = [
        migrations.AddField(
            model_name="exchangerate",
            name="recorded_by",
            field=models.TextField(db_default="", default=""),
        ),
    ]
