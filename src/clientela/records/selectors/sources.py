"""Reading sources and their keys."""

from collections.abc import Sequence

from django.db.models import QuerySet

from clientela.kernel.reasons import NotInScope
from clientela.records.models import Source
from clientela.security.models import OrgNode
from clientela.security.permits import Access
from clientela.store.bulk import fetch


def sources(access: Access) -> QuerySet[Source]:
    """Return the sources that `access` reaches, by name."""
    access.demand("source.read")
    reach = access.reach("source.read")
    if not reach.everything:
        return Source.objects.filter(org_node_id__in=reach.nodes).order_by("name")
    return Source.objects.select_related("org_node").order_by("name")


def source_by_name(access: Access, name: str) -> Source:
    """Return one source. Raises NotInScope."""
    found = sources(access).filter(name=name.strip().lower()).first()
    if found is None:
        raise NotInScope("source")
    return found


def source_id_of(access: Access, name: str) -> int:
    """Return the id of a source whose figures may be asked apart. Raises NotInScope."""
    found = _asked_apart(access).filter(name=name.strip().lower()).first()
    if found is None:
        raise NotInScope("source")
    return found.pk


def source_names(access: Access) -> list[tuple[str, str]]:
    """Return name and title of the sources whose figures may be asked apart."""
    return list(_asked_apart(access).values_list("name", "title"))


def _asked_apart(access: Access) -> QuerySet[Source]:
    access.demand("analysis.run")
    reach = access.reach("analysis.run")
    rows = Source.objects.exclude(name="desk").order_by("title")
    if not reach.everything:
        above = OrgNode.objects.filter(id__in=reach.nodes | reach.own_nodes)
        paths = {
            int(one)
            for path in above.values_list("path", flat=True)
            for one in path.strip("/").split("/")
        }
        rows = rows.filter(org_node_id__in=paths)
    return rows


def source_keys(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the keys of each customer's source records, as `source/key`, sorted.

    The caller has scoped the customers already; row security stands under this as well.
    """
    query = """select l.customer_id, array_agg(s.name || '/' || r.key order by s.name, r.key)
               from records_link l
               join records_sourcerecord r on r.id = l.source_record_id
               join records_source s on s.id = r.source_id
               where l.customer_id = any (%s) and l.ended_at is null group by 1"""
    return dict(fetch(query, [list(customer_ids)]))


def customers_of_key(key: str, *, most: int = 100) -> list[int]:
    """Return the customers that some source knows by exactly this key.

    The caller scopes what it shows of them; row security stands under this as well.
    """
    query = """select distinct l.customer_id from records_sourcerecord r
               join records_link l on l.source_record_id = r.id and l.ended_at is null
               where r.source_id = any (select id from records_source) and r.key = %s limit %s"""
    return [row[0] for row in fetch(query, [key.strip(), most])]
