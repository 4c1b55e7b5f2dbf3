"""Rows of accounts, many at once: staged by COPY, then written by one INSERT … SELECT.

A row whose number the source gave before stays as it is, so the same rows again change
nothing. A row of an account that is not known is refused with all the others: it would
belong to nobody, and leaving it out would lose it silently.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from clientela.kernel.reasons import Invalid, Reason
from clientela.store.bulk import execute, fetch, staged

HEAD = {"number": "text", "account": "text", "branch_id": "bigint"}


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A kind of entry: its table, what a row states, and what is kept of that.

    A given row states number, account, the branch's node, then `given` in this order.
    """

    table: str
    given: Mapping[str, str]  # column as given -> its PostgreSQL type
    kept: Mapping[str, str]  # column of the table -> SQL over the given row `g`
    joins: str = ""  # what `kept` needs besides
    params: Mapping[str, Any] = field(default_factory=dict)


# In two steps: once the rows are counted, the planner knows how many it joins. What they name is
# found by a probe a row, whatever it believes of the tables (decision 12).
_BATCH = """
create temp table entry_batch on commit drop as
select nextval((select pg_get_serial_sequence(%(table)s, 'id')::regclass)) as id, g.*,
    sha256(convert_to(g::text, 'UTF8')) as digest, a.*
from given_entry g
left join lateral (
    select r.id as account_id, c.id as customer_id, c.org_node_id, c.owner_id
    from records_sourcerecord r
    left join records_link k on k.source_record_id = r.id and k.ended_at is null
    left join records_customer c on c.id = k.customer_id
    where r.source_id = %(source)s and r.key = g.account offset 0
) a on true
where not exists (select from {table} t where t.source_id = %(source)s
                  and t.number = g.number and t.voided_at is null offset 0)"""

_INSERT = """
insert into {table} (id, public_id, source_id, number, account_id, customer_id, org_node_id,
    owner_id, branch_id, run_id, digest, recorded_at, void_reason, {columns})
overriding system value
select g.id, gen_random_uuid(), %(source)s, g.number, g.account_id, g.customer_id, g.org_node_id,
    g.owner_id, g.branch_id, %(run)s, g.digest, %(at)s, '', {values}
from entry_batch g {joins}"""


@transaction.atomic
def load_entries(
    shape: Shape,
    rows: Iterable[Sequence[Any]],
    *,
    run_id: int | None,
    source_id: int,
    at: datetime,
) -> int:
    """Write rows of one kind; return how many are new. Raises Invalid for unknown accounts."""
    params = {
        "table": shape.table, "source": source_id, "run": run_id, "at": at, **shape.params,
    }  # fmt: skip
    with staged("given_entry", HEAD | dict(shape.given), rows):
        execute(_BATCH.format(table=shape.table), params)
    execute("analyze entry_batch")
    ((unknown,),) = fetch("select count(*) from entry_batch where customer_id is null")
    if unknown:
        raise Invalid(Reason(code="accounts_unknown", params={"rows": str(unknown)}))
    query = _INSERT.format(
        table=shape.table,
        columns=", ".join(shape.kept),
        values=", ".join(shape.kept.values()),
        joins=shape.joins,
    )
    written = execute(query, params)
    execute("drop table entry_batch")
    return written


@transaction.atomic
def void_entries(
    tables: Iterable[str], *, run_id: int, at: datetime, reason: str
) -> dict[str, int]:
    """Void what a run brought to these tables; return how many rows of each, by its name."""
    query = """update {table} set voided_at = %(at)s, void_reason = %(reason)s
               where run_id = %(run)s and voided_at is null"""
    params = {"at": at, "run": run_id, "reason": reason}
    return {table.partition("_")[2]: execute(query.format(table=table), params) for table in tables}
