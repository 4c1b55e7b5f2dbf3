"""Imports as jobs: a page starts one, the worker carries it on, also after a crash."""

import contextlib
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from clientela.audit.context import Actor, acting
from clientela.intake.models import Run
from clientela.kernel.reasons import Reason, Refused
from clientela.security.selectors import access_of, active_user
from clientela.store.bulk import fetch
from clientela.store.context import system_context

WAITING = (Run.State.RECEIVED, Run.State.STAGING, Run.State.LOADING)
# What may pass is tried again. Any other error has ended the run: it would be met again.
_AGAIN = RetryStrategy(max_attempts=3, retry_exceptions=(OperationalError, InterfaceError, OSError))

# Runs that wait for a job which has come to its end without bringing them to theirs.
_LEFT = """
select r.id from intake_run r
where r.state = any (%(waiting)s)
  and exists (select from procrastinate_jobs j
              where j.lock = 'run ' || r.id and j.status in ('failed', 'aborted', 'cancelled'))
  and not exists (select from procrastinate_jobs j
                  where j.lock = 'run ' || r.id and j.status in ('todo', 'doing'))
order by r.id"""


@app.task(queue="imports", retry=_AGAIN)
def carry_on(run_id: int, confirmed: bool) -> None:
    """Take a run as far as it goes, with the rights that its requester has now."""
    # What reads and loads files is loaded by the first job, not by whoever may enqueue one.
    from clientela.intake.services import advance, told_if_failed

    at = timezone.now()
    with system_context("a job reads the run it is for"):
        run = Run.objects.select_related("source").get(pk=run_id)
    user = active_user(run.started_by)
    if user is None:
        return
    access = access_of(user, at=at)
    who = Actor(user_id=user.pk, name=user.username, channel="job")
    with acting(who):
        try:
            with told_if_failed(run, at):
                run = advance(run, access, at=at, confirmed=confirmed)
        except Refused:
            return  # said in the run itself
        if run.state == Run.State.DONE and not run.dry_run:
            _tell_others()


def end_left_runs(*, at: datetime) -> list[int]:
    """End, as failed, the runs whose jobs were given up: after all their tries, or because they
    ended the worker each time. Return their ids."""
    with system_context("looking for imports whose jobs were given up"):
        left = [run_id for (run_id,) in fetch(_LEFT, {"waiting": [*WAITING]})]
    for run_id in left:
        from clientela.intake.services import end_broken

        with system_context("an import whose job was given up"):
            run = Run.objects.get(pk=run_id)
        with acting(Actor(user_id=None, name=run.started_by, channel="job")):
            end_broken(run, Reason(code="import_given_up"), at)
    return left


def _tell_others() -> None:
    """Enqueue what the composition root has follow an import (see settings)."""
    for name in settings.AFTER_IMPORT:
        with contextlib.suppress(AlreadyEnqueued):
            app.configure_task(name, queueing_lock="refresh").defer()


def queue_run(run: Run, *, confirmed: bool) -> bool:
    """Enqueue the next steps of a run, when it has any, in the transaction that made it ready."""
    if run.state not in WAITING:
        return False
    carry_on.configure(lock=f"run {run.pk}").defer(run_id=run.pk, confirmed=confirmed)
    return True
