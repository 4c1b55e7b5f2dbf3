"""The commands of an installation, as processes of their own."""

import os
import subprocess
import sys

import psycopg
import pytest

from clientela.runtime import database
from tests import server

NAME = "fresh_installing"


def clientela(*words):
    """Run a command on the new database."""
    return subprocess.run(
        [sys.executable, "-m", "clientela.cli.main", *words],
        env={**os.environ, "CLIENTELA_DATABASE": NAME},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


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
        finally:
            server.drop(NAME)
