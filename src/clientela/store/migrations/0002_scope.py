"""Schema `scope`: what row security, append-only tables and change tracking call.

Safe beside an older release: it only adds. The functions are STABLE and stand in
sub-selects of the policies, so each is evaluated once per statement.
"""

from django.db import migrations

FORWARD = """
create schema if not exists scope;

create function scope.sees_all() returns boolean language sql stable parallel safe as
$$ select coalesce(current_setting('clientela.sees_all', true) = 'on', false) $$;

create function scope.nodes() returns bigint[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('clientela.nodes', true), '')::bigint[], '{}') $$;

create function scope.own_id() returns bigint language sql stable parallel safe as
$$ select case when current_setting('clientela.own', true) = 'on'
               then nullif(current_setting('clientela.user_id', true), '')::bigint end $$;

create function scope.refuse_change() returns trigger language plpgsql as
$$ begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op
        using errcode = 'restrict_violation';
end $$;

create table scope.tombstone (
    id bigint generated always as identity primary key,
    table_name text not null,
    row_key bigint not null,
    txid xid8 not null default pg_current_xact_id()
);
create index tombstone_by_transaction on scope.tombstone (txid);

create function scope.stamp_transaction() returns trigger language plpgsql as
$$ begin
    new.txid := pg_current_xact_id();
    return new;
end $$;

create function scope.leave_tombstone() returns trigger language plpgsql as
$$ begin
    insert into scope.tombstone (table_name, row_key) values (tg_table_name, old.id);
    return null;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "drop schema scope cascade")]
