"""What is odd about the customers of a run, by their keys, until the run ends.

It is counted once more when a run has loaded less than was checked. Safe beside an older release:
the table is new, and a run that the older one has checked has no row in it and keeps its counts.
"""

from django.db import migrations

FORWARD = """
create table staging.account_note (
    run_id bigint not null, code text not null, key text not null,
    primary key (run_id, code, key)
)"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0016_imports_that_lean")]
    operations = [migrations.RunSQL(FORWARD, "drop table staging.account_note")]
