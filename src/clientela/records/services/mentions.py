"""What was said of a record and made no version, kept for when what stood then is taken back.

Invariant: when a run is taken back, what other runs said stands, also where it was no news when it
came. Two kinds of it:

* What the source had said last already, in every value. Had the first run never been, this would
  have been a version: it is made one, with the time at which it was said.
* What sales say in passing of a customer that their source told of before. It changes nothing as
  long as anything that counts gives a name; then the first of them that counts is made a version,
  of what is not stated otherwise.

A mention is a narrow row: its content is kept once a record, with the version or the mention that
said it first. So a customer of a hundred imports has one version, and is projected from one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from clientela.store.bulk import execute, staged


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """One statement that made no version. `attributes` as kept, None where they stand already."""

    record_id: int
    true_from: date
    said_at: datetime
    digest: str
    in_passing: bool
    attributes: str | None = None  # as JSON


_COLUMNS = {
    "source_record_id": "bigint", "true_from": "date", "said_at": "timestamptz", "digest": "text",
    "in_passing": "boolean", "attributes": "jsonb",
}  # fmt: skip

# Said once a run; a step that is taken again says nothing new.
_WRITE = """
insert into records_mention (source_record_id, run_id, true_from, said_at, digest, in_passing,
    attributes, author)
select source_record_id, %(run)s, true_from, said_at, digest, in_passing, attributes, %(author)s
from fresh_mention
on conflict do nothing"""

_COUNTS = "not exists (select from records_retraction x where x.run_id = {0}.run_id)"

# What is taken back, record by record, and what of each content was said first in other runs.
_REPEATED = f"""
insert into records_recordversion
    (source_record_id, run_id, true_from, known_at, attributes, digest, author, reason)
select distinct on (m.source_record_id, m.digest)
    m.source_record_id, m.run_id, m.true_from, m.said_at, taken.attributes, m.digest, m.author,
    %(reason)s
from records_recordversion taken
join records_mention m on m.source_record_id = taken.source_record_id
    and m.digest = taken.digest and not m.in_passing
left join lateral (
    select w.digest from records_recordversion w
    where w.source_record_id = m.source_record_id and w.known_at <= m.said_at
      and {_COUNTS.format("w")}
    order by w.known_at desc, w.id desc limit 1) before on true
where taken.run_id = %(run)s and {_COUNTS.format("m")}
  and before.digest is distinct from m.digest
order by m.source_record_id, m.digest, m.said_at, m.id"""  # noqa: S608 - our own text

_IN_PASSING = f"""
insert into records_recordversion
    (source_record_id, run_id, true_from, known_at, attributes, digest, author, reason)
select distinct on (m.source_record_id)
    m.source_record_id, m.run_id, m.true_from, m.said_at,
    content.attributes - coalesce(stated.names, '{{}}'), m.digest, m.author, %(reason)s
from (select distinct source_record_id from records_recordversion where run_id = %(run)s) taken
join records_mention m on m.source_record_id = taken.source_record_id
join lateral (
    select v.attributes from records_recordversion v
    where v.source_record_id = m.source_record_id and v.digest = m.digest
    union all
    select o.attributes from records_mention o
    where o.source_record_id = m.source_record_id and o.digest = m.digest
      and o.attributes is not null
    limit 1) content on true
left join lateral (
    select count(*) as versions,
        array_agg(distinct k.name) filter (where k.name is not null) as names
    from records_recordversion w left join lateral jsonb_object_keys(w.attributes) k (name) on true
    where w.source_record_id = m.source_record_id and {_COUNTS.format("w")}) stated on true
where {_COUNTS.format("m")} and case when content.attributes ? 'name'
    then not 'name' = any (coalesce(stated.names, '{{}}')) else stated.versions = 0 end
order by m.source_record_id, content.attributes ? 'name' desc, m.said_at, m.id"""  # noqa: S608


def write_mentions(mentions: Iterable[Mention], *, run_id: int | None, author: str) -> int:
    """Keep what a run, or somebody at a desk, said that made no version; return how much was new."""
    rows: list[tuple[Any, ...]] = [
        (m.record_id, m.true_from, m.said_at, m.digest, m.in_passing, m.attributes)
        for m in mentions
    ]
    if not rows:
        return 0
    with staged("fresh_mention", _COLUMNS, rows):
        return execute(_WRITE, {"run": run_id, "author": author})


def restate(run_id: int) -> int:
    """Make versions of what others said beside a run that counts no more; return how many."""
    params = {"run": run_id, "reason": "said beside an import that was taken back"}
    return execute(_REPEATED, params) + execute(_IN_PASSING, params)
