"""Cases and invitations follow their account's customer, answers their invitation.

A survey itself is nobody's record: it is seen through its invitations.
Safe beside an older release: the tables are new.
"""

from django.db import migrations

from clientela.records.following import WHOLE, FollowAccounts, FollowDocument
from clientela.store.rowsecurity import ProtectRows, RefersTo, TrackChanges

ENTRIES = ["feedback_case", "feedback_surveyinvitation"]
ANSWER = "feedback_surveyanswer"
# An answer can be voided by itself; voiding the invitation voids it as well.
OF_AN_INVITATION = WHOLE | {"voided_at": "coalesce(n.voided_at, d.voided_at)"}


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("trade", "0002_scope_columns")]
    operations = [
        FollowAccounts("feedback", ENTRIES, node="branch_id"),
        FollowDocument(
            ANSWER, "feedback_surveyinvitation", key="invitation_id", columns=OF_AN_INVITATION
        ),
        *(RefersTo(table, "source_id", "records_source") for table in ENTRIES),
        *(RefersTo(table, "account_id", "records_sourcerecord") for table in ENTRIES),
        *(RefersTo(table, "branch_id", "security_orgnode") for table in ENTRIES),
        RefersTo("feedback_case", "product_id", "trade_product"),
        RefersTo("feedback_case", "handler_id", "security_user"),
        RefersTo("feedback_surveyinvitation", "survey_id", "feedback_survey"),
        RefersTo(ANSWER, "invitation_id", "feedback_surveyinvitation"),
        *(ProtectRows(table) for table in (*ENTRIES, ANSWER)),
        *(TrackChanges(table) for table in (*ENTRIES, ANSWER, "feedback_survey")),
    ]
