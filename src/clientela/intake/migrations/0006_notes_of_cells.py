"""What the cells of a staged row gave rise to, by column: `code@place`, joined by commas.

Safe beside an older release, which writes none: the column has a default.
"""

from django.db import migrations

TABLES = ("sales_line", "payment", "product", "customer")
FORWARD = ";".join(
    f"alter table staging.{table} add column notes text not null default ''" for table in TABLES
)
BACKWARD = ";".join(f"alter table staging.{table} drop column notes" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_sheet_of_a_reading")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
