"""Lists of the files that lie away, by who put them there: people, or imports taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0014_files_emptied"),
        ("security", "0009_officer_takes_no_files"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)),
                fields=["is_emptied", "sort_key", "id"],
                name="customer_that_lies_away",
            ),
        ),
    ]
