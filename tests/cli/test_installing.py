"""The commands of an installation, as processes of their own."""

import json
import os
import subprocess
import sys

import psycopg
import pytest

from clientela.runtime import database
from tests import server

NAME = "fresh_installing"


NEW = "fresh_at_once"
OFFICERS = ("--administrator", "ana", "--security-officer", "luis")


def begun(*words):
    """Begin a command on a database that is not there yet."""
    return subprocess.Popen(
        [sys.executable, "-m", "clientela.cli.main", *words],
        env={**os.environ, "CLIENTELA_DATABASE": NEW},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def clientela(*words):
    """Run a command on the new database."""
    return subprocess.run(
        [sys.executable, "-m", "clientela.cli.main", *words],
        env={**os.environ, "CLIENTELA_DATABASE": NAME},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
class TestFirstCommands:
    def test_given_at_one_moment_make_one_installation(self, postgres_server):
        try:
            both = [
                begun("appoint", *OFFICERS, "--format", "json"),
                begun("refresh"),
            ]
            ends = [(*one.communicate(timeout=120), one.returncode) for one in both]
            assert [code for _, _, code in ends] == [0, 0], ends
            assert all("Traceback" not in said and "ERROR" not in said for _, said, _ in ends)
            with psycopg.connect(database.urls(NEW).superuser) as connection:
                groups = connection.execute("select count(*) from security_orgnode").fetchone()
            assert groups == (1,)
        finally:
            server.drop(NEW)


@pytest.mark.slow
class TestMigrate:
    def test_makes_a_new_database_and_finds_nothing_to_do_in_it(self, postgres_server):
        try:
            first = clientela("migrate")
            assert (first.returncode, first.stderr) == (0, "")
            with psycopg.connect(database.urls(NAME).app) as connection:
                count = "select count(*) from django_migrations"
                applied = connection.execute(count).fetchone()
                assert connection.execute("select count(*) from audit_event").fetchone() == (0,)
            again = clientela("migrate")
            assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
            with psycopg.connect(database.urls(NAME).app) as connection:
                assert connection.execute(count).fetchone() == applied
            assert "private" in clientela("doctor").stdout
            self.names_its_officers_once(NAME)
        finally:
            server.drop(NAME)

    def names_its_officers_once(self, database_name):
        """Two persons get a link each from the command; a third is refused once they are in."""
        nobody = clientela("appoint")
        assert (nobody.returncode, "--security-officer" in nobody.stderr) == (2, True)
        done = clientela("appoint", *OFFICERS, "--format", "json")
        assert done.returncode == 0, done.stderr
        named = {one["role"]: one for one in json.loads(done.stdout)}
        assert {r: one["username"] for r, one in named.items()} == {
            "administrator": "ana", "security_officer": "luis",
        }  # fmt: skip
        assert len({one["link"] for one in named.values()}) == 2
        both = clientela("appoint", "--security-officer", "ana")
        assert (both.returncode, "roles_conflict" in both.stderr) == (4, True)
        again = clientela("appoint", "--administrator", "ana")
        name, link = again.stdout.splitlines()
        assert (name, "/account/password/set/" in link) == ("ana (administrator)", True)
        with psycopg.connect(database.urls(database_name).app) as connection:
            connection.execute("update security_user set password='x' where username='ana'")
        late = clientela("appoint", "--administrator", "eva")
        assert (late.returncode, late.stdout) == (4, "")
        assert "office_is_held" in late.stderr
