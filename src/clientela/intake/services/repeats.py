"""The same bytes again: recognised before anything is asked of them, and brought in once.

A reading of a file is its source, its bytes, the kind of its rows and, of a workbook, the sheet.
Mapping and constants are no part of it: a file that is in the books is read otherwise only when
the run that brought it was taken back. Another kind or another sheet of the same workbook is
another reading, and is said with the file. A trial, and a run that failed, was cancelled or taken
back, brought nothing.

Two runs of one reading may both be asked and checked; only one of them loads. Whoever decides
holds the file until the decision is committed, and a constraint of the database stands under it.
"""

from datetime import datetime

from django.db import connection

from clientela.audit.services import record_event
from clientela.intake.models import Run
from clientela.intake.selectors import run_by_public_id
from clientela.intake.selectors.report import reason_of
from clientela.intake.services.keeping import drop
from clientela.intake.services.staging import forget
from clientela.security.permits import Access
from clientela.worklist.services import close_items

_FILES, _NAMES = 0x1417AF, 0x1417B0  # of the advisory locks of files and of names of sources
BROUGHT = (Run.State.DONE, Run.State.LOADING)
GOING_ON = (Run.State.RECEIVED, Run.State.STAGING, Run.State.READY, Run.State.LOADING)


def hold_file(source_id: int | None, sha256: str) -> None:
    """Let nobody else decide about a file of a source until this transaction has ended."""
    _hold(_FILES, f"{source_id}:{sha256}")


def hold_name(name: str) -> None:
    """Let nobody else make a source of this name until this transaction has ended."""
    _hold(_NAMES, name.strip().lower())


def _hold(space: int, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [space, what])


def held(access: Access, public_id: str) -> Run:
    """Return one run with its file held, then locked: the order in which all take them.

    Raises NotPermitted, NotInScope.
    """
    run = run_by_public_id(access, public_id, act="import.run")
    hold_file(run.source_id, run.sha256)
    return run_by_public_id(access, public_id, act="import.run", lock=True)


def brought_by(
    source_id: int,
    sha256: str,
    *,
    states: tuple[str, ...],
    kind: str = "",
    sheet: str = "",
    apart_from: Run | None = None,
) -> Run | None:
    """Return the run that holds a file in one of `states`: one that is done before others.

    One that is no longer whole holds it no more: its file may come again.

    :param kind, sheet: the reading, as far as it was said; what was not said is any.
    """
    runs = Run.objects.filter(
        source_id=source_id, sha256=sha256, dry_run=False, state__in=states, is_whole=True
    )
    if kind:
        runs = runs.filter(kind=kind)
    if sheet:
        runs = runs.filter(sheet=sheet)
    if apart_from is not None:
        runs = runs.exclude(pk=apart_from.pk)
    found = list(runs.select_related("source").order_by("-id"))
    return next((run for run in found if run.state == Run.State.DONE), next(iter(found), None))


def loaded_elsewhere(run: Run) -> Run | None:
    """Return the other run by which this one's reading is, or is being, brought in."""
    if run.dry_run or not run.kind:
        return None
    sheet = str(run.description["layout"].get("sheet") or "")
    return brought_by(
        run.into.pk, run.sha256, states=BROUGHT, kind=run.kind, sheet=sheet, apart_from=run
    )


def end_as_repeat(run: Run, first: Run, *, at: datetime) -> Run:
    """End a run that would bring what another one has brought: all of its rows are skipped."""
    run.state, run.finished_at, run.error = Run.State.CANCELLED, at, reason_of(first).as_json()
    run.questions, run.samples = [], None
    drop(run)
    run.save()
    forget(run)
    subject = ("intake.Run", run.public_id)
    close_items(kind="import_questions", subject=subject, by=run.started_by, at=at)
    after = {"first": str(first.public_id)}
    record_event(act="intake.run.repeated", at=at, subject=subject, after=after)
    return run
