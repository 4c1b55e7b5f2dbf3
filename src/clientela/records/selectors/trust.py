"""How far each source is trusted now."""

from collections.abc import Sequence

from clientela.records.rules import USUAL_TRUST
from clientela.store.bulk import fetch


def trust_of(source_ids: Sequence[int]) -> dict[int, int]:
    """Return source id -> trust (0 to 100) for all attributes together, the last one set.

    The caller has scoped the sources already.
    """
    query = """select distinct on (source_id) source_id, trust from records_trustrule
               where source_id = any (%s) and attribute = ''
               order by source_id, set_at desc, id desc"""
    return dict(fetch(query, [list(source_ids)]))


def more_trusted(source_id: int, attribute: str) -> list[int]:
    """Return the sources that are trusted more than one for an attribute, as of now.

    What is said for the attribute itself goes before what is said for all. Whoever asks is told
    nothing of these sources.
    """
    query = """with told as (
        select distinct on (source_id) source_id, trust from records_trustrule
        where attribute in ('', %(attribute)s)
        order by source_id, attribute = '', set_at desc, id desc)
        select s.id from records_source s left join told t on t.source_id = s.id
        where coalesce(t.trust, %(usual)s) > coalesce(
            (select trust from told where source_id = %(source)s), %(usual)s)"""
    given = {"attribute": attribute, "source": source_id, "usual": USUAL_TRUST}
    return [pk for (pk,) in fetch(query, given)]
