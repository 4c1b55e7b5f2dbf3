"""Whether the customer that a staged line of sales names is a company or a person.

Safe beside an older release, which writes none: the column may be empty.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0008_mapping_of_a_source")]
    operations = [
        migrations.RunSQL(
            "alter table staging.sales_line add column account_kind text",
            "alter table staging.sales_line drop column account_kind",
        )
    ]
