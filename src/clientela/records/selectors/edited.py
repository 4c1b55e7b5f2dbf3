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
# From what was typed, which is little beside what an import brings.
_EDITED = """
select distinct l.customer_id from records_source d
join records_sourcerecord r on r.source_id = d.id
join records_recordversion e on e.source_record_id = r.id and e.known_at >= %(since)s
join records_link l on l.source_record_id = r.id and l.ended_at is null
where d.name = 'desk' and exists (
    select from records_link m join records_recordversion v
        on v.source_record_id = m.source_record_id and v.run_id = %(run)s
    where m.customer_id = l.customer_id and m.ended_at is null)
order by 1"""


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
        ids = [row[0] for row in fetch(_EDITED, {"run": run_id, "since": since})]
    if not ids:
        return Edited()
    reach = in_reach(access.reach("customer.read"))
    known = list(
        Customer.objects.filter(reach, pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )
    return Edited(count=len(known), shown=list(named_customers(access, known[:SHOWN]).values()))
