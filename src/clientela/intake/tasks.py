"""Imports as jobs: a page starts one, the worker carries it on, also after a crash."""

import contextlib

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from clientela.audit.context import Actor, acting
from clientela.intake.models import Run
from clientela.kernel.reasons import Refused
from clientela.security.selectors import access_of, active_user
from clientela.store.context import system_context

WAITING = (Run.State.RECEIVED, Run.State.STAGING, Run.State.LOADING)


@app.task(queue="imports", retry=3)
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
