"""`scope.count_grown` leaves a table alone of which no row can be seen yet.

Counted while the first rows of another import were not committed, or after they were given up, a
table with pages had no rows for the planner, however it grew (it multiplies rows a page by pages):
joins then read it once for each row of a batch. Such a table is not counted before a row of it
stands, and counted again where that happened to it.
Safe beside an older release: the function answers the same call.
"""

from django.db import migrations

_COUNT = """
create or replace function scope.count_grown(joined jsonb) returns void language plpgsql
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
          and {grown}
    loop
        execute format('analyze (skip_locked) %s (%s)', grown.name, grown.columns);
    end loop;
end $$;
"""
# Rows that others committed, and those of this session that it has not told yet.
_SEEN = "pg_stat_get_live_tuples(c.oid) + pg_stat_get_xact_tuples_inserted(c.oid) > 0"
_GROWN = "pg_relation_size(c.oid) / 8192 > greatest(c.relpages, 4) * 2"
AFTER = f"({_GROWN} or c.reltuples = 0) and (c.reltuples > 0 or {_SEEN})"


class Migration(migrations.Migration):
    dependencies = [("store", "0006_corrected_before_it_holds")]
    operations = [
        migrations.RunSQL(_COUNT.replace("{grown}", AFTER), _COUNT.replace("{grown}", _GROWN))
    ]
