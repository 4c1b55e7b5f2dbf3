"""A record's key without its case and width, by an index: an import asks whether a new key is another
one's but for how it is written, and read all keys of its source for that.

A column and no index on the expression: row security lets only operators be looked up that leak
nothing, and folding is none. Safe beside an older release, which states no such column; the table
is written anew, a few seconds for a million records, while imports wait.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0010_rows_of_classes")]
    operations = [
        migrations.AddField(
            "sourcerecord",
            "folded",
            models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "key", template="lower(normalize(btrim(%(expressions)s), NFKC))"
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "sourcerecord", models.Index(fields=["folded"], name="source_record_by_folded_key")
        ),
    ]
