"""Rejected rows that came in again: the run that took their document or key corrects them."""

from clientela.intake.models import Run
from clientela.store.bulk import execute

# Of the same source and kind, whichever run set them aside. A row of which not even the number
# could be read has no unit, and stays open.
_CORRECTED = """
update intake_rejectedrow r set state = 'corrected', corrected_by_id = %(run)s
from staging.unit u, intake_run f
where u.run_id = %(run)s and u.outcome = 'load' and u.unit <> ''
  and f.source_id = %(source)s and f.kind = %(kind)s and f.id <> %(run)s
  and f.state = 'done' and not f.dry_run
  and r.run_id = f.id and r.unit = u.unit and r.state = 'open'"""

_OPEN_AGAIN = """
update intake_rejectedrow set state = 'open', corrected_by_id = null
where corrected_by_id = %(run)s"""


def mark_corrected(run: Run) -> int:
    """Mark the rejected rows of earlier runs that this one, which has ended, brought in."""
    given = {"run": run.pk, "source": run.source_id, "kind": run.kind}
    return execute(_CORRECTED, given)


def open_again(run: Run) -> int:
    """Undo it for a run that is taken back: what it corrected is to be corrected again."""
    return execute(_OPEN_AGAIN, {"run": run.pk})
