"""A run that ends before its end: cancelled by a person, or unable to go on.

Unable to go on is also one whose step met an error that nobody foresaw. What may pass, a database
or a disk that did not answer, ends a run only where nobody will try again.

Loading commits unit by unit, so what was loaded by then stands in the books: it is taken back in
the transaction that ends the run. Whoever loads holds the run's row until each of its transactions
has ended, and looks at its state in the next one: nothing comes in behind the end.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from clientela.audit.services import record_event
from clientela.intake.models import RejectedRow, Run
from clientela.intake.services.keeping import drop
from clientela.intake.services.locking import RunStopped, held_with_its_source
from clientela.intake.services.staging import forget
from clientela.intake.services.taking_back import undo
from clientela.kernel.reasons import Conflict, NotPermitted, Reason, Refused
from clientela.records.services.holding import source_stands_still
from clientela.security.permits import Access
from clientela.store.context import system_context
from clientela.worklist.services import close_items

CANCELLABLE = (
    Run.State.RECEIVED, Run.State.NEEDS_ANSWERS, Run.State.STAGING, Run.State.READY,
    Run.State.LOADING,
)  # fmt: skip
PASSING = (OperationalError, InterfaceError, OSError)
_ENDED = ("state", "finished_at", "error", "undone", "file_path", "staging_key", "read", "accepted", "rejected", "skipped",
          "flagged", "written", "amounts", "questions")  # fmt: skip


@transaction.atomic
def cancel_run(*, access: Access, public_id: str, at: datetime) -> Run:
    """Stop a run that has not ended; what it has loaded by then is taken back.

    Waits for the step that is being taken, also by another import into its source. Raises NotPermitted, NotInScope; Conflict when it has
    ended.
    """
    run = held_with_its_source(access, public_id, act="import.run")
    if run.state not in CANCELLABLE:
        raise Conflict(Reason(code="run_cannot_be_cancelled", params={"state": run.state}))
    subject = ("intake.Run", run.public_id)
    undone = _end(run, Run.State.CANCELLED, by=access.username, at=at)
    close_items(kind="import_questions", subject=subject, by=access.username, at=at, done=False)
    record_event(act="intake.run.cancelled", at=at, subject=subject, after=undone)
    return run


@transaction.atomic
def fail(run: Run, error: Refused, at: datetime) -> None:
    """Write down why a run could not go on; what it has loaded by then is taken back.

    As it stands in the database, not in the memory of who could not go on. One that has ended
    meanwhile stays as it is.
    """
    if run.source_id is not None:
        source_stands_still(run.source_id)
    run.refresh_from_db(from_queryset=Run.objects.select_for_update())
    if run.state not in CANCELLABLE:
        return
    run.error = error.reasons[0].as_json()
    undone = _end(run, Run.State.FAILED, by=run.started_by, at=at)
    record_event(
        act="intake.run.failed",
        at=at,
        subject=("intake.Run", run.public_id),
        refused=error.reasons,
        after=undone,
    )


@contextmanager
def told_if_failed(run: Run, at: datetime) -> Iterator[None]:
    """Write down in the run why it could not go on, and raise it again.

    Not what is said in the run itself, or passes: it was cancelled, another process is at it, the
    database did not answer for a while.
    """
    try:
        yield
    except (RunStopped, NotPermitted, *PASSING):
        raise
    except Refused as refused:
        with system_context("writing down why an import cannot go on"):
            fail(run, refused, at)
        raise
    except Exception as error:
        # Its text may hold what stands in the file: that is for the log, which the raise reaches.
        why = Reason(code="import_broke", params={"error": type(error).__name__})
        end_broken(run, why, at)
        raise


def end_broken(run: Run, why: Reason, at: datetime) -> None:
    """End a run that something stopped which nobody foresaw."""
    with system_context("ending an import that broke"):
        fail(run, Refused(why), at)


def _end(run: Run, state: Run.State, *, by: str, at: datetime) -> dict[str, object]:
    """End a run in a state in which nothing of it counts; return what had to be taken back."""
    undone: dict[str, object] = {}
    if run.state == Run.State.LOADING:
        undone = undo(run, by=by, at=at, reason=f"import {state.value}")
    run.state, run.finished_at, run.questions = state, at, []  # nobody need answer any more
    _account(run)
    drop(run)
    run.save(update_fields=_ENDED)
    forget(run)
    return undone


def _account(run: Run) -> None:
    """Set the control totals: what was read and not rejected is skipped, none is accepted."""
    skipped: dict[str, int] = dict(run.flagged.get("skipped", {}))
    run.read = run.staged
    run.rejected = RejectedRow.objects.filter(run=run).count()
    run.accepted, run.skipped = 0, run.read - run.rejected
    if rest := run.skipped - sum(skipped.values()):
        skipped["run_ended_early"] = rest
    run.flagged, run.written, run.amounts = {"skipped": skipped}, {}, {}
