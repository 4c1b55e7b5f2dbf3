"""Row security as a migration operation: the second wall under the scoped selectors.

A protected table has the columns `org_node_id` and `owner_id`. The policy asks first
whether the context sees everything, then compares the row's own columns; each function
stands in a sub-select, so PostgreSQL evaluates it once per statement and not per row.
`FORCE` holds the table's owner to it as well; migrations of data set their own context.
"""

from typing import Any

from django.db.migrations.operations import RunSQL

REACH = """(select scope.sees_all())
    or {node} = any ((select scope.nodes())::bigint[])
    or {owner} = (select scope.own_id())"""


class ProtectRows(RunSQL):
    """Switch row security on for `table`, by its columns for node and owner.

    :param using: SQL that replaces the usual reach where a table has other columns.
    """

    def __init__(
        self,
        table: str,
        *,
        node: str = "org_node_id",
        owner: str = "owner_id",
        using: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.table, self.node, self.owner, self.using = table, node, owner, using
        reach = using or REACH.format(node=node, owner=owner)
        super().__init__(
            sql=f"""
            alter table {table} enable row level security;
            alter table {table} force row level security;
            create policy {table}_in_scope on {table} to clientela_app, clientela_owner
                using ({reach}) with check ({reach});
            create policy {table}_for_the_copy on {table} for select to clientela_reader
                using (true);
            """,
            reverse_sql=f"""
            drop policy {table}_for_the_copy on {table};
            drop policy {table}_in_scope on {table};
            alter table {table} no force row level security;
            alter table {table} disable row level security;
            """,
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        options = {"node": self.node, "owner": self.owner, "using": self.using}
        return (type(self).__name__, [self.table], options)


class AppendOnly(RunSQL):
    """Let nobody change, delete or empty a table: a trigger refuses, whatever the role."""

    def __init__(self, table: str, **kwargs: Any) -> None:
        self.table = table
        super().__init__(
            sql=f"""
            create trigger {table}_is_append_only before update or delete on {table}
                for each row execute function scope.refuse_change();
            create trigger {table}_is_not_emptied before truncate on {table}
                for each statement execute function scope.refuse_change();
            """,
            reverse_sql=f"""
            drop trigger {table}_is_append_only on {table};
            drop trigger {table}_is_not_emptied on {table};
            """,
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table], {})


class TrackChanges(RunSQL):
    """Keep `txid` at the last transaction that wrote the row, and remember deleted rows.

    The refresh of the columnar copy reads the window of transactions it has not seen
    (`txid >= last and txid < pg_snapshot_xmin(pg_current_snapshot())`).
    """

    def __init__(self, table: str, **kwargs: Any) -> None:
        self.table = table
        super().__init__(
            sql=f"""
            alter table {table} add column txid xid8 not null default pg_current_xact_id();
            create index {table}_txid on {table} (txid);
            create trigger {table}_has_changed before update on {table}
                for each row execute function scope.stamp_transaction();
            create trigger {table}_leaves_a_tombstone after delete on {table}
                for each row execute function scope.leave_tombstone();
            """,
            reverse_sql=f"""
            drop trigger {table}_leaves_a_tombstone on {table};
            drop trigger {table}_has_changed on {table};
            alter table {table} drop column txid;
            """,
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table], {})


class RefersTo(RunSQL):
    """Referential integrity of a column, checked once a statement instead of once a row.

    A foreign key probes for each row it is given, which is a third of the cost of an
    import. Rows that are referred to are never deleted (the application has no right to),
    so that what is inserted exists is all there is to hold. The statement is planned anew
    each time: a plan kept from a call with one row is the wrong one for a million.
    """

    def __init__(self, table: str, column: str, target: str, **kwargs: Any) -> None:
        self.table, self.column, self.target = table, column, target
        name = f"{table}_{column}_exists"
        super().__init__(
            sql=f"""
            create function scope.{name}() returns trigger language plpgsql as $$
            declare missing bigint;
            begin
                execute $q$ select count(*) from new_rows n
                    where n.{column} is not null and not exists (
                        select 1 from {target} t where t.id = n.{column}) $q$ into missing;
                if missing > 0 then
                    raise exception '{name}' using errcode = 'foreign_key_violation';
                end if;
                return null;
            end $$;
            create trigger {name} after insert on {table} referencing new table as new_rows
                for each statement execute function scope.{name}();
            """,
            reverse_sql=f"drop trigger {name} on {table}; drop function scope.{name}();",
            **kwargs,
        )

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.table, self.column, self.target], {})
