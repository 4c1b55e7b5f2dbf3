"""Invoices say whether their source calls them disputed.

Of what came before this migration none is known to be. Safe beside an older release, which
writes none.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trade", "0013_payments_as_a_list")]
    operations = [
        migrations.AddField(
            "invoice", "disputed", models.BooleanField("disputed", default=False, db_default=False)
        ),
    ]
