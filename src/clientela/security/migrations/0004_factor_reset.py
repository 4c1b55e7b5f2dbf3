"""Requests to take a lost second factor away, and when that was last done to a user.

A new table, and a column that may be null: the old release runs on and knows of neither.
That nobody asks or confirms for the own account is held by the service with its reason; the
trigger is the wall behind it.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
create function scope.refuse_own_factor_reset() returns trigger language plpgsql as
$$ begin
    if (select username from security_user where id = new.user_id)
       in (new.asked_by, new.confirmed_by) then
        raise exception 'factor_reset_is_not_for_oneself' using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger factor_reset_is_not_for_oneself before insert or update on security_factorreset
    for each row execute function scope.refuse_own_factor_reset();
"""
BACKWARD = """
drop trigger factor_reset_is_not_for_oneself on security_factorreset;
drop function scope.refuse_own_factor_reset();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("security", "0003_language_until_chosen"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="factor_reset_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                ("asked_by", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirmed_by", models.TextField(blank=True, default="")),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("ended_by", models.TextField(blank=True, default="")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="factor_reset_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                        name="factor_reset_is_confirmed_by_another_than_who_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", "")),
                            models.Q(
                                models.Q(("confirmed_by", ""), _negated=True),
                                ("confirmed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="factor_reset_is_confirmed_by_somebody_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", "")),
                            models.Q(
                                models.Q(("ended_by", ""), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="factor_reset_is_ended_by_somebody_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at", None),
                            models.Q(
                                ("confirmed_at__lt", models.F("expires_at")), ("ended_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="factor_reset_is_confirmed_in_time_and_while_it_stands",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
