"""Nobody could choose a time zone before: UTC was given to all, and is taken from them.

Safe beside the old release, which reads no zone as UTC. Going back leaves them as they are.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("security", "0006_zone_until_chosen")]
    operations = [
        migrations.RunSQL(
            "update security_user set time_zone = '' where time_zone = 'UTC'",
            migrations.RunSQL.noop,
        )
    ]
