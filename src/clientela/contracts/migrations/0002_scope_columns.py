"""Contracts follow their account's customer; row security and the change window.

Safe beside an older release: the table is new.
"""

from django.db import migrations

from clientela.records.following import FollowAccounts
from clientela.store.rowsecurity import ProtectRows, RefersTo, TrackChanges

TABLE = "contracts_contract"


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial"), ("trade", "0002_scope_columns")]
    operations = [
        FollowAccounts("contracts", [TABLE], node="branch_id"),
        RefersTo(TABLE, "source_id", "records_source"),
        RefersTo(TABLE, "account_id", "records_sourcerecord"),
        RefersTo(TABLE, "branch_id", "security_orgnode"),
        RefersTo(TABLE, "renewed_by_id", TABLE),
        ProtectRows(TABLE),
        TrackChanges(TABLE),
    ]
