"""`scope.count_grown`: statistics of tables that an import fills, while it fills them.

The server counts tables by itself, but later than an import asks. A table that was empty
when last counted is joined by a nested loop over all of it, once for each batch: what
takes seconds then takes minutes. Counted is what has doubled since, and of it the columns
that are joined by; the estimates between follow the size of the table.
Safe beside an older release: it only adds.
"""

from django.db import migrations

FORWARD = """
create function scope.count_grown(joined jsonb) returns void language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
declare grown record;
begin
    for grown in
        select c.oid::regclass as name, (
            select string_agg(quote_ident(a.attname), ', ') from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and j.value ? a.attname) as columns
        from jsonb_each(joined) j join pg_class c on c.relname = j.key
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
          and c.relowner = current_user::regrole
          and pg_relation_size(c.oid) / 8192 > greatest(c.relpages, 4) * 2
    loop
        execute format('analyze (skip_locked) %s (%s)', grown.name, grown.columns);
    end loop;
end $$;
revoke execute on function scope.count_grown(jsonb) from public;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0002_scope")]
    operations = [migrations.RunSQL(FORWARD, "drop function scope.count_grown(jsonb)")]
