"""Payments of which their invoices tell bear a key of their own, and not the invoice's number.

They bore the invoice's: a payment of the same number, from a file of payments, was refused, or the
import of the invoices broke. They are those that came with the invoice, by one import.
Safe to be run again. An older release that loads invoices beside it would write the number again:
imports wait for the new release.
"""

from django.db import connection, migrations

from clientela.store.context import system_context

AT_ONCE = 50_000

REKEY = r"""
update trade_payment p
set number = chr(31) || 'paid:' || encode(sha256(convert_to(p.number, 'UTF8')), 'hex')
from trade_invoice i
where p.id > %(after)s and p.id <= %(upto)s and p.voided_at is null
  and i.source_id = p.source_id and i.number = p.number and i.voided_at is null
  and i.run_id = p.run_id
  and p.amount_minor = i.gross_minor"""


def rekey(apps: object, editor: object) -> None:
    """Give the payments that bear the number of their invoice a key, some at a time."""
    with system_context("payments that invoices tell of"), connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from trade_payment")
        (last,) = cursor.fetchone() or (0,)
        for after in range(0, last, AT_ONCE):
            cursor.execute(REKEY, {"after": after, "upto": after + AT_ONCE})


class Migration(migrations.Migration):
    dependencies = [("trade", "0018_probes_that_hold")]
    operations = [migrations.RunPython(rekey, migrations.RunPython.noop)]
