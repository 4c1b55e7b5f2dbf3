"""Whom of an import somebody edited since it came."""

from clientela.intake.models import Run
from clientela.records.selectors import Edited, edited_since
from clientela.security.permits import Access


def edited_of(access: Access, run: Run) -> Edited:
    """Return the customers that stand, by what was typed, when an import is or was taken back."""
    if run.dry_run or run.state not in (Run.State.DONE, Run.State.TAKEN_BACK):
        return Edited()
    return edited_since(access, run_id=run.pk, since=run.started_at)
