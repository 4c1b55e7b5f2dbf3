"""Schema `staging`: orders, deliveries and allocations on their way in.

They are loaded by the run as a whole, so they need no units; rows of a number that the
books hold already are left. And `staging.count_rows`, by which the application has a table
analysed that it does not own: statistics of a staging table are else of the run before,
mostly of an empty table, and a planner that believes them joins by nested loops over all.
Safe beside an older release: what is here is new.
"""

from django.db import migrations

FORWARD = """
create table staging.order_line (
    run_id bigint not null, row_no bigint not null, number text not null, account text,
    ordered_on date not null, due_on date, state text not null, product text not null,
    quantity numeric(18,3) not null, unit_price numeric(20,6) not null, net_minor bigint not null,
    currency text not null, node_id bigint not null,
    primary key (run_id, row_no)
);

create table staging.delivery_line (
    run_id bigint not null, row_no bigint not null, number text not null, account text,
    delivered_on date not null, order_number text, order_line int, product text not null,
    quantity numeric(18,3) not null, currency text not null, node_id bigint not null,
    primary key (run_id, row_no)
);

-- What settles an invoice: a payment or a credit note, each by its number.
create table staging.allocation (
    run_id bigint not null, row_no bigint not null, invoice_number text not null,
    payment_number text, credit_number text, allocated_on date not null,
    amount_minor bigint not null, delay_reason text not null, delay_is_ours boolean not null,
    primary key (run_id, row_no)
);

create function staging.count_rows(name text) returns void language plpgsql
    security definer set search_path = pg_catalog, pg_temp as $$
begin
    if name not in ('unit', 'sales_line', 'payment', 'product', 'customer', 'order_line',
                    'delivery_line', 'allocation') then
        raise exception '% is no staging table', name using errcode = 'undefined_table';
    end if;
    execute format('analyze staging.%I', name);
end $$;
revoke execute on function staging.count_rows(text) from public;
"""
BACKWARD = """
drop function staging.count_rows(text);
drop table staging.allocation; drop table staging.delivery_line; drop table staging.order_line;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_staging")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
