"""Requests about a second factor may be about a password as well, and then make a link.

Columns with a default of the database, or that may be null: the old release runs on. It would
take every request for one about a second factor; the last constraint refuses its confirmation
of one about a password, since it says nothing of a link.
"""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("security", "0007_no_zone_was_chosen")]
    operations = [
        migrations.AddField(
            model_name="factorreset",
            name="what",
            field=models.CharField(
                choices=[("factor", "Second factor"), ("password", "Password")],
                db_default="factor",
                default="factor",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="factorreset",
            name="link_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="factorreset",
            constraint=models.CheckConstraint(
                condition=Q(what="factor", link_until=None)
                | Q(what="password", confirmed_at=None, link_until=None)
                | Q(what="password", confirmed_at__isnull=False, link_until__isnull=False)
                & Q(link_until__gt=F("confirmed_at")),
                name="factor_reset_makes_a_link_for_a_confirmed_password_only",
            ),
        ),
    ]
