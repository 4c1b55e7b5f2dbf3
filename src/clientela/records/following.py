"""Rows of accounts follow their account's customer; their parts follow the row.

A policy that looked the customer up would cost a probe a row, so `customer_id`,
`org_node_id` and `owner_id` stand on each row and part. Three kinds of trigger keep them: a
new link or a moved customer moves its rows, a moved or voided row moves its parts, and an
insert whose scope columns are not those of its account is refused. All are statement
triggers over transition tables: one join, however many rows. Each statement is planned anew
(`execute`): a plan kept from a call with one row compares each row with each, which 100,000
customers do not survive. For the same reason offending rows are counted, not asked for by
`exists`, of which the planner expects to find one at once.
"""

from collections.abc import Mapping
from typing import Any

from django.db.migrations.operations import RunSQL

_FOLLOW = """
create function scope.{part}_follow_links() returns trigger language plpgsql as $$
begin
    {link_updates}
    return null;
end $$;
create trigger {part}_follows_a_new_link after insert on records_link
    referencing new table as new_links
    for each statement execute function scope.{part}_follow_links();

create function scope.{part}_follow_customers() returns trigger language plpgsql as $$
declare found_rows bigint;
begin
    execute $q$
        select count(*) from new_customers n join old_customers o using (id)
        where (n.org_node_id, n.owner_id) is distinct from (o.org_node_id, o.owner_id)
    $q$ into found_rows;
    if found_rows > 0 then
        {customer_updates}
    end if;
    return null;
end $$;
create trigger {part}_follows_a_moved_customer after update on records_customer
    referencing new table as new_customers old table as old_customers
    for each statement execute function scope.{part}_follow_customers();
"""

_LINK_UPDATE = """
    execute $q$
    update {table} d set customer_id = c.id, org_node_id = c.org_node_id, owner_id = c.owner_id
    from new_links l join records_customer c on c.id = l.customer_id
    where d.account_id = l.source_record_id and l.ended_at is null
      and (d.customer_id, d.org_node_id, d.owner_id)
          is distinct from (c.id, c.org_node_id, c.owner_id)
    $q$;"""

_CUSTOMER_UPDATE = """
        execute $q$
        update {table} d set org_node_id = m.org_node_id, owner_id = m.owner_id
        from new_customers m join old_customers o using (id) where d.customer_id = m.id
          and (m.org_node_id, m.owner_id) is distinct from (o.org_node_id, o.owner_id)
        $q$;"""

_CHECKED = """
create function scope.check_{table}() returns trigger language plpgsql as $$
declare found_rows bigint;
begin
    execute $q$
        select count(*) from new_rows d
        left join records_link l on l.source_record_id = d.account_id and l.ended_at is null
        left join records_customer c on c.id = l.customer_id
        where (d.customer_id, d.org_node_id, d.owner_id)
              is distinct from (c.id, coalesce(c.org_node_id, d.{node}), c.owner_id)
    $q$ into found_rows;
    if found_rows > 0 then
        raise exception '{table}_has_the_scope_of_its_customer' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger {table}_has_the_scope_of_its_customer after insert on {table}
    referencing new table as new_rows
    for each statement execute function scope.check_{table}();
"""

_PART = """
create function scope.check_{table}() returns trigger language plpgsql as $$
declare found_rows bigint;
begin
    execute $q$
        select count(*) from new_rows n join {whole} d on d.id = n.{key}
        where (n.org_node_id, n.owner_id) is distinct from (d.org_node_id, d.owner_id)
    $q$ into found_rows;
    if found_rows > 0 then
        raise exception '{table}_has_the_scope_of_its_document' using errcode = 'check_violation';
    end if;
    return null;
end $$;
create trigger {table}_has_the_scope_of_its_document after insert on {table}
    referencing new table as new_rows
    for each statement execute function scope.check_{table}();

create function scope.move_{table}() returns trigger language plpgsql as $$
begin
    execute $q$
    update {table} n set {columns}
    from new_rows d join old_rows o using (id)
    where n.{key} = d.id
      and (d.customer_id, d.org_node_id, d.owner_id, d.voided_at)
          is distinct from (o.customer_id, o.org_node_id, o.owner_id, o.voided_at)
    $q$;
    return null;
end $$;
create trigger {table}_follows_its_document after update on {whole}
    referencing new table as new_rows old table as old_rows
    for each statement execute function scope.move_{table}();
"""

SCOPE = {"org_node_id": "d.org_node_id", "owner_id": "d.owner_id"}
WHOLE = {**SCOPE, "customer_id": "d.customer_id", "voided_at": "d.voided_at"}


class FollowAccounts(RunSQL):
    """Keep the scope columns of a part's tables at those of their account's customer.

    :param node: the column whose node is the scope of a row without a customer.
    """

    def __init__(self, part: str, tables: list[str], *, node: str, **kwargs: Any) -> None:
        self.part, self.tables, self.node = part, tables, node
        sql = _FOLLOW.format(
            part=part,
            link_updates="".join(_LINK_UPDATE.format(table=table) for table in tables),
            customer_updates="".join(_CUSTOMER_UPDATE.format(table=table) for table in tables),
        )
        sql += "".join(_CHECKED.format(table=table, node=node) for table in tables)
        dropped = "".join(
            f"drop trigger {table}_has_the_scope_of_its_customer on {table};"
            f"drop function scope.check_{table}();"
            for table in tables
        )
        super().__init__(
            sql=sql,
            reverse_sql=f"""{dropped}
            drop trigger {part}_follows_a_moved_customer on records_customer;
            drop trigger {part}_follows_a_new_link on records_link;
            drop function scope.{part}_follow_customers();
            drop function scope.{part}_follow_links();""",
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.part, self.tables], {"node": self.node})


class FollowDocument(RunSQL):
    """Keep columns of a table at those of the document that its rows are part of.

    :param key: its column with the document's id.
    :param columns: column -> what it is kept at, of the document `d` and the row `n` itself.
    """

    def __init__(
        self,
        table: str,
        whole: str,
        *,
        key: str,
        columns: Mapping[str, str] = WHOLE,
        **kwargs: Any,
    ) -> None:
        self.table, self.whole, self.key, self.columns = table, whole, key, dict(columns)
        kept = ", ".join(f"{name} = {value}" for name, value in columns.items())
        super().__init__(
            sql=_PART.format(table=table, whole=whole, key=key, columns=kept),
            reverse_sql=f"""
            drop trigger {table}_follows_its_document on {whole};
            drop trigger {table}_has_the_scope_of_its_document on {table};
            drop function scope.move_{table}(); drop function scope.check_{table}();""",
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        options = {"key": self.key, "columns": self.columns}
        return (type(self).__name__, [self.table, self.whole], options)
