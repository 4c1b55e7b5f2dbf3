"""A text without its case, width and margins: what is left where it is one in another way to write.

Kept as a column where it is looked up: row security lets no index on an expression be read.
"""

from django.db import models

FOLD = "lower(normalize(btrim({0}), NFKC))"  # SQL of it


def folded(column: str) -> "models.GeneratedField":
    """Return a column that the database keeps at the folded text of another."""
    return models.GeneratedField(
        expression=models.Func(column, template=FOLD.format("%(expressions)s")),
        output_field=models.TextField(),
        db_persist=True,
    )
