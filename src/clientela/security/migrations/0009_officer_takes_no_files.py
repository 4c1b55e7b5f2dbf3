"""A security officer, who approves rights, is not one who takes files away.

Safe while the release before runs: it refuses these pairs from now on as well.
"""

from django.db import migrations

FORWARD = """
insert into security_conflict values
    ('analyst', 'security_officer'), ('data_steward', 'security_officer')
on conflict do nothing;
"""
BACKWARD = """
delete from security_conflict where (one, other) in
    (('analyst', 'security_officer'), ('data_steward', 'security_officer'));
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0008_password_reset")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
