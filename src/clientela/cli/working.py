"""`clientela worker`: works jobs, takes up those of workers that died, and seals events."""

import threading
from collections.abc import Callable

from django.db import connections
from django.utils import timezone

from clientela.cli.exits import error_console
from clientela.cli.sealing import seal
from clientela.intake.tasks import end_left_runs
from clientela.store.abandoned import take_up_jobs

SEAL_SECONDS = 1.0
LOOK_SECONDS = 5.0  # between two looks for abandoned jobs
HEARTBEAT_SECONDS = 5.0
SILENT_SECONDS = 20.0  # after which a worker counts as dead


def worker() -> None:
    """Work jobs and seal events until stopped."""
    from procrastinate.contrib.django import app

    stop = threading.Event()
    aside = [
        _beside("sealer", SEAL_SECONDS, seal, stop),
        _beside("abandoned jobs", LOOK_SECONDS, _take_up, stop),
    ]
    try:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            working.run_worker(
                queues=None,
                install_signal_handlers=True,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=SILENT_SECONDS,
            )
    finally:
        stop.set()
        for thread in aside:
            thread.join(timeout=5)


def _beside(
    name: str, seconds: float, act: Callable[[], object], stop: threading.Event
) -> threading.Thread:
    """Do an act again and again beside the jobs; a failure is said and ends nothing."""

    def run() -> None:
        while not stop.wait(seconds):
            try:
                act()
            except Exception as error:
                error_console.print(f"{name}: {error}", markup=False, soft_wrap=True)
                for connection in connections.all():
                    connection.close()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def _take_up() -> None:
    for job in take_up_jobs(SILENT_SECONDS):
        error_console.print(f"jobs: {job.said}", markup=False, soft_wrap=True)
    for run_id in end_left_runs(at=timezone.now()):
        error_console.print(f"imports: run {run_id} was given up", markup=False)
