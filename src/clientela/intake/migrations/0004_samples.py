"""What the data of a file look like is kept sealed, in a column of its own.

Safe beside an older release, which neither reads nor needs it. No release has stored plain
samples: there is nothing to move.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_orders_staging")]
    operations = [migrations.AddField("run", "samples", models.JSONField(null=True))]
