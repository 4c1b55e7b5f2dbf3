"""The worker dies in the middle of an import that a page began: another goes on with it."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal

import psycopg
import pytest
from django.utils import timezone

from clientela.intake.models import Run
from clientela.intake.services import receive_file
from clientela.intake.tasks import queue_run
from clientela.records.models import Source
from clientela.records.services.sources import make_source
from clientela.security.models import User
from clientela.security.selectors import access_of
from clientela.store import abandoned
from clientela.store.context import system_context
from tests.survival import sales_file
from tests.survival.test_import_survives_kill import DOCUMENTS, asked
from tests.web.world import make_world

WORKER = (sys.executable, "-m", "clientela.cli.main", "worker")
STATE = "select state, loaded from intake_run"
JOBS = "select status::text, attempts from procrastinate_jobs where task_name like %s order by id"
LONGEST = 120.0  # seconds on a machine with much else to do
QUEUED = """
    insert into procrastinate_jobs (task_name, queue_name, args, status, attempts, lock)
    values ('t', 'q', '{}', 'doing', %s, %s) returning id"""


@pytest.fixture
def begun(fresh_database, tmp_path):
    """An import of several batches that a steward sent and confirmed."""
    file = tmp_path / "sales.csv"
    sales_file.write(file, rows=75_000, seed=5)
    at, world = timezone.now(), make_world()
    access = access_of(
        User.objects.get(username=world.company.users["data_steward"].username), at=at
    )
    with system_context("a file for a test"):
        node = world.company.nodes["madrid"].pk
        make_source(name="shop", node_id=node, at=at, by="test", settlement="unknown")
        run, _ = receive_file(
            access=access, source=Source.objects.get(name="shop"), path=file, name=file.name,
            at=at, kind="sales_lines", take_sure=True,
        )  # fmt: skip
    assert run.state == Run.State.RECEIVED
    assert queue_run(run, confirmed=True)
    return fresh_database.superuser, file


def until(url, fits, beside):
    """Wait until the run fits; return it. The worker beside has to live meanwhile."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        ((state, loaded),) = asked(url, STATE)
        if fits(state, loaded):
            return state, loaded
        assert beside.poll() is None, beside.communicate()
        time.sleep(0.05)
    raise AssertionError((asked(url, STATE), asked(url, JOBS, "%carry_on")))


def begin_worker():
    return subprocess.Popen(
        WORKER, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ, text=True
    )


@pytest.mark.slow
class TestWorker:
    def test_that_was_killed_leaves_its_import_to_the_next(self, begun):
        url, file = begun
        first = begin_worker()
        until(url, lambda state, loaded: state == "loading" and loaded, first)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        ((state, loaded),) = asked(url, STATE)
        assert state == "loading"
        second = begin_worker()
        try:
            until(url, lambda state, _: state == "done", second)
        finally:
            second.terminate()
            _, said = second.communicate(timeout=60)
        assert "was abandoned by its worker: taken up again" in " ".join(said.split())
        found = {
            number: (lines, Decimal(net) / 100)
            for number, lines, net, _, _ in asked(url, DOCUMENTS, "shop")
        }
        assert found == sales_file.expected(file)["documents"]
        assert 0 < loaded < len(found)


class TestTakingUp:
    @pytest.fixture
    def url(self, fresh_database):
        return fresh_database.superuser

    def queued(self, url, *, heard: float | None, attempts: int = 0) -> int:
        """Add a job at which a worker is that gave a sign `heard` seconds ago, or is gone."""
        with psycopg.connect(url) as connection:
            ((job,),) = connection.execute(QUEUED, [attempts, f"l{attempts}"]).fetchall()
            if heard is not None:
                connection.execute(
                    "with w as (insert into procrastinate_workers (last_heartbeat)"
                    " values (now() - %s * interval '1 second') returning id)"
                    " update procrastinate_jobs set worker_id = w.id from w"
                    " where procrastinate_jobs.id = %s",
                    [heard, job],
                )
        return job

    def test_leaves_a_job_to_a_worker_that_lives(self, url):
        self.queued(url, heard=5)
        assert abandoned.take_up_jobs(20) == []

    @pytest.mark.parametrize("heard", [None, 21])
    def test_puts_back_what_a_dead_worker_was_at(self, url, heard):
        job = self.queued(url, heard=heard)
        (found,) = abandoned.take_up_jobs(20)
        assert (found.job_id, found.again) == (job, True)
        assert asked(url, JOBS, "t") == [("todo", 1)]
        assert abandoned.take_up_jobs(20) == []

    def test_leaves_a_job_that_has_ended_too_many_workers(self, url):
        self.queued(url, heard=None, attempts=abandoned.TRIES)
        (found,) = abandoned.take_up_jobs(20)
        assert not found.again
        assert asked(url, JOBS, "t") == [("failed", abandoned.TRIES + 1)]  # it counts the end too
