"""One process works at a run at a time, and hears of its cancellation."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from clientela.intake.models import Run
from clientela.kernel.reasons import Reason, Refused

_SPACE = 0x1417AE  # of the advisory locks of runs
_ENDED = (Run.State.DONE, Run.State.FAILED, Run.State.TAKEN_BACK)
_STANDS = "select state, staged, loaded from intake_run where id = %s for update"


class RunStopped(Refused):
    """The run was cancelled, or another process is at it."""


@contextmanager
def running(run: Run) -> Iterator[None]:
    """Hold the run for the transaction that is open. Raises RunStopped."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [_SPACE, run.pk % 2**31])
        if not cursor.fetchone()[0]:
            raise RunStopped(Reason(code="run_is_worked_at"))
        cursor.execute(_STANDS, [run.pk])
        row = cursor.fetchone()
    if row is None or row[0] == Run.State.CANCELLED:
        raise RunStopped(Reason(code="run_cancelled"))
    if row[0] in _ENDED or row[1:] != (run.staged, run.loaded):
        # Another process took a step between two of ours: what we hold in memory is old.
        raise RunStopped(Reason(code="run_is_worked_at"))
    yield
