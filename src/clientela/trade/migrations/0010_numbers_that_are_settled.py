"""Payments and credit notes keep the number of the invoice that they say they settle.

Of what came before this migration none is known: it stays matched as it is. Safe beside an older
release, which writes neither column and matches nothing later.
"""

from django.db import migrations, models
from django.db.models import Q

STANDS = Q(voided_at=None)


class Migration(migrations.Migration):
    dependencies = [("trade", "0009_rates_in_the_copy")]
    operations = [
        migrations.AddField("invoice", "credits_number", models.TextField(default="", db_default="")),
        migrations.AddField("payment", "invoice_number", models.TextField(default="", db_default="")),
        migrations.AddIndex("allocation", models.Index(
            fields=["credit_note"], condition=Q(credit_note__isnull=False),
            name="allocation_by_credit_note")),
        migrations.AddIndex("invoice", models.Index(
            fields=["source", "credits_number"], condition=STANDS & ~Q(credits_number=""),
            name="credit_note_by_its_invoice")),
        migrations.AddIndex("payment", models.Index(
            fields=["source", "invoice_number"], condition=STANDS & ~Q(invoice_number=""),
            name="payment_by_its_invoice")),
    ]  # fmt: skip
