"""Schema `warehouse`: one view for each table contract, which the refresh pulls from.

Each reads one tracked table, with the row's transaction as `txid`, and shows money in minor
units. Rows that no longer count (voided, merged away) leave the view and appear in
`warehouse.tombstones`. Only the organisation's view joins: it is small, and carries the
latest transaction of the whole tree, so a renamed branch brings all of it again.
Safe beside an older release: views are replaced as a whole by the next migration.
"""

from django.db import migrations

from clientela.store.rowsecurity import TrackChanges

FORWARD = """
create schema warehouse;

create view warehouse.org_nodes with (security_invoker) as
with recursive tree as (
    select n.id, n.parent_id, n.kind, n.name, null::bigint as region_id, null::text as region_name,
           null::bigint as branch_id, null::text as branch_name
    from security_orgnode n where n.parent_id is null
    union all
    select n.id, n.parent_id, n.kind, n.name,
        case when n.kind = 'region' then n.id else t.region_id end,
        case when n.kind = 'region' then n.name else t.region_name end,
        case when n.kind = 'branch' then n.id else t.branch_id end,
        case when n.kind = 'branch' then n.name else t.branch_name end
    from security_orgnode n join tree t on t.id = n.parent_id
)
select id as org_node_id, parent_id, kind::text, name::text, region_id, region_name, branch_id,
    branch_name,
    (select max(txid::text::bigint) from security_orgnode)::text::xid8 as txid
from tree;

create view warehouse.customers with (security_invoker) as
select id as customer_id, kind::text, stage::text, org_node_id, owner_id, country::text, region, city,
    industry, sex, age_band, income_band, household_size as household_size_band, first_known_on,
    archived_at is not null as is_archived, txid
from records_customer where merged_into_id is null and first_known_on is not null;

create view warehouse.products with (security_invoker) as
select id as product_id, category_1::text, category_2::text, category_3::text, launched_on, txid
from trade_product;

create view warehouse.orders with (security_invoker) as
select id as order_id, customer_id, org_node_id, owner_id, sold_by_id, source_id, ordered_on,
    currency::text, net_minor, net_base_minor, state::text, txid
from trade_order where voided_at is null;

create view warehouse.invoices with (security_invoker) as
select id as invoice_id, customer_id, org_node_id, owner_id, sold_by_id, source_id, kind::text,
    settlement::text, issued_on, due_on, delay_is_ours, currency::text, net_minor, gross_minor,
    net_base_minor, gross_base_minor, cost_base_minor, txid
from trade_invoice where voided_at is null;

create view warehouse.invoice_lines with (security_invoker) as
select id as line_id, invoice_id, customer_id, org_node_id, owner_id, sold_by_id, source_id,
    kind::text, issued_on, product_id, (quantity * 1000)::bigint as quantity_milli, currency::text,
    net_minor, net_base_minor, cost_base_minor, txid
from trade_invoiceline where voided_at is null;

create view warehouse.payments with (security_invoker) as
select id as payment_id, customer_id, org_node_id, owner_id, source_id, received_on,
    currency::text, amount_minor, amount_base_minor, txid
from trade_payment where voided_at is null;

create view warehouse.allocations with (security_invoker) as
select id as allocation_id, invoice_id, payment_id, credit_note_id, customer_id, org_node_id,
    owner_id, allocated_on, currency::text, amount_minor, amount_base_minor, delay_is_ours, txid
from trade_allocation where voided_at is null;

create view warehouse.tombstones with (security_invoker) as
select contract, row_key, txid from scope.tombstone t
join (values ('security_orgnode', 'org_nodes'), ('records_customer', 'customers'),
             ('trade_product', 'products'), ('trade_order', 'orders'),
             ('trade_invoice', 'invoices'), ('trade_invoiceline', 'invoice_lines'),
             ('trade_payment', 'payments'), ('trade_allocation', 'allocations')
     ) names (table_name, contract) using (table_name)
union all select 'customers', id, txid from records_customer where merged_into_id is not null
union all select 'orders', id, txid from trade_order where voided_at is not null
union all select 'invoices', id, txid from trade_invoice where voided_at is not null
union all select 'invoice_lines', id, txid from trade_invoiceline where voided_at is not null
union all select 'payments', id, txid from trade_payment where voided_at is not null
union all select 'allocations', id, txid from trade_allocation where voided_at is not null;
"""


class Migration(migrations.Migration):
    dependencies = [("trade", "0002_scope_columns"), ("security", "0002_conflicts")]
    operations = [
        TrackChanges("security_orgnode"),
        migrations.RunSQL(FORWARD, "drop schema warehouse cascade"),
    ]
