"""Roles that check each other are not held by one person: refused by the database too.

The permit `may_approve_grant` refuses with reasons; this is the wall behind it. The
pairs are those of `security.roles.CONFLICTS` (a test compares them).
"""

from django.db import migrations

FORWARD = """
create table security_conflict (one text not null, other text not null, primary key (one, other));
insert into security_conflict values
    ('administrator', 'auditor'), ('administrator', 'security_officer'),
    ('auditor', 'sales'), ('auditor', 'credit_controller'), ('auditor', 'credit_manager'),
    ('auditor', 'marketing'), ('auditor', 'service'), ('auditor', 'data_steward'),
    ('auditor', 'security_officer');

create function scope.refuse_conflicting_roles() returns trigger language plpgsql as
$$ begin
    if new.approved_at is not null and new.ended_at is null and exists (
        select 1 from security_grant held join security_conflict pair
          on (pair.one, pair.other) in ((held.role, new.role), (new.role, held.role))
        where held.user_id = new.user_id and held.id <> new.id
          and held.approved_at is not null and held.ended_at is null
          and tstzrange(held.valid_from, held.valid_to) && tstzrange(new.valid_from, new.valid_to)
    ) then
        raise exception 'grant_conflicts_with_a_role_held' using errcode = 'check_violation';
    end if;
    return new;
end $$;

create trigger grant_conflicts_with_no_role_held before insert or update on security_grant
    for each row execute function scope.refuse_conflicting_roles();
"""
BACKWARD = """
drop trigger grant_conflicts_with_no_role_held on security_grant;
drop function scope.refuse_conflicting_roles();
drop table security_conflict;
"""


class Migration(migrations.Migration):
    dependencies = [("security", "0001_initial"), ("store", "0002_scope")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
