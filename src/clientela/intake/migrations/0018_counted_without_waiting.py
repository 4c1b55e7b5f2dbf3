"""`staging.count_rows('unit')` passes over a table that another import is counting.

The units of a file are counted in the transaction that decides about them, and the lock of a count
is held to the end of it: a small file waited until a large one beside it was checked.
Safe beside an older release: the function answers the same call.
"""

from django.db import migrations

_COUNT = """
create or replace function staging.count_rows(name text) returns void language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
begin
    if name not in ('unit', 'sales_line', 'payment', 'product', 'customer', 'order_line',
                    'delivery_line', 'allocation') then
        raise exception '% is no staging table', name using errcode = 'undefined_table';
    end if;
    execute format('analyze {how}staging.%I (%s)'{given}, name, (
        select string_agg(quote_ident(attname), ', ') from pg_attribute
        where attrelid = format('staging.%I', name)::regclass and attname = any('{columns}')));
end $$;
"""
_COLUMNS = "{run_id,row_no,unit,seq,outcome,account,number,currency,flags,notes}"
_WAITS = "case when name = 'unit' then '(skip_locked) ' else '' end"


def _counting(how: str, given: str) -> str:
    text = _COUNT.replace("{how}", how).replace("{given}", given)
    return text.replace("{columns}", _COLUMNS)


class Migration(migrations.Migration):
    dependencies = [("intake", "0017_account_notes")]
    operations = [migrations.RunSQL(_counting("%s", f", {_WAITS}"), _counting("", ""))]
