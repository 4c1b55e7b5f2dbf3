"""Staged documents say which invoice they credit. Safe beside an older release: it may be null."""

from django.db import migrations

FORWARD = "alter table staging.sales_line add column credits_number text"
BACKWARD = "alter table staging.sales_line drop column credits_number"


class Migration(migrations.Migration):
    dependencies = [("intake", "0010_corrected_rows")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
