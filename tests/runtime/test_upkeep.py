"""A private server that is killed under a running product is started again."""

from tests.runtime.conftest import Install

KEPT = """
import os, signal, time
from clientela.runtime.upkeep import server_kept_up
database.prepare()
first = int((cluster.status().folder / "postmaster.pid").read_text().split()[0])
faults = []
with server_kept_up(faults.append, look_seconds=0.2):
    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + 60
    answer = None
    while time.monotonic() < end and answer is None:
        try:
            with psycopg.connect(database.urls().app) as c:
                answer = c.execute("select 1").fetchone()[0]
        except psycopg.OperationalError:
            time.sleep(0.1)
second = int((cluster.status().folder / "postmaster.pid").read_text().split()[0])
say([answer, first != second, faults])
"""


class TestServerKeptUp:
    def test_is_started_again_after_kill_9_of_the_postmaster(self, install: Install) -> None:
        assert install().run(KEPT) == [1, True, []]
