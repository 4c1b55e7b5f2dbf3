"""Documents follow their account's customer; their lines follow the document.

Safe beside an older release: the tables are new.
"""

from django.db import migrations

from clientela.records.following import SCOPE, WHOLE, FollowAccounts, FollowDocument
from clientela.store.rowsecurity import ProtectRows, RefersTo, TrackChanges

DOCUMENTS = ["trade_order", "trade_delivery", "trade_invoice", "trade_payment"]
LINES = ("trade_orderline", "trade_deliveryline", "trade_invoiceline")

TO_BASE = """
-- An amount in minor units at a rate, half-even, in minor units of the group's currency.
create function scope.to_base(minor bigint, rate numeric, digits int, base_digits int)
returns bigint language sql immutable parallel safe as $$
    select case
        when abs(v - trunc(v)) = 0.5 and trunc(v) % 2 = 0 then trunc(v)::bigint
        else round(v)::bigint end
    from (select minor * rate * power(10::numeric, base_digits - digits) as v) exact
$$;
"""
# An allocation can be voided by itself; voiding the invoice voids it as well.
OF_AN_INVOICE = WHOLE | {"voided_at": "coalesce(n.voided_at, d.voided_at)"}


class Migration(migrations.Migration):
    dependencies = [("trade", "0001_initial"), ("records", "0002_ledger")]
    operations = [
        migrations.RunSQL(TO_BASE, "drop function scope.to_base(bigint, numeric, int, int)"),
        FollowAccounts("trade", DOCUMENTS, node="sold_by_id"),
        FollowDocument("trade_orderline", "trade_order", key="order_id", columns=SCOPE),
        FollowDocument("trade_deliveryline", "trade_delivery", key="delivery_id", columns=SCOPE),
        FollowDocument("trade_invoiceline", "trade_invoice", key="invoice_id"),
        FollowDocument(
            "trade_allocation", "trade_invoice", key="invoice_id", columns=OF_AN_INVOICE
        ),
        *(RefersTo(table, "source_id", "records_source") for table in DOCUMENTS),
        *(RefersTo(table, "sold_by_id", "security_orgnode") for table in DOCUMENTS),
        *(RefersTo(table, "account_id", "records_sourcerecord") for table in DOCUMENTS),
        *(RefersTo(table, "product_id", "trade_product") for table in LINES),
        *(ProtectRows(table) for table in (*DOCUMENTS, *LINES, "trade_allocation")),
        *(
            TrackChanges(table)
            for table in (*DOCUMENTS, "trade_invoiceline", "trade_allocation", "trade_product")
        ),
    ]
