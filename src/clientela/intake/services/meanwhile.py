"""What came into the books since a run was checked, by another import into the same source.

A run is checked, looked at, and loaded later: another one may have been loaded in between, or is
being loaded beside it. Each batch asks once more, while nobody else writes to the source.
"""

from clientela.intake.models import Run
from clientela.intake.services.units import BOOKS, refuse_rows
from clientela.records.services.holding import source_stands_still
from clientela.store.bulk import execute, fetch

_CAME = """
select d.seq, b.digest = d.digest from staging.unit d
join lateral (select digest from {books} i where i.source_id = %(source)s and i.number = d.unit
              and i.voided_at is null offset 0) b on true
where d.run_id = %(run)s and d.seq > %(after)s and d.seq <= %(upto)s and d.outcome = 'load'"""

_LEFT_OUT = """
update staging.unit set outcome = %(outcome)s, code = %(code)s
where run_id = %(run)s and seq = any (%(seqs)s)"""


def leave_out_what_came(run: Run, table: str, upto: int) -> None:
    """Skip the documents of the next batch that another import has brought, and set those aside
    that it brought with another content. Holds the source until the transaction ends."""
    source_stands_still(run.into.pk)
    given = {"run": run.pk, "source": run.into.pk, "after": run.loaded, "upto": upto}
    came: list[tuple[int, bool]] = fetch(_CAME.format(books=BOOKS[table]), given)
    alike, otherwise = ([seq for seq, same in came if same is alike] for alike in (True, False))
    if alike:
        execute(_LEFT_OUT, {**given, "outcome": "skip", "code": "stored_already", "seqs": alike})
    if otherwise:
        told = {"outcome": "reject", "code": "document_differs", "seqs": otherwise}
        execute(_LEFT_OUT, given | told)
        refuse_rows(run, table)
