"""What sources say, appended to the ledger: set-based, and nothing twice.

A statement whose content equals the last one of its source record changes nothing; that it was
said again is kept (see `mentions`) where the last one can be taken back. A new
source record gets a customer of its own (matching moves its link later). Its kind is the first
that is stated beside a name, for then it says what is sealed. Everything of a
batch is written by one statement per table, in the caller's transaction.
"""

import json
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from clientela.records.attributes import attribute_of
from clientela.records.results import Outcome, Stated, Statement
from clientela.records.selectors.sealed import data_keys
from clientela.records.services.holding import source_stands_still
from clientela.records.services.mentions import Mention, write_mentions
from clientela.records.services.moments import moment_of_records
from clientela.records.services.projection import project
from clientela.store.bulk import execute, fetch, reserve_ids, staged
from clientela.store.sealing import digest, new_data_key, seal

FIRST_SEEN = "first_seen"  # the rule behind a link that no match and no person made


@dataclass(slots=True)
class _Known:
    """A source record as it stands before and during the batch."""

    record_id: int
    customer_id: int
    digest: str | None
    is_new: bool
    kind: str
    run_id: int | None = None  # that said what was said last
    since: datetime | None = None  # when it was first heard of, if that is not now


# Records of which no name was told that counts: sales or payments brought their key alone, or what
# told of them was taken back. Of which kind such a one is was assumed.
_ASSUMED = """
    update records_sourcerecord r set kind = k.kind
    from unnest(%s::bigint[], %s::text[]) k (id, kind)
    where r.id = k.id and not exists (
        select from records_recordversion v where v.source_record_id = r.id and v.attributes ? 'name'
          and not exists (select from records_retraction x where x.run_id = v.run_id))
    returning r.id"""

_EXISTING = """
    select r.key, r.id, l.customer_id, r.kind, last.digest, last.run_id
    from records_sourcerecord r
    join records_link l on l.source_record_id = r.id and l.ended_at is null
    left join lateral (
        select v.digest, v.run_id from records_recordversion v where v.source_record_id = r.id
           and not exists (select 1 from records_retraction x where x.run_id = v.run_id)
         order by v.known_at desc, v.id desc limit 1) last on true
    where r.source_id = %s and r.key = any (%s)"""


@transaction.atomic
def state(
    statements: Sequence[Statement],
    *,
    source_id: int,
    author: str,
    at: datetime,
    run_id: int | None = None,
    linked_to: int | None = None,
    reason: str = "",
) -> list[Stated]:
    """Append what `statements` say and bring their customers up to date.

    :param at: when it is said; dated later where others have spoken of the same since.
    :param linked_to: customer that new source records belong to, instead of one of their own.
    Needs a context that reaches the customers. Raises KeyError for an unknown attribute.
    """
    source_stands_still(source_id)
    known = _known(source_id, statements, linked_to)
    at = moment_of_records([r.record_id for r in known.values() if not r.is_new], at)
    _settle_kinds(known, statements)
    drafts = _Drafts(data_keys(r.record_id for r in known.values() if r.kind == "person"))
    answers = [drafts.add(said, known[said.key], run_id=run_id, at=at) for said in statements]
    fresh = [one for one in known.items() if one[1].is_new]
    _write_records(fresh, source_id=source_id, at=at, run_id=run_id, author=author)
    _write_keys(drafts.new_keys)
    _write_versions(drafts.versions, run_id=run_id, at=at, author=author, reason=reason)
    write_mentions(drafts.mentions, run_id=run_id, author=author)
    single = _single(statements, answers, at) if linked_to is None else set()
    project(single, at=at, names=drafts.names, fresh=True)
    others = {a.customer_id for a in answers if a.outcome != "repeated"} - single
    project(others, at=at, names=drafts.names)
    return answers


# What the ledger holds of some records already, by digest.
_HELD = """
    select source_record_id, digest from records_recordversion where source_record_id = any (%(ids)s)
    union
    select source_record_id, digest from records_mention
    where source_record_id = any (%(ids)s) and attributes is not null"""


@transaction.atomic
def mention(
    statements: Sequence[Statement], *, source_id: int, author: str, at: datetime, run_id: int
) -> int:
    """Keep what a run says in passing of records that are there; return of how many it was new.

    It changes no customer, unless what stood is taken back. A key of no record is passed over.
    The caller holds the source.
    """
    found = fetch(_EXISTING, [source_id, [said.key for said in statements]])
    known = {key: _Known(r, c, digest_, False, kind, run_id=run)
             for key, r, c, kind, digest_, run in found}  # fmt: skip
    records = {record.record_id: record for record in known.values()}
    at = moment_of_records(records, at)
    held = set(fetch(_HELD, {"ids": list(records)}))
    drafts = _Drafts(data_keys(r for r, record in records.items() if record.kind == "person"))
    for said in (said for said in statements if said.key in known):
        drafts.mention(said, known[said.key], held, at=at)
    _write_keys(drafts.new_keys)
    return write_mentions(drafts.mentions, run_id=run_id, author=author)


class _Drafts:
    """The versions of a batch before they are written, sealed where they are a person's."""

    def __init__(self, keys: dict[int, bytes]) -> None:
        self.keys = keys
        self.new_keys: dict[int, bytes] = {}
        self.names: dict[str, str] = {}  # digest -> name, open here already
        self.versions: list[tuple[Any, ...]] = []
        self.mentions: list[Mention] = []

    def add(self, said: Statement, record: _Known, *, run_id: int | None, at: datetime) -> Stated:
        """Draft the version of a statement, unless it says what was said last."""
        content = _content(said)
        outcome = _outcome(record, content)
        if outcome == "repeated" and record.run_id not in (None, run_id):
            self.mentions.append(_mention(said, record, content, in_passing=False, at=at))
        if outcome != "repeated":
            record.digest, record.run_id = content, run_id
            attributes, raw = self._kept(said, record)
            kept = json.dumps(raw) if raw is not None else None
            self.versions.append(
                (
                    record.record_id,
                    said.true_from,
                    said.known_at,
                    json.dumps(attributes),
                    kept,
                    content,
                )
            )
        return Stated(
            ref=said.ref,
            outcome=outcome,
            source_record_id=record.record_id,
            customer_id=record.customer_id,
        )

    def mention(
        self, said: Statement, record: _Known, held: Set[tuple[int, str]], *, at: datetime
    ) -> None:
        """Draft what is said in passing, its content where the ledger does not hold it."""
        content = _content(said)
        repeats = record.digest == content
        if repeats and record.run_id is None:
            return  # nobody can take back what stands
        attributes = None
        if (record.record_id, content) not in held:
            attributes = json.dumps(self._kept(said, record)[0])
        drafted = _mention(said, record, content, in_passing=not repeats, at=at)
        self.mentions.append(replace(drafted, attributes=attributes))

    def _kept(self, said: Statement, record: _Known) -> tuple[dict[str, Any], Any]:
        """Return attributes and raw values as they are kept."""
        attributes = dict(said.attributes)
        raw: Any = dict(said.raw) if said.raw is not None else None
        sealed = [n for n in attributes if attribute_of(n).is_sealed(record.kind)]
        if record.kind == "company":
            return attributes, raw
        key = self._key(record.record_id)
        for name in sealed:
            value = attributes[name]
            if value is not None:
                attributes[name] = seal(
                    value, attribute=name, record_id=record.record_id, data_key=key
                )
                if name == "name":
                    self.names[attributes[name]["digest"]] = value
        if raw is not None:
            raw = seal(raw, attribute="raw", record_id=record.record_id, data_key=key)
        return attributes, raw

    def _key(self, record_id: int) -> bytes:
        if record_id not in self.keys:
            self.keys[record_id], self.new_keys[record_id] = new_data_key(record_id)
        return self.keys[record_id]


def _mention(
    said: Statement, record: _Known, content: str, *, in_passing: bool, at: datetime
) -> Mention:
    said_at = said.known_at or at
    return Mention(
        record_id=record.record_id, true_from=said.true_from or said_at.astimezone(UTC).date(),
        said_at=said_at, digest=content, in_passing=in_passing,
    )  # fmt: skip


def _single(statements: Sequence[Statement], answers: Sequence[Stated], at: datetime) -> set[int]:
    """Return the customers that this batch made, with one statement that is true already."""
    counted: dict[int, int] = {}
    for said, answer in zip(statements, answers, strict=True):
        late = max(said.true_from or date.min, (said.known_at or at).date()) > at.date()
        weight = 1 if answer.outcome == "new" and not late else 2
        counted[answer.customer_id] = counted.get(answer.customer_id, 0) + weight
    return {customer_id for customer_id, count in counted.items() if count == 1}


def _known(
    source_id: int, statements: Sequence[Statement], linked_to: int | None
) -> dict[str, _Known]:
    kinds = {said.key: said.kind for said in statements}
    since = {said.key: said.known_at for said in reversed(statements)}
    found = {
        key: _Known(record_id, customer_id, content, False, kind, run_id)
        for key, record_id, customer_id, kind, content, run_id in fetch(
            _EXISTING, [source_id, list(kinds)]
        )
    }
    new = [key for key in kinds if key not in found]
    records = reserve_ids("records_sourcerecord", len(new))
    customers = [linked_to] * len(new) if linked_to else reserve_ids("records_customer", len(new))
    for key, record_id, customer_id in zip(new, records, customers, strict=True):
        found[key] = _Known(record_id, customer_id, None, True, kinds[key], since=since[key])
    return found


def _settle_kinds(known: dict[str, _Known], statements: Sequence[Statement]) -> None:
    """Let a stated kind stand for one that was assumed; a kind that was stated stays."""
    odd = {
        record.record_id: (record, said.kind)
        for said in statements
        if not (record := known[said.key]).is_new and record.kind != said.kind
    }
    if odd:
        kinds = [kind for _, kind in odd.values()]
        for (record_id,) in fetch(_ASSUMED, [list(odd), kinds]):
            odd[record_id][0].kind = odd[record_id][1]


def _content(said: Statement) -> str:
    """Return the keyed digest of what is said; the default day is no part of it."""
    true_from = said.true_from.isoformat() if said.true_from else None
    return digest("version", [dict(said.attributes), true_from])


def _outcome(record: _Known, content: str) -> Outcome:
    if record.digest == content:
        return "repeated"
    return "new" if record.is_new and record.digest is None else "changed"


def _write_records(
    fresh: Sequence[tuple[str, _Known]],
    *,
    source_id: int,
    at: datetime,
    run_id: int | None,
    author: str,
) -> None:
    if not fresh:
        return
    columns = {
        "id": "bigint", "key": "text", "kind": "text", "customer_id": "bigint",
        "since": "timestamptz",
    }  # fmt: skip
    rows = ((r.record_id, key, r.kind, r.customer_id, r.since or at) for key, r in fresh)
    with staged("fresh_record", columns, rows):
        execute(
            """insert into records_sourcerecord (id, source_id, key, kind, created_at)
               overriding system value select id, %s, key, kind, since from fresh_record""",
            [source_id],
        )
        execute(
            """insert into records_link
                   (source_record_id, customer_id, linked_at, linked_by, run_id, ended_by)
               select id, customer_id, since, %s, %s, '' from fresh_record""",
            [FIRST_SEEN if run_id else author, run_id],
        )


def _write_keys(keys: dict[int, bytes]) -> None:
    if keys:
        columns = {"id": "bigint", "wrapped": "bytea"}
        with staged("fresh_key", columns, keys.items()):
            execute(
                """insert into records_sealkey (source_record_id, wrapped)
                   select id, wrapped from fresh_key"""
            )


# What is not true yet, or not known, becomes so at a time of its own, when nobody states anything.
_REMEMBER_COMING = """
    insert into records_comingfact (source_record_id, due_at)
    select distinct source_record_id, due_at from (
        select source_record_id,
            greatest(true_from::timestamp at time zone 'UTC', known_at) as due_at
        from fresh_version) v
    where due_at > %(at)s"""


def _write_versions(
    versions: Sequence[tuple[Any, ...]],
    *,
    run_id: int | None,
    at: datetime,
    author: str,
    reason: str,
) -> None:
    if not versions:
        return
    columns = {
        "source_record_id": "bigint", "true_from": "date", "known_at": "timestamptz",
        "attributes": "jsonb", "raw": "jsonb", "digest": "text",
    }  # fmt: skip
    with staged("fresh_version", columns, versions):
        execute(
            """insert into records_recordversion (source_record_id, run_id, true_from, known_at,
                   attributes, raw, digest, author, reason)
               select source_record_id, %(run)s,
                   coalesce(true_from, (known_at at time zone 'UTC')::date, %(today)s),
                   coalesce(known_at, %(at)s), attributes, raw, digest, %(author)s, %(reason)s
               from fresh_version""",
            {"run": run_id, "today": at.date(), "at": at, "author": author, "reason": reason},
        )
        execute(_REMEMBER_COMING, {"at": at})
