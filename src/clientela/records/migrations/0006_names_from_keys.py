"""Customers without a name go by the key that their source knows them by.

The projection does it from now on; this brings the rows that are there to what it says. Data
alone: an older release that writes meanwhile leaves a row as it was before, and the next
statement about that customer, or a rebuild, mends it.
"""

from typing import Any

from django.db import connection, migrations

from clientela.records.rules import sort_key
from clientela.store.context import system_context

BATCH = 5000
FIND = """
select distinct on (c.id) c.id, s.name || ' ' || r.key
from (select id from records_customer where name = '' and id > %s order by id limit %s) c
join records_link l on l.customer_id = c.id and l.ended_at is null
join records_sourcerecord r on r.id = l.source_record_id
join records_source s on s.id = r.source_id and s.name <> 'desk'
order by c.id, s.name, r.key"""
WRITE = """
update records_customer c set name = n.name, sort_key = n.sort_key
from unnest(%s::bigint[], %s::text[], %s::text[]) n (id, name, sort_key) where c.id = n.id"""


def name_them(apps: Any, schema_editor: Any) -> None:
    """Write the key of each customer without a name as its name, batch by batch."""
    last = 0
    with system_context("customers without a name get their key"), connection.cursor() as cursor:
        while True:
            cursor.execute(FIND, [last, BATCH])
            found = cursor.fetchall()
            if not found:
                return
            ids, names = zip(*found, strict=True)
            keys = [sort_key(name) for name in names]
            cursor.execute(WRITE, [list(ids), list(names), keys])
            last = max(ids)


class Migration(migrations.Migration):
    dependencies = [("records", "0005_coming_facts")]
    operations = [migrations.RunPython(name_them, migrations.RunPython.noop)]
