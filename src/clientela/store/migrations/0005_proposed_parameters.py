"""Values of parameters that one person proposes and another approves; no row is changed.

A new table, and constraints that hold for every row there is: nothing but the loader of the demo
company wrote any so far. The old release reads parameters and writes none but that. What was
proposed stays as it was proposed, and a decision stays as it was taken: the trigger holds both.
"""

import uuid

from django.db import migrations, models

from clientela.store.rowsecurity import AppendOnly

FORWARD = """
create function scope.refuse_other_proposal() returns trigger language plpgsql as
$$ begin
    if (new.id, new.public_id, new.name, new.value, new.replaces, new.valid_from, new.proposed_by,
        new.proposed_through, new.proposed_at, new.expires_at) is distinct from
       (old.id, old.public_id, old.name, old.value, old.replaces, old.valid_from, old.proposed_by,
        old.proposed_through, old.proposed_at, old.expires_at) then
        raise exception 'parameter_proposal_stays_as_it_was_made' using errcode = 'check_violation';
    end if;
    if old.approved_at is not null or old.ended_at is not null then
        raise exception 'parameter_proposal_is_decided_once' using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger parameter_proposal_stays before update on store_parameterproposal
    for each row execute function scope.refuse_other_proposal();
create trigger parameter_proposal_is_kept before delete on store_parameterproposal
    for each row execute function scope.refuse_change();
create trigger parameter_proposal_is_not_emptied before truncate on store_parameterproposal
    for each statement execute function scope.refuse_change();
"""
BACKWARD = """
drop trigger parameter_proposal_is_not_emptied on store_parameterproposal;
drop trigger parameter_proposal_is_kept on store_parameterproposal;
drop trigger parameter_proposal_stays on store_parameterproposal;
drop function scope.refuse_other_proposal();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_views_by_public_id"),
    ]

    operations = [
        migrations.CreateModel(
            name="ParameterProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.TextField()),
                ("value", models.JSONField()),
                ("replaces", models.JSONField()),
                ("valid_from", models.DateTimeField(null=True)),
                ("proposed_by", models.TextField()),
                ("proposed_through", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("approved_by", models.TextField(blank=True, default="")),
                ("approved_at", models.DateTimeField(null=True)),
                ("ended_by", models.TextField(blank=True, default="")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_reason",
                    models.CharField(blank=True, default="", max_length=400, verbose_name="reason"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="parameter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name__startswith", "analysis."), _negated=True),
                    models.Q(
                        models.Q(("approved_by", ""), _negated=True),
                        models.Q(("approved_by", models.F("set_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="default_of_figures_is_set_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="parameterproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                name="parameter_is_approved_by_another_than_who_proposed",
            ),
        ),
        migrations.AddConstraint(
            model_name="parameterproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", "")),
                    models.Q(
                        models.Q(("approved_by", ""), _negated=True), ("approved_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="parameter_is_approved_by_somebody_at_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="parameterproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", "")),
                    models.Q(
                        models.Q(("ended_by", ""), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="parameter_proposal_is_ended_by_somebody_at_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="parameterproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_by__in", ("", models.F("proposed_by"))),
                    models.Q(("ended_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="parameter_proposal_is_declined_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="parameterproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_at", None),
                    models.Q(("approved_at__lt", models.F("expires_at")), ("ended_at", None)),
                    _connector="OR",
                ),
                name="parameter_is_approved_in_time_and_while_it_stands",
            ),
        ),
        AppendOnly("store_parameter"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
