"""Targets follow their account's customer; row security and the change window.

A promotion itself is nobody's record: it is seen through its targets.
Safe beside an older release: the tables are new.
"""

from django.db import migrations

from clientela.records.following import FollowAccounts
from clientela.store.rowsecurity import ProtectRows, RefersTo, TrackChanges

TABLE = "campaigns_promotiontarget"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("records", "0002_ledger")]
    operations = [
        FollowAccounts("campaigns", [TABLE], node="branch_id"),
        RefersTo(TABLE, "source_id", "records_source"),
        RefersTo(TABLE, "account_id", "records_sourcerecord"),
        RefersTo(TABLE, "branch_id", "security_orgnode"),
        RefersTo(TABLE, "promotion_id", "campaigns_promotion"),
        ProtectRows(TABLE),
        TrackChanges(TABLE),
        TrackChanges("campaigns_promotion"),
    ]
