"""One process works at a run at a time, and hears of its cancellation.

What is written to a source is decided in the transaction that holds the source: what stands there,
what was said of it, what another import brought. So two imports into one source, and whatever
ends one of them, come one after the other, batch by batch, and each sees what the other left.
Whoever needs both holds the source before the row of a run.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from clientela.intake.models import Run
from clientela.intake.selectors import run_by_public_id
from clientela.kernel.reasons import Reason, Refused
from clientela.records.services.holding import source_stands_still
from clientela.security.permits import Access

_SPACE = 0x1417AE  # of the advisory locks of runs
_ENDED = (Run.State.DONE, Run.State.FAILED, Run.State.TAKEN_BACK)
_STANDS = "select state, staged, loaded from intake_run where id = %s for update"


class RunStopped(Refused):
    """The run was cancelled, or another process is at it."""


@contextmanager
def running(run: Run, *, writing: bool = False) -> Iterator[None]:
    """Hold the run for the transaction that is open. Raises RunStopped.

    :param writing: hold its source too, into which something will be written.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, %s)", [_SPACE, run.pk % 2**31])
        if not cursor.fetchone()[0]:
            raise RunStopped(Reason(code="run_is_worked_at"))
        if writing:
            source_stands_still(run.into.pk)
        cursor.execute(_STANDS, [run.pk])
        row = cursor.fetchone()
    if row is None or row[0] == Run.State.CANCELLED:
        raise RunStopped(Reason(code="run_cancelled"))
    if row[0] in _ENDED or row[1:] != (run.staged, run.loaded):
        # Another process took a step between two of ours: what we hold in memory is old.
        raise RunStopped(Reason(code="run_is_worked_at"))
    yield


def held_with_its_source(access: Access, public_id: str, *, act: str) -> Run:
    """Return one run with its source held, then its row. Raises NotPermitted, NotInScope."""
    source_id = run_by_public_id(access, public_id, act=act).source_id
    if source_id is not None:  # that of a trial may not be there
        source_stands_still(source_id)
    return run_by_public_id(access, public_id, act=act, lock=True)
