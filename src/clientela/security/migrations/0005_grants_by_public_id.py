"""Grants get the id that pages may show.

The database draws it, for the rows there are and for those that the old release still writes.
The trigger of the history is named anew because the
id, which never changes, stays out of it.
"""

import uuid

import django.contrib.postgres.functions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("security", "0004_factor_reset"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="grant",
            name="update_update",
        ),
        migrations.AddField(
            model_name="grant",
            name="public_id",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(),
                default=uuid.uuid4,
                editable=False,
                unique=True,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="grant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."approved_at" IS DISTINCT FROM (NEW."approved_at") OR OLD."approved_by" IS DISTINCT FROM (NEW."approved_by") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by" IS DISTINCT FROM (NEW."ended_by") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."node_id" IS DISTINCT FROM (NEW."node_id") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by" IS DISTINCT FROM (NEW."proposed_by") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))',
                    func='INSERT INTO "security_grantevent" ("approved_at", "approved_by", "ended_at", "ended_by", "id", "node_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by", "role", "user_id", "valid_from", "valid_to") VALUES (NEW."approved_at", NEW."approved_by", NEW."ended_at", NEW."ended_by", NEW."id", NEW."node_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by", NEW."role", NEW."user_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="f6f9bb7e11aebb2e30e5de4dacdef8500f1e4f51",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6bbed",
                    table="security_grant",
                    when="AFTER",
                ),
            ),
        ),
    ]
