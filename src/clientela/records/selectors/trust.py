"""How far each source is trusted now."""

from collections.abc import Sequence

from clientela.store.bulk import fetch


def trust_of(source_ids: Sequence[int]) -> dict[int, int]:
    """Return source id -> trust (0 to 100) for all attributes together, the last one set.

    The caller has scoped the sources already.
    """
    query = """select distinct on (source_id) source_id, trust from records_trustrule
               where source_id = any (%s) and attribute = ''
               order by source_id, set_at desc, id desc"""
    return dict(fetch(query, [list(source_ids)]))
