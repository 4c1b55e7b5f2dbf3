"""From staging into the books: accounts and products first, then units by the batch."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from clientela.intake.models import Run
from clientela.intake.services.accounts import KIND_OF_ACCOUNT
from clientela.intake.services.locking import running
from clientela.intake.services.stagers import STAGERS
from clientela.kernel.money import exponent_of
from clientela.records.results import Statement
from clientela.records.services import mention, state
from clientela.security.models import OrgNode
from clientela.store.bulk import execute, fetch
from clientela.store.context import system_context
from clientela.store.statistics import count_grown
from clientela.trade.services import load_documents, load_payments, load_products

UNITS = 5_000  # a transaction
ACCOUNTS = 5_000

# Accounts that the sales of this run name and of whom the source has told nothing that counts:
# none was heard of, or every import that told of it was taken back.
_ACCOUNTS = f"""
select s.account, {KIND_OF_ACCOUNT}, (array_agg(s.account_name order by s.row_no desc)
        filter (where s.account_name is not null))[1],
    (array_agg(s.country order by s.row_no desc) filter (where s.country is not null))[1],
    (array_agg(s.node_id order by s.row_no desc))[1]
from staging.sales_line s
join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
where s.run_id = %(run)s and s.account is not null
  and not exists (select 1 from records_sourcerecord r
                  where r.source_id = %(source)s and r.key = s.account
                    and r.key <> all (%(forgotten)s::text[]))
group by s.account order by s.account limit %(limit)s"""  # noqa: S608 - our own text

# Accounts that the sales of this run name and that the source has told of before, by other runs.
# Gathered by one scan of the rows, and read from there by the batch.
_NAMED_AGAIN = f"""
create temp table named_again on commit drop as
select s.account, {KIND_OF_ACCOUNT} as kind, (array_agg(s.account_name order by s.row_no desc)
        filter (where s.account_name is not null))[1] as name,
    (array_agg(s.country order by s.row_no desc) filter (where s.country is not null))[1]
        as country,
    (array_agg(s.node_id order by s.row_no desc))[1] as node_id
from staging.sales_line s
join staging.unit u on u.run_id = s.run_id and u.unit = s.unit and u.outcome = 'load'
join records_sourcerecord r on r.source_id = %(source)s and r.key = s.account
where s.run_id = %(run)s
  and not exists (select from records_recordversion v
                  where v.source_record_id = r.id and v.run_id = %(run)s)
  and not exists (select from records_mention m
                  where m.source_record_id = r.id and m.run_id = %(run)s)
group by s.account"""  # noqa: S608 - our own text
_NEXT_NAMED = """
select account, kind, name, country, node_id from named_again
where account > %s order by account limit %s"""

# Keys of a source of which nothing counts any more: found once, from what was taken back.
_FORGOTTEN = """
select distinct r.key from records_retraction x
join records_recordversion v on v.run_id = x.run_id
join records_sourcerecord r on r.id = v.source_record_id and r.source_id = %s
where not exists (
    select from records_recordversion w where w.source_record_id = r.id
    and not exists (select from records_retraction y where y.run_id = w.run_id))"""

_CUSTOMERS = """
select u.seq, s.unit, s.kind, s.true_from, s.attributes, s.raw, s.row_no
from staging.unit u
join lateral (select * from staging.customer c where c.run_id = u.run_id and c.unit = u.unit
              order by c.row_no limit 1) s on true
where u.run_id = %s and u.outcome = 'load' and u.seq > %s and u.seq <= %s order by u.seq"""


def load(run: Run, *, at: datetime) -> Iterator[int]:
    """Load the rest of a run; yield how many units are behind it after each transaction."""
    table = STAGERS[run.kind].table
    if table == "sales_line":
        yield from _accounts(run, at=at)
        _mentions(run, at=at)
    if table in ("sales_line", "product"):
        with system_context("loading products of an import"), running(run):
            products = load_products(
                run_id=run.pk, source_id=run.into.pk, from_lines=table == "sales_line"
            )
            _wrote(run, {"products": products})
    while run.loaded < run.to_load:
        count_grown()
        with system_context("loading units of an import"), running(run):
            upto = min(run.loaded + UNITS, run.to_load)
            _wrote(run, _load_batch(run, table, upto, at))
            run.loaded = upto
            run.save(update_fields=["loaded", "written", "state"])
        yield run.loaded


def _load_batch(run: Run, table: str, upto: int, at: datetime) -> dict[str, int]:
    if table == "sales_line":
        base, digits = _currencies(run)
        return load_documents(
            run_id=run.pk, source_id=run.into.pk, settlement=run.into.settlement, base=base,
            digits=digits, after=run.loaded, upto=upto, at=at,
        )  # fmt: skip
    if table == "payment":
        base, digits = _currencies(run)
        return load_payments(
            run_id=run.pk, source_id=run.into.pk, base=base, digits=digits, after=run.loaded,
            upto=upto, at=at,
        )  # fmt: skip
    if table == "customer":
        return _customers(run, upto, at)
    return {}


def _customers(run: Run, upto: int, at: datetime) -> dict[str, int]:
    said = [
        Statement(
            key=key,
            kind=kind,
            attributes=attributes,
            true_from=true_from,
            raw={"row": bytes(raw).decode("utf-8", "replace")},
            ref=seq,
        )
        for seq, key, kind, true_from, attributes, raw, _ in fetch(
            _CUSTOMERS, [run.pk, run.loaded, upto]
        )
    ]
    answers = state(said, source_id=run.into.pk, author=run.started_by, at=at, run_id=run.pk)
    new = sum(answer.outcome == "new" for answer in answers)
    changed = sum(answer.outcome == "changed" for answer in answers)
    return {"customers": new, "versions": new + changed}


def _accounts(run: Run, *, at: datetime) -> Iterator[int]:
    """Open a customer for each account that the sales name and nobody told of yet."""
    with system_context("looking for accounts that were taken back"):
        forgotten = {key for (key,) in fetch(_FORGOTTEN, [run.into.pk])}
    while True:
        count_grown()
        with system_context("opening accounts of an import"), running(run):
            params = {"run": run.pk, "source": run.into.pk, "limit": ACCOUNTS}
            found = fetch(_ACCOUNTS, params | {"forgotten": sorted(forgotten)})
            said = _said(found)
            if said:
                state(said, source_id=run.into.pk, author=run.started_by, at=at, run_id=run.pk)
                _wrote(run, {"customers": len(said)})
                forgotten -= {one.key for one in said}
        if len(found) < ACCOUNTS:
            return
        yield 0


def _mentions(run: Run, *, at: datetime) -> None:
    """Keep what the sales say of customers that are there: it stands when others are taken back."""
    params = {"run": run.pk, "source": run.into.pk}
    with system_context("keeping what sales say of known accounts"), running(run):
        execute(_NAMED_AGAIN, params)
        execute("create index on named_again (account)")
        last = ""
        while found := fetch(_NEXT_NAMED, [last, ACCOUNTS]):
            last = found[-1][0]
            said = _said(found)
            mention(said, source_id=run.into.pk, author=run.started_by, at=at, run_id=run.pk)
        execute("drop table named_again")


def _said(found: Iterable[tuple[Any, ...]]) -> list[Statement]:
    """Return what rows of sales say of their customers."""
    return [
        Statement(key=key, kind=kind, attributes=_named(name, country, node))
        for key, kind, name, country, node in found
    ]


def _named(name: str | None, country: str | None, node: int) -> dict[str, object]:
    attributes = {"name": name, "country": country, "org_node": node}
    return {key: value for key, value in attributes.items() if value is not None}


def _currencies(run: Run) -> tuple[str, dict[str, int]]:
    """Return the group's currency, and the decimals of every currency that occurs.

    A group that has none yet takes that of the first money that comes in.
    """
    table = STAGERS[run.kind].table
    rows = fetch(f"select distinct currency from staging.{table} where run_id = %s", [run.pk])  # noqa: S608
    found = sorted(row[0] for row in rows)
    group = OrgNode.objects.get(kind=OrgNode.Kind.GROUP)
    if not group.base_currency:
        group = OrgNode.objects.select_for_update().get(pk=group.pk)
    if not group.base_currency:
        group.base_currency = found[0]
        group.save(update_fields=["base_currency"])
    return group.base_currency, {c: exponent_of(c) for c in {*found, group.base_currency}}


def _wrote(run: Run, rows: dict[str, int]) -> None:
    for table, count in rows.items():
        if count:
            run.written[table] = run.written.get(table, 0) + count
    run.state = Run.State.LOADING
    run.save(update_fields=["written", "state"])
