"""Handing a run to the worker, in the transaction that made it ready."""

from clientela.intake.models import Run

WAITING = (Run.State.RECEIVED, Run.State.STAGING, Run.State.LOADING)


def queue_run(run: Run, *, confirmed: bool) -> bool:
    """Enqueue the next steps of a run, when it has any; return whether it had."""
    from clientela.intake.tasks import carry_on

    if run.state not in WAITING:
        return False
    carry_on.configure(lock=f"run {run.pk}").defer(run_id=run.pk, confirmed=confirmed)
    return True
