"""Exchange rates come into the columnar copy, so that balances take the rate of their own day.

A rate that was replaced leaves the view and is told by `warehouse.tombstones`, as voided documents
are. Safe beside an older release: it names the columns that it writes, the new one has a default,
and it asks the tombstones by contract, of which there is one more.
"""

from django.db import migrations

from clientela.store.rowsecurity import TrackChanges

# Decimals of a currency, as in `kernel.money`.
DECIMALS = """case
    when {currency} = any ('{{BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,UYI,VND,VUV,XAF,XOF,XPF}}')
        then 0
    when {currency} = any ('{{BHD,IQD,JOD,KWD,LYD,OMR,TND}}') then 3
    when {currency} = any ('{{CLF,UYW}}') then 4
    else 2 end"""
VIEW = f"""
create view warehouse.exchange_rates with (security_invoker) as
select id as rate_id, currency, base, on_day, div(worth, 1e14)::bigint as unit_whole,
    div(mod(worth, 1e14), 1e7)::bigint as unit_high, mod(worth, 1e7)::bigint as unit_low, txid
from (
    select id, currency::text, base::text, on_day, txid,
        trunc(rate * 1e10) * power(10::numeric, 4 + {DECIMALS.format(currency="base")}
            - {DECIMALS.format(currency="currency")}) as worth
    from trade_exchangerate where replaced_at is null
) exact;
"""  # noqa: S608
_TOMBSTONES = """
create or replace view warehouse.tombstones with (security_invoker) as
select contract, row_key, txid from scope.tombstone t
join (values ('security_orgnode', 'org_nodes'), ('records_customer', 'customers'),
             ('trade_product', 'products'), ('trade_order', 'orders'),
             ('trade_invoice', 'invoices'), ('trade_invoiceline', 'invoice_lines'),
             ('trade_payment', 'payments'), ('trade_allocation', 'allocations'){names}
     ) names (table_name, contract) using (table_name)
union all select 'customers', id, txid from records_customer where merged_into_id is not null
union all select 'orders', id, txid from trade_order where voided_at is not null
union all select 'invoices', id, txid from trade_invoice where voided_at is not null
union all select 'invoice_lines', id, txid from trade_invoiceline where voided_at is not null
union all select 'payments', id, txid from trade_payment where voided_at is not null
union all select 'allocations', id, txid from trade_allocation where voided_at is not null
{rows};
"""
TOMBSTONES = _TOMBSTONES.format(
    names=", ('trade_exchangerate', 'exchange_rates')",
    rows="union all select 'exchange_rates', id, txid from trade_exchangerate "
    "where replaced_at is not null",
)
BEFORE = _TOMBSTONES.format(names="", rows="")


class Migration(migrations.Migration):
    dependencies = [("trade", "0008_who_entered_a_rate")]
    operations = [
        TrackChanges("trade_exchangerate"),
        migrations.RunSQL(VIEW, "drop view warehouse.exchange_rates"),
        migrations.RunSQL(TOMBSTONES, BEFORE),
    ]
