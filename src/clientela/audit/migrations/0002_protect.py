"""Events, seals and checkpoints are written once; events carry their transaction's number.

Safe beside an older release: adds a column with a default, and triggers.
"""

from django.db import migrations

from clientela.store.rowsecurity import AppendOnly

TRANSACTION = """
alter table audit_event add column txid xid8 not null default pg_current_xact_id();
create index event_by_transaction on audit_event (txid, id);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("store", "0002_scope")]
    operations = [
        migrations.RunSQL(TRANSACTION, "alter table audit_event drop column txid"),
        AppendOnly("audit_event"),
        AppendOnly("audit_seal"),
        AppendOnly("audit_checkpoint"),
    ]
