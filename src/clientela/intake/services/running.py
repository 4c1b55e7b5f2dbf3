"""A run from where it stands to its end: the same for a command, a job and a resumption."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.intake.models import Run
from clientela.intake.selectors import run_by_public_id
from clientela.intake.services.keeping import drop
from clientela.intake.services.loading import load
from clientela.intake.services.locking import RunStopped, running
from clientela.intake.services.repeats import end_as_repeat, held, hold_file, loaded_elsewhere
from clientela.intake.services.staging import forget, stage
from clientela.intake.services.units import count_rows, make_units
from clientela.kernel.reasons import Invalid, NotPermitted, Reason, Refused
from clientela.security.permits import Access
from clientela.store.context import system_context
from clientela.worklist.services import close_items

Progress = Callable[[str, int, int], None]  # stage, done, of


def _silent(stage: str, done: int, of: int) -> None:
    """Tell nobody."""


def advance(
    run: Run, access: Access, *, at: datetime, confirmed: bool, progress: Progress = _silent
) -> Run:
    """Take a run as far as it goes: to its questions, to its confirmation, or to its end.

    Each step commits on its own and is found done when the run is resumed.
    :param confirmed: load what was checked, instead of stopping for a look at it.
    Raises RunStopped when the run was cancelled or another process is at it; NotPermitted
    when the right to import was taken away meanwhile (the run then has failed).
    """
    _still_permitted(run, access, at)
    if run.state == Run.State.RECEIVED or run.state == Run.State.STAGING:
        of = int(run.description.get("rows_estimate", 0))
        for done in stage(run, access, at=at):
            progress("staging", done, max(of, done))
        with system_context("checking an import"), running(run):
            make_units(run)
            count_rows(run)
            run.state = Run.State.READY
            run.save()
    if run.state == Run.State.READY and (confirmed or run.dry_run):
        if run.dry_run:
            return _finish(run, at)
        with system_context("confirming an import"):
            hold_file(run.source_id, run.sha256)
            with running(run):
                _begin_loading(run, at)
    if run.state == Run.State.LOADING:
        for done in load(run, at=at):
            progress("loading", done, run.to_load)
        return _finish(run, at)
    return run


@transaction.atomic
def confirm_run(*, access: Access, public_id: str, at: datetime) -> Run:
    """Say that a checked run may be loaded; one whose file another run loads meanwhile ends
    there, as a repetition. Raises NotInScope; Invalid when it is not ready."""
    run = held(access, public_id)
    if run.state != Run.State.READY:
        raise Invalid(Reason(code="run_is_not_ready", params={"state": run.state}))
    _begin_loading(run, at)
    if run.state == Run.State.LOADING:
        record_event(act="intake.run.confirmed", at=at, subject=("intake.Run", run.public_id))
    return run


def _begin_loading(run: Run, at: datetime) -> None:
    """Let a run load, whose file the caller holds, unless another run brings the same."""
    first = loaded_elsewhere(run)
    if first is not None:
        end_as_repeat(run, first, at=at)
        return
    run.state = Run.State.LOADING
    run.save(update_fields=["state"])


@transaction.atomic
def cancel_run(*, access: Access, public_id: str, at: datetime) -> Run:
    """Stop a run before anything of it is loaded. Raises NotInScope; Invalid when it is late."""
    run = run_by_public_id(access, public_id, act="import.run", lock=True)
    if run.state not in (
        Run.State.RECEIVED, Run.State.NEEDS_ANSWERS, Run.State.STAGING, Run.State.READY,
    ):  # fmt: skip
        raise Invalid(Reason(code="run_cannot_be_cancelled", params={"state": run.state}))
    run.state, run.finished_at = Run.State.CANCELLED, at
    drop(run)
    run.save(update_fields=["state", "finished_at", "file_path"])
    forget(run)
    subject = ("intake.Run", run.public_id)
    close_items(kind="import_questions", subject=subject, by=access.username, at=at, done=False)
    record_event(act="intake.run.cancelled", at=at, subject=subject)
    return run


def _finish(run: Run, at: datetime) -> Run:
    with system_context("ending an import"), running(run):
        count_rows(run)
        run.state, run.finished_at = Run.State.DONE, at
        drop(run)
        run.save()
        forget(run)
        record_event(
            act="intake.run.tried" if run.dry_run else "intake.run.finished",
            at=at,
            subject=("intake.Run", run.public_id),
            rows=run.accepted,
            after={
                "read": run.read, "accepted": run.accepted, "rejected": run.rejected,
                "skipped": run.skipped, "written": run.written,
            },
        )  # fmt: skip
    return run


@contextmanager
def told_if_failed(run: Run, at: datetime) -> Iterator[None]:
    """Write down in the run why it could not go on, and raise it again.

    Not what is said in the run itself, or passes: it was cancelled, another process is at it.
    """
    try:
        yield
    except (RunStopped, NotPermitted):
        raise
    except Refused as refused:
        with system_context("writing down why an import cannot go on"):
            fail(run, refused, at)
        raise


def _still_permitted(run: Run, access: Access, at: datetime) -> None:
    reach = access.reach("import.run")
    if reach.covers(node_id=run.org_node_id, owner_id=run.owner_id):
        return
    refused = NotPermitted(Reason(code="act_not_permitted", params={"act": "import.run"}))
    with system_context("failing an import whose right was taken away"):
        fail(run, refused, at)
    raise refused


@transaction.atomic
def fail(run: Run, error: Refused, at: datetime) -> None:
    """Write down why a run could not go on."""
    run.state, run.finished_at = Run.State.FAILED, at
    run.error = error.reasons[0].as_json()
    drop(run)
    run.save(update_fields=["state", "finished_at", "error", "file_path"])
    forget(run)
    record_event(
        act="intake.run.failed",
        at=at,
        subject=("intake.Run", run.public_id),
        refused=error.reasons,
    )
