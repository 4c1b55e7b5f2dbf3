"""A rate that was corrected stays, and documents keep their cost in their own currency.

Safe beside an older release: every new column may be null. An older release that corrects a rate is
refused, as the conflict it names is there no more; it is only the demo company that sets rates there.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("trade", "0005_flags_of_lines")]
    operations = [
        migrations.AddField("exchangerate", "recorded_at", models.DateTimeField(null=True)),
        migrations.AddField("exchangerate", "replaced_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("exchangerate", "exchange_rate_is_given_once_a_day"),
        migrations.AddConstraint(
            "exchangerate",
            models.UniqueConstraint(
                fields=["currency", "base", "on_day"],
                condition=Q(replaced_at=None),
                name="exchange_rate_holds_once_a_day",
            ),
        ),
        migrations.AddField("invoice", "cost_minor", models.BigIntegerField(null=True)),
        migrations.AddField("invoiceline", "cost_minor", models.BigIntegerField(null=True)),
    ]
