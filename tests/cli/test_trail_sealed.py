"""What commands write to the trail is sealed without a worker, and what is not is told."""

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager

import psycopg
import pytest

from clientela.audit.sealer import LOCK
from clientela.audit.services import record_event
from clientela.audit.waiting import late_events
from clientela.cli import sealing
from tests.factories import NOON

UNSEALED = """select count(*) from audit_event e
    where not exists (select from audit_seal s where s.event_id = e.id)"""


def clientela(*words):
    """Run a command on the database of the test, where no worker is."""
    return subprocess.run(
        [sys.executable, "-m", "clientela.cli.main", *words],
        env=os.environ.copy(), capture_output=True, text=True, check=False,
    )  # fmt: skip


def brought(folder, name):
    """Bring a file of one customer in: it leaves events."""
    path = folder / f"{name}.csv"
    path.write_text(f"Customer No,Name,Country,Type\nK-{name},Firm {name} Ltd,GB,company\n")
    words = ("import", str(path), "--source", "shop", "--kind", "customers", "--yes")
    done = clientela(*words)
    assert done.returncode == 0, done.stderr


def unsealed(url):
    with psycopg.connect(url) as connection:
        return connection.execute(UNSEALED).fetchone()[0]


@contextmanager
def sealer_away(url):
    """Keep every sealer from its work for the length of the block."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [LOCK])
        yield


@pytest.fixture(autouse=True)
def anchor(monkeypatch, tmp_path):
    """Keep the checkpoints of other databases apart: they would tell of a trail rolled back."""
    monkeypatch.setenv("CLIENTELA_AUDIT_ANCHOR", str(tmp_path / "checkpoints"))


@pytest.mark.slow
class TestCommand:
    def test_seals_what_it_wrote_where_no_worker_does(self, fresh_database, tmp_path):
        url = fresh_database.superuser
        for n in range(10):  # a transaction of another test may hold the horizon back
            brought(tmp_path, f"n{n}")
            if not unsealed(url):
                break
        told = clientela("verify-audit", "--format", "json")
        answer = json.loads(told.stdout)
        assert (told.returncode, answer["whole"], answer["unsealed"], answer["late"]) == (0, True, 0, 0)  # fmt: skip
        assert answer["events"] >= 3
        assert answer["checkpoints"] >= 1

    def test_says_that_nothing_is_sealed_and_calls_no_such_trail_whole(
        self, fresh_database, tmp_path
    ):
        url = fresh_database.superuser
        with sealer_away(url):
            brought(tmp_path, "first")
            waiting = unsealed(url)
            told = clientela("verify-audit", "--format", "json")
            doctor = clientela("doctor", "--format", "json")
        answer = json.loads(told.stdout)
        assert waiting >= 3
        assert (told.returncode, answer["whole"], answer["why"]) == (1, False, "unsealed")
        assert (answer["events"], answer["late"], answer["first_bad"]) == (0, waiting, None)
        assert f"{waiting} events wait for their seal" in told.stderr
        assert json.loads(doctor.stdout)["events without a seal"] == waiting
        assert f"{waiting} events wait for their seal" in doctor.stderr

    def test_that_cannot_seal_has_done_its_work_all_the_same(
        self, fresh_database, monkeypatch, capsys
    ):
        record_event(act="test.done", at=NOON)

        def broken():
            raise OSError("the disk is full\nand more")

        monkeypatch.setattr(sealing, "seal", broken)
        sealing.seal_rest()
        said = capsys.readouterr().err
        assert "the disk is full" in said
        assert "and more" not in said


class TestLateEvents:
    def test_are_none_where_the_sealer_comes_in_time(self, fresh_database):
        record_event(act="test.done", at=NOON)  # of long ago, as its time has it
        seals = threading.Timer(1, lambda: self.sealed(fresh_database.superuser))
        seals.start()
        assert late_events(sealing.asked, seconds=60) == 0
        seals.join()

    def test_are_those_that_waited_and_not_what_came_since(self, fresh_database):
        record_event(act="test.done", at=NOON)
        record_event(act="test.done", at=NOON)
        later = threading.Timer(0.3, lambda: self.one_more(fresh_database.superuser))
        later.start()
        assert late_events(sealing.asked, seconds=1) == 2
        later.join()
        assert late_events(sealing.asked, seconds=0) == 3

    def sealed(self, url):
        """Seal with a process of its own, as a worker does."""
        code = (
            "import django, time; django.setup()\n"
            "from clientela.cli.sealing import seal\n"
            "while not seal(): time.sleep(0.1)\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

    def one_more(self, url):
        with psycopg.connect(url) as connection:
            connection.execute(
                """insert into audit_event (id, recorded_at, actor, on_behalf_of, channel, session,
                       device, request_id, act, object_type, object_id, customer_ids, purpose,
                       fields_read, result, reasons, product_version)
                   values (gen_random_uuid(), now(), '', '', 'cli', '', '', '', 'test.done', '',
                       '', '{}', '', '{}', 'done', '[]', '0')"""
            )
