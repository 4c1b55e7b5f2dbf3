"""Jobs whose worker died at them: put back into the queue, so that another worker goes on.

Procrastinate keeps such a job as being done for ever, and the next job with its lock waits for it.
A worker that only seems dead does no harm: each job is held by a lock of its own matter (an import
by its run, a refresh by the copy), and whoever comes second leaves.
"""

from dataclasses import dataclass

from django.db import connection, transaction

TRIES = 5  # a job that has ended so many workers is left

# The next job of the same kind that waits by a queueing lock does the work of the abandoned one.
_ABANDONED = """
select j.id, j.task_name, j.attempts, j.queueing_lock is not null and exists (
    select from procrastinate_jobs other
    where other.queueing_lock = j.queueing_lock and other.status = 'todo')
from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
where j.status = 'doing' and (w.id is null or w.last_heartbeat < now() - %s * interval '1 second')
order by j.id
for update of j skip locked"""
_AGAIN = "select procrastinate_retry_job_v2(%s, now(), null, null, null)"
_LEAVE = "select procrastinate_finish_job_v1(%s, 'failed', false)"


@dataclass(frozen=True, kw_only=True)
class Abandoned:
    """A job that was found, and whether it will be done again."""

    job_id: int
    task: str
    again: bool

    @property
    def said(self) -> str:
        """Say in a line of a log what was done with it."""
        end = "taken up again" if self.again else "left"
        return f"{self.task} ({self.job_id}) was abandoned by its worker: {end}"


@transaction.atomic
def take_up_jobs(silent_seconds: float) -> list[Abandoned]:
    """Put back every job whose worker gave no sign for so long; return what was found."""
    with connection.cursor() as cursor:
        cursor.execute(_ABANDONED, [silent_seconds])
        found = [
            Abandoned(job_id=job_id, task=task, again=attempts < TRIES and not replaced)
            for job_id, task, attempts, replaced in cursor.fetchall()
        ]
        for job in found:
            cursor.execute(_AGAIN if job.again else _LEAVE, [job.job_id])
    return found
