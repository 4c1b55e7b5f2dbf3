"""One reading of a file, which is its kind and its sheet, is loaded once into a source.

Until now two sheets of a workbook could not both be brought as one kind, and a second run of the
same rows was stopped by its last step only, when its rows were in the books. The sheet is made
by the database from what the run holds already. Safe beside an older release: it writes no
column of its own, and what it could store before is stored still, except a second run of one
reading.
"""

from django.db import migrations, models
from django.db.models import Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

_SHEET = KeyTextTransform("sheet", KeyTextTransform("layout", "description"))


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_samples")]
    operations = [
        migrations.AddField(
            "run",
            "sheet",
            models.GeneratedField(
                db_persist=True,
                expression=Coalesce(_SHEET, Value("", output_field=models.TextField())),
                output_field=models.TextField(verbose_name="sheet"),
            ),
        ),
        migrations.RemoveConstraint("run", "file_is_imported_once_into_a_source"),
        migrations.AddConstraint(
            "run",
            models.UniqueConstraint(
                condition=models.Q(("dry_run", False), ("state__in", ["loading", "done"])),
                fields=("source", "sha256", "kind", "sheet"),
                name="file_is_imported_once_into_a_source",
            ),
        ),
    ]
