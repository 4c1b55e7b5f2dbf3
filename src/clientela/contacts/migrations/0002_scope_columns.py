"""Contacts follow their account's customer; row security and the change window.

Safe beside an older release: the table is new. The product's table is named here because a
contact may be about one; nothing else of trade is known.
"""

from django.db import migrations

from clientela.records.following import FollowAccounts
from clientela.store.rowsecurity import ProtectRows, RefersTo, TrackChanges

TABLE = "contacts_contact"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("trade", "0002_scope_columns")]
    operations = [
        FollowAccounts("contacts", [TABLE], node="branch_id"),
        RefersTo(TABLE, "source_id", "records_source"),
        RefersTo(TABLE, "account_id", "records_sourcerecord"),
        RefersTo(TABLE, "branch_id", "security_orgnode"),
        RefersTo(TABLE, "staff_id", "security_user"),
        RefersTo(TABLE, "product_id", "trade_product"),
        ProtectRows(TABLE),
        TrackChanges(TABLE),
    ]
