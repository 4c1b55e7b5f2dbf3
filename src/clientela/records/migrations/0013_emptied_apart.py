"""Files that lie away because nothing is left to say of them are told apart from those that a person
put away.

Safe beside an older release: the column has a default in the database, and a file that such a release
puts away counts as put away by a person, who may take it out again.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("records", "0012_versions_by_hand")]
    operations = [
        migrations.AddField(
            "customer",
            "is_emptied",
            models.BooleanField(default=False, db_default=False, editable=False),
        ),
        migrations.AddConstraint(
            "customer",
            models.CheckConstraint(
                condition=Q(is_emptied=False) | Q(archived_at__isnull=False),
                name="customer_that_is_emptied_lies_away",
            ),
        ),
    ]
