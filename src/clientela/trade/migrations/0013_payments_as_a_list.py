"""Payments are listed by day: all, of a branch, a source, a currency, a run, and by how they stand.

Safe beside an older release: an index is read by whoever it serves; that of a run goes on serving it.
"""

from django.db import migrations, models
from django.db.models import Q

NOT_APPLIED = Q(voided_at=None) & ~Q(standing="applied")
DAY = ["-received_on", "-id"]
INDEXES = [
    models.Index(fields=["run_id", *DAY], name="payment_by_run_and_day"),
    models.Index(fields=["org_node", *DAY], name="payment_by_branch"),
    models.Index(fields=["source", *DAY], name="payment_by_source"),
    models.Index(fields=["currency", *DAY], name="payment_by_currency"),
    models.Index(fields=["standing", *DAY], condition=NOT_APPLIED, name="payment_by_standing"),
    models.Index(fields=DAY, condition=NOT_APPLIED, name="payment_not_applied"),
    models.Index(
        fields=["customer", *DAY], condition=NOT_APPLIED, name="payment_not_applied_of_whom"
    ),
    models.Index(
        fields=["run_id", "standing", *DAY], condition=NOT_APPLIED,
        name="payment_not_applied_by_run",
    ),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("trade", "0012_payments_as_they_stand")]
    operations = [
        *(migrations.AddIndex("payment", index) for index in INDEXES),
        migrations.RemoveIndex("payment", "payment_by_run"),
    ]
