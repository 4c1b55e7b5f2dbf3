"""When something is said, or taken back: never before what was said of the same before it.

Who writes brings the time at which it began, and that may be long ago: an import of a large file, a
question that somebody answers after lunch. Others have written meanwhile, at later times, and what
they wrote would be as yet unknown at the earlier one. So what is written is dated by the order in
which it is written: at the time that was brought, or at the latest of what stands already.
"""

from collections.abc import Collection
from datetime import datetime

from clientela.store.bulk import fetch

_OF_RECORDS = """
select greatest(%(at)s,
    (select max(v.known_at) from records_recordversion v where v.source_record_id = any (%(ids)s)),
    (select max(m.said_at) from records_mention m where m.source_record_id = any (%(ids)s)),
    (select max(x.at) from records_recordversion v join records_retraction x on x.run_id = v.run_id
     where v.source_record_id = any (%(ids)s)))"""

_OF_CUSTOMERS = """
select greatest(%(at)s, max(l.linked_at), max(l.ended_at), max(v.known_at), max(x.at))
from records_link l
left join records_recordversion v on v.source_record_id = l.source_record_id
left join records_retraction x on x.run_id = v.run_id
where l.customer_id = any (%(ids)s)"""


def moment_of_records(ids: Collection[int], at: datetime) -> datetime:
    """Return when something is said of source records: `at`, or the last time that anything was.

    The caller holds their source.
    """
    return _latest(_OF_RECORDS, ids, at)


def moment_of_customers(ids: Collection[int], at: datetime) -> datetime:
    """Return the first time, not before `at`, at which all that the ledger holds of customers was
    known."""
    return _latest(_OF_CUSTOMERS, ids, at)


def _latest(query: str, ids: Collection[int], at: datetime) -> datetime:
    if not ids:
        return at
    found: list[tuple[datetime]] = fetch(query, {"ids": list(ids), "at": at})
    return found[0][0]
