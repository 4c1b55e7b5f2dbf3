"""The customers that the sales of a run name: opened where they are new, noted where they are known.

All of them are gathered by one scan of the staged rows, into a table that this connection alone
sees, and taken from there by the batch: the work grows with the rows, not with rows × customers.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from clientela.intake.models import Run
from clientela.intake.services.accounts import COUNTS, KIND_OF_ACCOUNT, OF_KEY
from clientela.intake.services.meanwhile import set_alike_aside
from clientela.intake.services.unreached import SEEN, reach_params
from clientela.records.results import Statement
from clientela.records.services import mention, state
from clientela.security.permits import ActReach
from clientela.store.bulk import execute, fetch

ACCOUNTS = 5_000  # a transaction

# One row an account of which this run has not spoken yet. The table outlives the transactions of
# the batches, and a run that broke off in between.
_GATHERED = f"""
create temp table account_named as
select n.* from (
    select s.account, {KIND_OF_ACCOUNT} as kind,
        (array_agg(s.account_name order by s.row_no desc)
            filter (where s.account_name is not null))[1] as name,
        (array_agg(s.country order by s.row_no desc) filter (where s.country is not null))[1]
            as country,
        (array_agg(s.node_id order by s.row_no desc))[1] as node_id
    from staging.sales_line s
    join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
    where s.run_id = %(run)s and s.account is not null
    group by s.account) n
left join {OF_KEY.format("n.account")} r on true
where not exists (select from records_recordversion v
                  where v.source_record_id = r.id and v.run_id = %(run)s)
  and not exists (select from records_mention m
                  where m.source_record_id = r.id and m.run_id = %(run)s)"""  # noqa: S608 - our own

# Known is of whom anything counts that the source told: not if none was heard of it, or every
# import that told of it was taken back. It is asked when it is acted on, batch by batch, since
# other imports into the source are loaded and taken back meanwhile. So is whether the customer is
# out of reach: then the sales say no more than that there are any.
_NEXT = f"""
select n.account, n.kind, n.name, n.country, n.node_id, coalesce(r.unseen, false),
    coalesce(r.counts or r.unseen, false)
from (select * from account_named where account > %(after)s order by account limit %(most)s) n
left join lateral (
    select {COUNTS} as counts, not {SEEN} as unseen from records_sourcerecord r
    where r.source_id = %(source)s and r.key = n.account offset 0) r on true
order by n.account"""  # noqa: S608 - our own text


def gather_accounts(run: Run) -> None:
    """Gather the accounts that the sales of a run name, for `open_accounts`."""
    execute("drop table if exists account_named")
    execute(_GATHERED, {"run": run.pk, "source": run.into.pk})
    execute("create unique index on account_named (account)")
    execute("analyze account_named")


def open_accounts(
    run: Run, reach: ActReach, *, after: str, at: datetime
) -> tuple[str, dict[str, int]]:
    """Open a customer for each account after `after` of whom nothing counts yet, and keep what the
    sales say of the others: it stands when that on which the others stand is taken back. Of those
    out of reach only that they have sales is kept. The caller holds the source.

    Returns the last account of the batch, "" behind the last of all, and the rows written.
    """
    given = {"after": after, "most": ACCOUNTS, "source": run.into.pk}
    rows = fetch(_NEXT, given | reach_params(reach))
    if not rows:
        execute("drop table account_named")
        return "", {}
    return rows[-1][0], _told(run, rows, reach, at=at)


def _told(
    run: Run, rows: Sequence[tuple[Any, ...]], reach: ActReach, *, at: datetime
) -> dict[str, int]:
    """State what is said of new customers, mention what is said of known ones; count the new."""
    fresh = [row[0] for row in rows if not row[-1]]
    left_out = set_alike_aside(run, "sales_line", fresh, reach)
    said: dict[bool, list[Statement]] = {False: [], True: []}
    taken = (one for one in rows if one[0] not in left_out)
    for key, kind, name, country, node, unseen, known in taken:
        attributes = {} if unseen else _named(name, country, node)
        said[known].append(Statement(key=key, kind=kind, attributes=attributes))
    source, author = run.into.pk, run.started_by
    if said[False]:
        state(said[False], source_id=source, author=author, at=at, run_id=run.pk)
    if said[True]:
        mention(said[True], source_id=source, author=author, at=at, run_id=run.pk)
    return {"customers": len(said[False])}


def _named(name: str | None, country: str | None, node: int) -> dict[str, object]:
    attributes = {"name": name, "country": country, "org_node": node}
    return {key: value for key, value in attributes.items() if value is not None}
