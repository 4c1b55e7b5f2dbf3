"""What the rows of a batch name by number or key, found by one index probe a row.

Each is a lateral sub-select that `offset 0` keeps apart from the statement around it. A
plain join leaves the planner its choice, and while a table is being filled its statistics
are of before: a source that they do not know yet is believed to have no documents, and all
of them are then read for each row of the batch.
"""


def account(key: str) -> str:
    """Return the record of a key, with its customer's id and scope (nulls where unknown)."""
    return f"""lateral (
        select r.id as account_id, c.id as customer_id, c.org_node_id, c.owner_id
        from records_sourcerecord r
        left join records_link k on k.source_record_id = r.id and k.ended_at is null
        left join records_customer c on c.id = k.customer_id
        where r.source_id = %(source)s and r.key = {key} offset 0)"""


def document(table: str, number: str, columns: str = "id") -> str:
    """Return the document of a number that is not voided."""
    return f"""lateral (
        select {columns} from trade_{table} d where d.source_id = %(source)s
        and d.number = {number} and d.voided_at is null offset 0)"""


def product(code: str) -> str:
    """Return the product of a code."""
    return f"""lateral (
        select id, name from trade_product d
        where d.source_id = %(source)s and d.code = {code} offset 0)"""


def unless_known(table: str, number: str) -> str:
    """Return the condition that the books hold no document of a number."""
    return f"not exists (select from {document(table, number)} known)"
