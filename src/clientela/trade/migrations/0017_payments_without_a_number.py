"""Payments that came without a number are kept under a key that nobody takes for one.

The key was what the payment says, in plain: payer, invoice, day, amount, currency, and a count
behind where several say the same. It becomes a mark and a digest of that (`trade.numbers`), so that
it is shown nowhere, and the same rows are known again when they come again.
Safe to be run again: what begins with the mark is left alone. An older release that loads payments
beside it would key them in plain again, and not know these: imports wait for the new release.
"""

from django.db import connection, migrations

from clientela.store.context import system_context

AT_ONCE = 50_000

# A key ends in the payment's own day, amount (in as many places as it was given in) and currency.
REKEY = r"""
update trade_payment p
set number = chr(31) || encode(sha256(convert_to(k.said, 'UTF8')), 'hex') || k.nth
from (
    select q.id, m[1] as said, coalesce(m[4], '') as nth
    from trade_payment q
    cross join lateral regexp_match(
        q.number, '^(.*\|.*\|(\d{4}-\d\d-\d\d)\|(-?\d{1,16}(?:\.\d{1,8})?)\|[A-Z]{3})(\|\d+)?$') m
    where q.id > %(after)s and q.id <= %(upto)s and m is not null
      and m[2] = to_char(q.received_on, 'YYYY-MM-DD') and right(m[1], 3) = q.currency
      and abs(m[3]::numeric - q.amount) < 1
) k where p.id = k.id"""


def rekey(apps: object, editor: object) -> None:
    """Give the payments that have a key in plain the digest of it, some at a time."""
    with system_context("payments without a number"), connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from trade_payment")
        (last,) = cursor.fetchone() or (0,)
        for after in range(0, last, AT_ONCE):
            cursor.execute(REKEY, {"after": after, "upto": after + AT_ONCE})


class Migration(migrations.Migration):
    dependencies = [("trade", "0016_payers_found_later")]
    operations = [migrations.RunPython(rekey, migrations.RunPython.noop)]
