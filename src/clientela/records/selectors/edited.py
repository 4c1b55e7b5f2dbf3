"""Customers of an import whom somebody edited since: what was typed stands when it is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clientela.records.models import Customer
from clientela.records.results import Named
from clientela.records.selectors.customers import named_customers
from clientela.security.permits import Access
from clientela.security.selectors import in_reach
from clientela.store.bulk import fetch
from clientela.store.context import system_context

SHOWN = 50
FEW = 1_000  # versions of an import that is looked through; of one with more, what was typed since
_VERSIONS = """select count(*) from (
    select from records_recordversion where run_id = %(run)s limit %(few)s + 1) v"""

# Of the customers whom one of these versions tells of, those that both tell of: probes alone, so
# that what is read follows from the versions begun with, however many there are besides. That a link
# is open is asked outside: an index says it of all links, and would be read whole beside a probe's.
_TOLD = """
select distinct l.customer_id from (
    select distinct e.source_record_id as id from records_recordversion e where {begin}
) e
join lateral (select r.source_id from records_sourcerecord r where r.id = e.id offset 0) r on {of}
join lateral (select k.customer_id, k.ended_at from records_link k
              where k.source_record_id = e.id offset 0) l on l.ended_at is null
where exists (
    select from (select m.source_record_id, m.ended_at from records_link m
                 where m.customer_id = l.customer_id offset 0) m
    join lateral (select v.run_id, v.known_at, o.source_id from records_recordversion v
                  join records_sourcerecord o on o.id = v.source_record_id
                  where v.source_record_id = m.source_record_id offset 0) v on {end}
    where m.ended_at is null)
order by 1"""
_DESK = "(select d.id from records_source d where d.name = 'desk')"
_FROM_TYPED = _TOLD.format(
    begin="e.run_id is null and e.known_at >= %(since)s",
    of=f"r.source_id = {_DESK}",
    end="v.run_id = %(run)s",
)
_FROM_RUN = _TOLD.format(
    begin="e.run_id = %(run)s",
    of="true",
    end=f"v.known_at >= %(since)s and v.source_id = {_DESK}",
)


@dataclass(frozen=True, kw_only=True)
class Edited:
    """How many customers in reach were edited, and the first of them as they are shown."""

    count: int = 0
    shown: Sequence[Named] = ()

    def as_json(self) -> dict[str, object]:
        """Return plain values, names as the reader sees them."""
        shown = [{"id": one.public_id, "name": str(one.name)} for one in self.shown]
        return {"count": self.count, "customers": shown}


def edited_since(access: Access, *, run_id: int, since: datetime) -> Edited:
    """Return the customers that a run told of and somebody edited at or after an instant."""
    with system_context("who was edited since an import is found by all versions"):
        ((versions,),) = fetch(_VERSIONS, {"run": run_id, "few": FEW})
        query = _FROM_RUN if versions <= FEW else _FROM_TYPED
        ids = [row[0] for row in fetch(query, {"run": run_id, "since": since})]
    if not ids:
        return Edited()
    reach = in_reach(access.reach("customer.read"))
    known = list(
        Customer.objects.filter(reach, pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )
    return Edited(count=len(known), shown=list(named_customers(access, known[:SHOWN]).values()))
