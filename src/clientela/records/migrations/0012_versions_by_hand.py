"""What was typed since an instant is found by index, for the import that came at that instant.

Safe beside an older release: an index is read by whoever it serves, and imports do not write it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0011_folded_keys")]
    operations = [
        migrations.AddIndex(
            "recordversion",
            models.Index(
                fields=["known_at"],
                condition=models.Q(run_id__isnull=True),
                name="version_by_hand",
            ),
        )
    ]
