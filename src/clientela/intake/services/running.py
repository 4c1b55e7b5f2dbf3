"""A run from where it stands to its end: the same for a command, a job and a resumption."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from clientela.audit.services import record_event
from clientela.intake.models import Run
from clientela.intake.selectors.samples import with_previews
from clientela.intake.services.accounts import key_accounts, note_accounts, recount_accounts
from clientela.intake.services.alike import set_alike_aside
from clientela.intake.services.asking import ask
from clientela.intake.services.breaking_off import fail
from clientela.intake.services.correcting import mark_corrected
from clientela.intake.services.credit_signs import settle_credit_signs
from clientela.intake.services.far_out import flag_far_out
from clientela.intake.services.keeping import drop
from clientela.intake.services.leaning import keep_what_it_leans_on
from clientela.intake.services.loading import load
from clientela.intake.services.locking import running
from clientela.intake.services.repeats import end_as_repeat, held, hold_file, loaded_elsewhere
from clientela.intake.services.stagers import STAGERS
from clientela.intake.services.staging import forget, stage
from clientela.intake.services.telling import tell_as_answered
from clientela.intake.services.units import count_rows, count_staged, make_units, rows_taken
from clientela.intake.services.unreached import probes_noted, set_unreached_aside
from clientela.kernel.reasons import Conflict, Invalid, NotPermitted, Reason, Refused
from clientela.records.services import demand_of_files
from clientela.security.permits import Access, ActReach
from clientela.store.context import system_context

Progress = Callable[[str, int, int], None]  # stage, done, of


def _silent(stage: str, done: int, of: int) -> None:
    """Tell nobody."""


def advance(
    run: Run, access: Access, *, at: datetime, confirmed: bool, progress: Progress = _silent
) -> Run:
    """Take a run as far as it goes: to a question that its rows raise, to its confirmation, or to
    its end.

    Each step commits on its own and is found done when the run is resumed.
    :param confirmed: load what was checked, instead of stopping for a look at it.
    Raises RunStopped when the run was cancelled or another process is at it; NotPermitted
    when the right to import was taken away meanwhile, Invalid where no file may come from its
    source (the run then has failed).
    """
    _still_permitted(run, access, at)
    if run.state == Run.State.RECEIVED or run.state == Run.State.STAGING:
        of = int(run.description.get("rows_estimate", 0))
        for done in stage(run, access, at=at):
            progress("staging", done, max(of, done))
        _check(run, access.reach("import.run"), at)
    if run.state == Run.State.READY and (confirmed or run.dry_run):
        if run.dry_run:
            return _finish(run, at)
        with system_context("confirming an import"):
            hold_file(run.source_id, run.sha256)
            with running(run):
                _begin_loading(run, access, at)
    if run.state == Run.State.LOADING:
        for done in load(run, access.reach("import.run"), at=at):
            progress("loading", done, run.to_load)
        return _finish(run, at)
    return run


def _check(run: Run, reach: ActReach, at: datetime) -> None:
    """Decide what becomes of the staged rows of a run, and what has to be asked about them."""
    with system_context("planning the check of an import"):
        count_staged(run)
    with system_context("checking an import"), running(run):
        with probes_noted(run, reach, at=at):
            seen = key_accounts(run, reach)
            if run.kind == "customers":
                set_unreached_aside(run, reach)
            asked = set_alike_aside(run, reach) + settle_credit_signs(run)
        make_units(run)
        flag_far_out(run)
        asked += note_accounts(run, seen, reach)
        count_rows(run)
        run.state = Run.State.READY
        if asked:
            ask(run, asked, at=at)
            run.samples = with_previews(run, asked)
        run.save()


@transaction.atomic
def confirm_run(*, access: Access, public_id: str, at: datetime) -> Run:
    """Say that a checked run may be loaded; one whose file another run loads meanwhile ends
    there, as a repetition. Raises NotInScope; Conflict when it is not ready."""
    run = held(access, public_id)
    if run.state != Run.State.READY:
        raise Conflict(Reason(code="run_is_not_ready", params={"state": run.state}))
    _begin_loading(run, access, at)
    if run.state == Run.State.LOADING:
        record_event(act="intake.run.confirmed", at=at, subject=("intake.Run", run.public_id))
    return run


def _begin_loading(run: Run, access: Access, at: datetime) -> None:
    """Let a run load, whose file the caller holds, unless another run brings the same."""
    first = loaded_elsewhere(run)
    if first is not None:
        end_as_repeat(run, first, at=at)
        return
    tell_as_answered(run, access, at=at)
    run.state = Run.State.LOADING
    run.save(update_fields=["state"])


def _finish(run: Run, at: datetime) -> Run:
    with system_context("ending an import"), running(run, writing=not run.dry_run):
        if rows_taken(run)[0] != run.accepted:  # as it was checked
            recount_accounts(run)
        count_rows(run)
        keep_what_it_leans_on(run, STAGERS[run.kind].table)
        run.state, run.finished_at = Run.State.DONE, at
        drop(run)
        run.save()
        if not run.dry_run:
            mark_corrected(run)
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


def _still_permitted(run: Run, access: Access, at: datetime) -> None:
    refused: Refused
    try:
        demand_of_files(run.source_name)  # one of an older release may be for any name
        reach = access.reach("import.run")
        if reach.covers(node_id=run.org_node_id, owner_id=run.owner_id):
            return
        refused = NotPermitted(access.lacks("import.run"))
    except Invalid as kept:
        refused = kept
    with system_context("failing an import that may not go on"):
        fail(run, refused, at)
    raise refused
