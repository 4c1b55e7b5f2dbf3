"""Say of the files that lie away whether that is because nothing is left to say of them.

Their day of archiving is that of an import that was taken back; or nothing of them was ever taken
back, and what was told of them is not true yet. Data alone: a file that an older release empties
meanwhile is taken out by a person.
"""

from typing import Any

from django.db import connection, migrations

from clientela.store.context import system_context

BATCH = 5000
MARK = """
with lying as (select id from records_customer
              where facts = '{}' and archived_at is not null and id > %s order by id limit %s),
emptied as (
    update records_customer c set is_emptied = true from lying
    where c.id = lying.id and coalesce((
        select bool_or(x.at = c.archived_at) from records_link l
        join records_recordversion v on v.source_record_id = l.source_record_id
        join records_retraction x on x.run_id = v.run_id
        where l.customer_id = c.id and l.ended_at is null), true)
    and not exists (
        select from records_link l
        join records_recordversion v on v.source_record_id = l.source_record_id
        where l.customer_id = c.id and l.ended_at is null and v.known_at <= now()
          and v.true_from <= (now() at time zone 'UTC')::date and not exists (
            select from records_retraction x where x.run_id = v.run_id))
    returning c.id)
select max(id) from lying"""


def mark(apps: Any, schema_editor: Any) -> None:
    """Mark what was emptied, batch by batch."""
    last = 0
    with system_context("files that were emptied"), connection.cursor() as cursor:
        while last is not None:
            cursor.execute(MARK, [last, BATCH])
            last = cursor.fetchone()[0]


class Migration(migrations.Migration):
    dependencies = [("records", "0013_emptied_apart")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
