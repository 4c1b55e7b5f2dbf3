"""What is said of a record and makes no version, for when what stood then is taken back.

What came before this migration left no mention: it is as it was. Safe beside an older release,
which does not write the table.
"""

import django.db.models.deletion
from django.db import migrations, models

from clientela.store.rowsecurity import AppendOnly, ProtectRows, RefersTo

LINKED = """(select scope.sees_all()) or exists (
    select 1 from records_link l join records_customer c on c.id = l.customer_id
    where l.source_record_id = records_mention.source_record_id)"""


class Migration(migrations.Migration):
    dependencies = [("records", "0008_classes_that_wait")]
    operations = [
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run_id", models.BigIntegerField(null=True)),
                ("true_from", models.DateField()),
                ("said_at", models.DateTimeField()),
                ("digest", models.CharField(max_length=24)),
                ("in_passing", models.BooleanField()),
                ("attributes", models.JSONField(null=True)),
                ("author", models.TextField()),
                ("source_record", models.ForeignKey(
                    db_constraint=False, db_index=False,
                    on_delete=django.db.models.deletion.PROTECT, related_name="mentions",
                    to="records.sourcerecord")),
            ],
            options={"constraints": [models.UniqueConstraint(
                fields=["source_record", "run_id", "digest"], name="content_is_mentioned_once_a_run",
                nulls_distinct=False)]},
        ),
        RefersTo("records_mention", "source_record_id", "records_sourcerecord"),
        AppendOnly("records_mention"),
        ProtectRows("records_mention", using=LINKED),
    ]  # fmt: skip
