"""The customer row as the projection of its versions.

One path serves imports, corrections, links, retractions and the rebuild: the facts as of
today and as known now, pivoted to columns, written where they differ. A person's name is
sealed in the versions; it is opened here, in memory, for the golden row alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from clientela.records.results import Rebuilt
from clientela.records.rules import sort_key
from clientela.records.selectors.sealed import open_values
from clientela.records.services.moments import moment_of_customers
from clientela.store.bulk import execute, fetch, staged
from clientela.store.sealing import is_sealed

BATCH = 5000

_HELD = "select from records_customer where id = any (%s) order by id for update"

# What won for each customer of the batch, computed once and kept for the statements that
# follow. The planner knows nothing of a function's rows, so they are analysed like a table.
_WINNERS = """
create temp table winner on commit drop as
select customer_id, jsonb_object_agg(attribute, value) as facts,
    jsonb_object_agg(attribute, version_id) as provenance
from ledger.facts_as_of(%(customers)s, %(today)s, %(known)s) group by customer_id"""

# A customer with one version has nothing to choose from: its facts are that version's. An
# import's new customers take this shorter way (a test compares the two).
_WINNERS_OF_FRESH = """
create temp table winner on commit drop as
select l.customer_id, v.attributes as facts,
    (select coalesce(jsonb_object_agg(k, v.id), '{}') from jsonb_object_keys(v.attributes) k)
        as provenance
from records_link l join records_recordversion v on v.source_record_id = l.source_record_id
where l.customer_id = any (%(customers)s)"""

_NAMES = "select customer_id, facts -> 'name' from winner where facts ? 'name'"

# What staff know a customer by of whom no source tells a name: the source and the key in it. Of
# several the first by name; what is typed here has no key that anybody would know.
_KEYS = """
select distinct on (l.customer_id) l.customer_id, s.name || ' ' || r.key
from records_link l join records_sourcerecord r on r.id = l.source_record_id
join records_source s on s.id = r.source_id
where l.customer_id = any (%s) and l.ended_at is null and s.name <> 'desk'
order by l.customer_id, s.name, r.key"""

# Where nobody states a branch it is that of the source: of several the first that told, and the
# desk's, which is the group, only where there is no other.
# Customers with no fact left (all retracted) keep their row, emptied and archived, until something
# is told of them again. One of whom nothing was ever told but its key is no such customer: its
# statement stands. What a person put away is not touched: `is_emptied` tells the two apart.
_PROJECTED = """
with members as materialized (
    select l.customer_id, min(r.kind) as kind,
        (array_agg(s.org_node_id order by s.name = 'desk', l.linked_at, l.id))[1]
            as org_node_id,
        (min(l.linked_at) at time zone 'UTC')::date as first_known_on
    from named a join records_link l on l.customer_id = a.id and l.ended_at is null
    join records_sourcerecord r on r.id = l.source_record_id
    join records_source s on s.id = r.source_id
    group by l.customer_id
)
select m.customer_id as id, m.kind,
    coalesce(f.facts ->> 'stage', 'customer') as stage,
    coalesce((f.facts ->> 'org_node')::bigint, m.org_node_id) as org_node_id,
    (f.facts ->> 'owner')::bigint as owner_id,
    n.name, n.sort_key,
    f.facts ->> 'country' as country, f.facts ->> 'region' as region, f.facts ->> 'city' as city,
    f.facts ->> 'industry' as industry, f.facts ->> 'sex' as sex,
    f.facts ->> 'age_band' as age_band, f.facts ->> 'income_band' as income_band,
    f.facts ->> 'household_size' as household_size,
    coalesce(f.facts, '{}') as facts, coalesce(f.provenance, '{}') as provenance,
    m.first_known_on,
    case when e.nothing_left then coalesce(c.archived_at, %(at)s)
         when not c.is_emptied then c.archived_at end as archived_at,
    e.nothing_left and (c.archived_at is null or c.is_emptied) as is_emptied
from named n join members m on m.customer_id = n.id
left join winner f on f.customer_id = n.id
left join records_customer c on c.id = n.id
cross join lateral (select f.facts is null and not exists (
    select from records_link l
    join records_recordversion v on v.source_record_id = l.source_record_id
    where l.customer_id = n.id and l.ended_at is null
      and v.true_from <= %(today)s and v.known_at <= %(known)s and not exists (
        select from records_retraction x where x.run_id = v.run_id)) as nothing_left
    offset 0) e"""

COLUMNS = [
    "kind",
    "stage",
    "org_node_id",
    "owner_id",
    "name",
    "sort_key",
    "country",
    "region",
    "city",
    "industry",
    "sex",
    "age_band",
    "income_band",
    "household_size",
    "facts",
    "provenance",
    "first_known_on",
    "archived_at",
    "is_emptied",
]

_WRITE = f"""
insert into records_customer as c (id, public_id, projected_at, {", ".join(COLUMNS)})
    overriding system value
select p.id, gen_random_uuid(), %(at)s, {", ".join(f"p.{column}" for column in COLUMNS)}
from ({_PROJECTED}) p
left join records_customer old on old.id = p.id
where old.id is null
   or ({", ".join(f"old.{c}" for c in COLUMNS)}) is distinct from ({", ".join(f"p.{c}" for c in COLUMNS)})
on conflict (id) do update set projected_at = excluded.projected_at, merged_into_id = null,
    {", ".join(f"{column} = excluded.{column}" for column in COLUMNS)}"""

_DIFFERENT = f"""
select coalesce(old.public_id::text, p.id::text) from ({_PROJECTED}) p
left join records_customer old on old.id = p.id
where old.id is null
   or ({", ".join(f"old.{c}" for c in COLUMNS)}) is distinct from ({", ".join(f"p.{c}" for c in COLUMNS)})"""


@transaction.atomic
def project(
    customers: Iterable[int],
    *,
    at: datetime,
    names: Mapping[str, str] | None = None,
    fresh: bool = False,
) -> int:
    """Bring customer rows to what the ledger says at `at`, or at the latest time of what stands in
    it of them, for others may have dated later what they wrote before; return how many were written.

    :param customers: ids; a customer of an open link that has no row yet gets one.
    :param names: digest -> name of persons, where the caller has them open already.
    """
    written = 0
    for ids in _batches(sorted(set(customers))):
        if not fresh:  # who projects one of them meanwhile waits, and then sees what this one wrote
            execute(_HELD, [ids])
        given = _params(ids, at, fresh=fresh)
        with _named(given, names or {}, _WINNERS_OF_FRESH if fresh else _WINNERS):
            written += execute(_WRITE, given)
    return written


def rebuild(*, at: datetime, check_only: bool) -> Rebuilt:
    """Recompute every customer from its versions; count, and unless `check_only` mend.

    Runs in batches by id, each in a transaction of its own. Needs a system context.
    """
    customers, different = 0, []
    last = 0
    while ids := _ids_after(last):
        last = ids[-1]
        with transaction.atomic():
            if not check_only:
                execute(_HELD, [ids])
            given = _params(ids, at)
            with _named(given, {}):
                different += [row[0] for row in fetch(_DIFFERENT, given)]
                if not check_only:
                    execute(_WRITE, given)
        customers += len(ids)
    return Rebuilt(customers=customers, differences=len(different), sample=tuple(different[:10]))


@contextmanager
def _named(
    given: Mapping[str, Any], known: Mapping[str, str], winners: str = _WINNERS
) -> Iterator[None]:
    """Stage the facts, the name and the sort key of each customer for what follows.

    A customer without a name goes by its key: see `selectors.name_of`.
    """
    ids: list[int] = given["customers"]
    execute(winners, given)
    execute("analyze winner (customer_id)")
    rows = fetch(_NAMES)
    unopened = [v for _, v in rows if is_sealed(v) and v["digest"] not in known]
    opened = dict(known) | open_values("name", unopened)
    names = {i: opened.get(v["digest"], "") if is_sealed(v) else v or "" for i, v in rows}
    if nameless := [i for i in ids if not names.get(i)]:
        names |= dict(fetch(_KEYS, [nameless]))
    columns = {"id": "bigint", "name": "text", "sort_key": "text"}
    with staged("named", columns, ((i, n := names.get(i, ""), sort_key(n)) for i in ids)):
        yield
    execute("drop table winner")


def _params(ids: Sequence[int], at: datetime, *, fresh: bool = False) -> dict[str, Any]:
    known = at if fresh else moment_of_customers(ids, at)
    return {"customers": list(ids), "at": at, "known": known, "today": known.date()}


def _ids_after(last: int) -> list[int]:
    query = """select distinct customer_id from records_link
               where customer_id > %s and ended_at is null order by 1 limit %s"""
    return [row[0] for row in fetch(query, [last, BATCH])]


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
