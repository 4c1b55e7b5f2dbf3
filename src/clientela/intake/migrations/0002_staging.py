"""Schema `staging`: rows on their way in, and walls around runs and rejected rows.

COPY writes here, since it is refused on tables with row security; from here one statement
a batch writes on. Rows are logged, so a run resumes after any crash, and are deleted when
the run ends. Safe beside an older release: the tables are new.
"""

from django.db import migrations

from clientela.store.rowsecurity import ProtectRows

FORWARD = """
create schema staging;

create table staging.sales_line (
    run_id bigint not null, row_no bigint not null, line_no bigint not null, unit text not null,
    raw bytea not null, flags text not null,
    kind text not null, account text, account_name text, country text, issued_on date not null,
    issued_at timestamptz, due_on date, paid_on date, order_number text, product text,
    product_name text, category_1 text, category_2 text, category_3 text,
    quantity numeric(18,3) not null, unit_price numeric(20,6) not null, net_minor bigint not null,
    tax_minor bigint not null, cost_minor bigint, currency text not null, node_id bigint not null,
    primary key (run_id, row_no)
);
create index sales_line_by_unit on staging.sales_line (run_id, unit, row_no);

create table staging.payment (
    run_id bigint not null, row_no bigint not null, line_no bigint not null, unit text not null,
    raw bytea not null, flags text not null,
    account text, received_on date not null, currency text not null, amount_minor bigint not null,
    method text not null, invoice_number text, node_id bigint not null,
    primary key (run_id, row_no)
);
create index payment_by_unit on staging.payment (run_id, unit, row_no);

create table staging.product (
    run_id bigint not null, row_no bigint not null, line_no bigint not null, unit text not null,
    raw bytea not null, flags text not null,
    name text not null, category_1 text, category_2 text, category_3 text, measure text not null,
    list_price numeric(20,6), currency text, launched_on date,
    primary key (run_id, row_no)
);
create index product_by_unit on staging.product (run_id, unit, row_no);

create table staging.customer (
    run_id bigint not null, row_no bigint not null, line_no bigint not null, unit text not null,
    raw bytea not null, flags text not null,
    kind text not null, true_from date, attributes jsonb not null,
    primary key (run_id, row_no)
);
create index customer_by_unit on staging.customer (run_id, unit, row_no);

-- What is loaded whole or not at all (a document, a payment, a product, a customer): one row
-- for each of a run, in the order of its first row. outcome: load, skip, reject.
create table staging.unit (
    run_id bigint not null, seq bigint not null, unit text not null, rows bigint not null,
    digest bytea not null, outcome text not null, code text not null,
    primary key (run_id, seq), unique (run_id, unit)
);
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("trade", "0003_contract_views")]
    operations = [
        migrations.RunSQL(FORWARD, "drop schema staging cascade"),
        ProtectRows("intake_run"),
        ProtectRows("intake_rejectedrow"),
    ]
