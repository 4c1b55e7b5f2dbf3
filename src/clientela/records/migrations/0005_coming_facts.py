"""What is stated to be true from a coming day is remembered until that day.

Statements of that kind that are in the ledger already are remembered as well; bringing one in
whose day has come changes nothing a second time. Safe beside an older release, which does not
write the table: what it states for a coming day is brought in by the next statement or rebuild.
"""

import django.db.models.deletion
from django.db import migrations, models

_STATED_ALREADY = """
    select set_config('clientela.sees_all', 'on', true);
    insert into records_comingfact (source_record_id, due_at)
    select distinct source_record_id, true_from::timestamp at time zone 'UTC'
    from records_recordversion where true_from > (known_at at time zone 'UTC')::date;
    select set_config('clientela.sees_all', '', true)"""


class Migration(migrations.Migration):
    dependencies = [("records", "0004_rising_orders")]
    operations = [
        migrations.CreateModel(
            name="ComingFact",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField()),
                ("source_record", models.ForeignKey(
                    db_constraint=False, db_index=False,
                    on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to="records.sourcerecord")),
            ],
            options={"indexes": [models.Index(fields=["due_at"], name="coming_fact_by_time")]},
        ),
        migrations.RunSQL(_STATED_ALREADY, migrations.RunSQL.noop),
    ]  # fmt: skip
