"""Documents follow their account's customer; their lines follow the document.

`customer_id`, `org_node_id` and `owner_id` stand on each document and line, since a policy
that looked the customer up would cost a probe a row. Three kinds of trigger keep them:
a new link or a moved customer moves its documents, a moved or voided document moves its
lines, and an insert whose scope columns are not those of its account is refused. All are
statement triggers over transition tables: one join, however many rows.
Safe beside an older release: the tables are new.
"""

from django.db import migrations

from clientela.store.rowsecurity import ProtectRows, RefersTo, TrackChanges

DOCUMENTS = ("trade_order", "trade_delivery", "trade_invoice", "trade_payment")
LINES = {
    "trade_orderline": "order",
    "trade_deliveryline": "delivery",
    "trade_invoiceline": "invoice",
}

FOLLOW = """
create schema if not exists trade;

-- An amount in minor units at a rate, half-even, in minor units of the group's currency.
create function scope.to_base(minor bigint, rate numeric, digits int, base_digits int)
returns bigint language sql immutable parallel safe as $$
    select case
        when abs(v - trunc(v)) = 0.5 and trunc(v) % 2 = 0 then trunc(v)::bigint
        else round(v)::bigint end
    from (select minor * rate * power(10::numeric, base_digits - digits) as v) exact
$$;

create function trade.follow_links() returns trigger language plpgsql as $$
begin
    {link_updates}
    return null;
end $$;
create trigger documents_follow_a_new_link after insert on records_link
    referencing new table as new_links
    for each statement execute function trade.follow_links();

create function trade.follow_customers() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from new_customers n join old_customers o using (id)
        where (n.org_node_id, n.owner_id) is distinct from (o.org_node_id, o.owner_id)
    ) then
        {customer_updates}
    end if;
    return null;
end $$;
create trigger documents_follow_a_moved_customer after update on records_customer
    referencing new table as new_customers old table as old_customers
    for each statement execute function trade.follow_customers();
"""

LINK_UPDATE = """
    update {table} d set customer_id = c.id, org_node_id = c.org_node_id, owner_id = c.owner_id
    from new_links l join records_customer c on c.id = l.customer_id
    where d.account_id = l.source_record_id and l.ended_at is null
      and (d.customer_id, d.org_node_id, d.owner_id)
          is distinct from (c.id, c.org_node_id, c.owner_id);"""

CUSTOMER_UPDATE = """
        update {table} d set org_node_id = m.org_node_id, owner_id = m.owner_id
        from new_customers m join old_customers o using (id) where d.customer_id = m.id
          and (m.org_node_id, m.owner_id) is distinct from (o.org_node_id, o.owner_id);"""

CHECKED = """
create function trade.check_{table}() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from new_rows d
        left join records_link l on l.source_record_id = d.account_id and l.ended_at is null
        left join records_customer c on c.id = l.customer_id
        where (d.customer_id, d.org_node_id, d.owner_id)
              is distinct from (c.id, coalesce(c.org_node_id, d.sold_by_id), c.owner_id)
    ) then
        raise exception '{table}_has_the_scope_of_its_customer' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger {table}_has_the_scope_of_its_customer after insert on {table}
    referencing new table as new_rows
    for each statement execute function trade.check_{table}();
"""

CHECKED_LINE = """
create function trade.check_{table}() returns trigger language plpgsql as $$
begin
    if exists (
        select 1 from new_rows n join trade_{document} d on d.id = n.{document}_id
        where (n.org_node_id, n.owner_id) is distinct from (d.org_node_id, d.owner_id)
    ) then
        raise exception '{table}_has_the_scope_of_its_document' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger {table}_has_the_scope_of_its_document after insert on {table}
    referencing new table as new_rows
    for each statement execute function trade.check_{table}();

create function trade.move_{table}() returns trigger language plpgsql as $$
begin
    update {table} n set {columns}
    from new_rows d join old_rows o using (id)
    where n.{document}_id = d.id
      and (d.customer_id, d.org_node_id, d.owner_id, d.voided_at)
          is distinct from (o.customer_id, o.org_node_id, o.owner_id, o.voided_at);
    return null;
end $$;
create trigger {table}_follows_its_document after update on trade_{document}
    referencing new table as new_rows old table as old_rows
    for each statement execute function trade.move_{table}();
"""

PLAIN = "org_node_id = d.org_node_id, owner_id = d.owner_id"
FULL = PLAIN + ", customer_id = d.customer_id, voided_at = d.voided_at"


def triggers() -> str:
    """Return the triggers of every document and line."""
    sql = FOLLOW.format(
        link_updates="".join(LINK_UPDATE.format(table=t) for t in DOCUMENTS),
        customer_updates="".join(CUSTOMER_UPDATE.format(table=t) for t in DOCUMENTS),
    )
    sql += "".join(CHECKED.format(table=t) for t in DOCUMENTS)
    for table, document in (LINES | {"trade_allocation": "invoice"}).items():
        columns = PLAIN if table in ("trade_orderline", "trade_deliveryline") else FULL
        if table == "trade_allocation":
            columns = columns.replace(
                "voided_at = d.voided_at", "voided_at = coalesce(n.voided_at, d.voided_at)"
            )
        sql += CHECKED_LINE.format(table=table, document=document, columns=columns)
    return sql


BACKWARD = """
drop function scope.to_base(bigint, numeric, int, int);
drop trigger documents_follow_a_new_link on records_link;
drop trigger documents_follow_a_moved_customer on records_customer;
drop schema trade cascade;
"""


class Migration(migrations.Migration):
    dependencies = [("trade", "0001_initial"), ("records", "0002_ledger")]
    operations = [
        migrations.RunSQL(triggers(), BACKWARD),
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
