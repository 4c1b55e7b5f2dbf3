"""Documents that an import left out, since another import had brought them: on which ones it leans.

Taking those back takes the documents out of the books, while the import that skipped them still
counts as done. So it keeps how many rows it left out for which import. Once one of these is taken
back it is no longer whole: it says so, and its file may be sent again.
"""

from clientela.intake.models import Run
from clientela.intake.selectors.leaning import readings_of
from clientela.intake.services.units import BOOKS
from clientela.store.bulk import fetch

LEANS = "leans_on"  # within `flagged`: key of an import -> rows; empty where it is gone already

_LEFT_OUT = """
select case when i.id is null then '' else coalesce(i.run_id::text, '-') end, sum(u.rows)::bigint
from staging.unit u
left join lateral (select id, run_id from {books} i where i.source_id = %(source)s
                   and i.number = u.unit and i.voided_at is null offset 0) i on true
where u.run_id = %(run)s and (u.outcome = 'skip' or u.code = 'document_differs')
group by 1"""


def keep_what_it_leans_on(run: Run, table: str) -> None:
    """Keep which imports brought what this one left out; of one that ends, before it forgets.
    The caller holds the source."""
    if run.dry_run or table not in BOOKS:
        return
    query = _LEFT_OUT.format(books=BOOKS[table])
    found = dict(fetch(query, {"run": run.pk, "source": run.into.pk}))
    run.flagged = {**run.flagged, LEANS: found}
    run.is_whole = "" not in found


def no_longer_whole(run: Run) -> int:
    """Say of the imports that lean on one whose documents are being voided that they are no longer
    whole; return how many they are."""
    if run.source is None:  # a trial
        return 0
    leaning = Run.objects.filter(source=run.source, state=Run.State.DONE, dry_run=False)
    return leaning.filter(flagged__leans_on__has_any_keys=readings_of(run)).update(is_whole=False)
