"""Invoices are found by amount, and credit notes and adjustments among very many invoices.

Without an index the list walked back through the days until a page was full: a second and more
where few of two million fit. Safe beside an older release: an index is read by whoever it serves.
"""

from django.db import migrations, models
from django.db.models import Q

RARER = models.Index(
    fields=["kind", "-issued_on", "-id"],
    condition=~Q(kind="invoice"),
    name="invoice_of_rarer_kind",
)


class Migration(migrations.Migration):
    dependencies = [("trade", "0014_disputed_invoices")]
    operations = [
        migrations.AddIndex("invoice", RARER),
        migrations.AddIndex(
            "invoice", models.Index(fields=["net_base_minor"], name="invoice_by_amount")
        ),
    ]
