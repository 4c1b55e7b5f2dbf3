"""Staged invoices say whether they are disputed. Safe beside an older release: it may be null."""

from django.db import migrations

FORWARD = "alter table staging.sales_line add column disputed boolean"
BACKWARD = "alter table staging.sales_line drop column disputed"


class Migration(migrations.Migration):
    dependencies = [("intake", "0011_credited_invoices"), ("trade", "0014_disputed_invoices")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
