"""Staged and rejected rows of payments without a number go by the key that is never shown.

As `trade` 17 does for what is in the books: a run that waits for its confirmation must load what
it staged, and know what stands there. Safe to be run again.
"""

from django.db import migrations

from clientela.store.context import system_context

# As a row of its run staged it: it says of itself what its key says. A rejected row has no cells in
# plain, so its key is told by its shape alone.
STAGED = r"""
create temp table plain_key on commit drop as
select s.run_id, s.unit, m[1] as said, coalesce(m[2], '') as nth, s.row_no
from staging.payment s
cross join lateral regexp_match(s.unit, '^(.*\|[A-Z]{3})(\|\d+)?$') m
where m is not null and right(m[1], 3) = s.currency and starts_with(s.unit, concat(
    s.account, '|', s.invoice_number, '|', to_char(s.received_on, 'YYYY-MM-DD'), '|'))"""
REJECTED = r"""
create temp table plain_row on commit drop as
select r.id, m[1] as said, coalesce(m[2], '') as nth from intake_rejectedrow r
join intake_run n on n.id = r.run_id and n.kind = 'payments'
cross join lateral regexp_match(
    r.unit, '^(.*\|.*\|\d{4}-\d\d-\d\d\|-?[0-9.]+\|[A-Z]{3})(\|\d+)?$') m
where m is not null"""
STEPS = (
    STAGED,
    """update staging.unit u set unit = chr(31) || encode(sha256(convert_to(k.said, 'UTF8')), 'hex') || k.nth from (
            select distinct run_id, unit, said, nth from plain_key) k
        where u.run_id = k.run_id and u.unit = k.unit""",
    """update staging.payment s set unit = chr(31) || encode(sha256(convert_to(k.said, 'UTF8')), 'hex') || k.nth from plain_key k
        where s.run_id = k.run_id and s.row_no = k.row_no""",
    "drop table plain_key",
    REJECTED,
    """update intake_rejectedrow r set unit = chr(31) || encode(sha256(convert_to(k.said, 'UTF8')), 'hex') || k.nth, params = r.params - 'unit'
        from plain_row k where r.id = k.id""",
    "drop table plain_row",
)


def rekey(apps: object, editor: object) -> None:
    """Put the digest of a key in plain into its place."""
    with system_context("rows without a number"), editor.connection.cursor() as cursor:  # type: ignore[attr-defined]
        for step in STEPS:
            cursor.execute(step)


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0013_sealed_staging"),
        ("trade", "0017_payments_without_a_number"),
    ]
    operations = [migrations.RunPython(rekey, migrations.RunPython.noop)]
