"""The payments that are there learn how they stand.

Safe beside an older release, and to be run again: it writes only what differs.
"""

from django.db import connection, migrations

from clientela.store.context import system_context

AT_ONCE = 50_000


def restate(apps: object, editor: object) -> None:
    """Work out how each payment stands, some at a time."""
    with system_context("payments learn how they stand"), connection.cursor() as cursor:
        cursor.execute("select coalesce(max(id), 0) from trade_payment")
        (last,) = cursor.fetchone() or (0,)
        for after in range(0, last, AT_ONCE):
            cursor.execute(
                """select scope.restate_payments(array(
                       select id from trade_payment where id > %s and id <= %s))""",
                [after, after + AT_ONCE],
            )


class Migration(migrations.Migration):
    dependencies = [("trade", "0011_how_payments_stand")]
    operations = [migrations.RunPython(restate, migrations.RunPython.noop)]
