"""Roles and database on a server that somebody else runs, named by DATABASE_URL."""

from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from clientela.runtime import database
from tests.runtime.conftest import Install
from tests.runtime.installation import Installation

pytestmark = pytest.mark.slow
FACTS = """
with psycopg.connect(database.urls().owner) as c:
    owner = c.execute("select pg_get_userbyid(datdba) from pg_database"
                      " where datname = current_database()").fetchone()
    roles = c.execute("select rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls"
                      " from pg_roles where rolname like 'clientela%' order by 1").fetchall()
    extensions = c.execute("select extname from pg_extension order by 1").fetchall()
say([owner, roles, extensions])
"""
PLAIN = [False] * 4


@pytest.fixture
def host(install: Install) -> Installation:
    """A server of somebody else's, with a login that makes roles and databases."""
    result = install()
    result.run("cluster.start()")
    result.run("""
with psycopg.connect(cluster.sign_in(), autocommit=True) as c:
    c.execute("create role admin login createrole createdb password 'secret'")
    c.execute("create role guest login password 'secret'")
""")
    return result


def url_of(host: Installation, user: str, name: str = "crm") -> str:
    """Return the server's URL for one of its logins."""
    folder = host.run("say(paths.socket_dir())")
    parts = {"host": folder, "port": "5432", "user": user, "password": "secret", "dbname": name}
    return database.url(parts)


class TestEnsure:
    def test_needs_no_superuser(self, host: Installation, install: Install) -> None:
        client = install()
        url = url_of(host, "admin")
        client.run("database.prepare()", DATABASE_URL=url)
        owner, found, extensions = client.run(FACTS, DATABASE_URL=url)
        assert owner == ["clientela_owner"]
        names = ["clientela_app", "clientela_owner", "clientela_reader"]
        assert found == [[name, *PLAIN] for name in names]
        assert extensions == [["btree_gist"], ["pg_trgm"], ["plpgsql"], ["unaccent"]]
        assert not (client.data / "postgres.json").exists()

    def test_may_be_repeated_by_any_login(self, host: Installation, install: Install) -> None:
        client = install()
        client.run("database.prepare()", DATABASE_URL=url_of(host, "admin"))
        before = client.run(FACTS, DATABASE_URL=url_of(host, "admin"))
        client.run("database.prepare()", DATABASE_URL=url_of(host, "guest"))
        client.run(
            "roles.complete = lambda url: False\ndatabase.prepare()",
            DATABASE_URL=url_of(host, "admin"),
        )
        assert client.run(FACTS, DATABASE_URL=url_of(host, "admin")) == before

    def test_by_five_processes_at_once_is_done_once(
        self, host: Installation, install: Install
    ) -> None:
        client = install()
        client.run("keys.key('kek')")
        url = url_of(host, "admin")
        starters = [client.begin("database.prepare()", DATABASE_URL=url) for _ in range(5)]
        errors = [starter.communicate(timeout=120)[1] for starter in starters]
        assert [starter.returncode for starter in starters] == [0] * 5, errors

    def test_takes_a_database_that_exists(self, host: Installation, install: Install) -> None:
        client = install()
        with psycopg.connect(url_of(host, "admin", "postgres"), autocommit=True) as connection:
            connection.execute("create database crm template template0")
        client.run("database.prepare()", DATABASE_URL=url_of(host, "admin"))
        assert client.run(FACTS, DATABASE_URL=url_of(host, "admin"))[0] == ["clientela_owner"]

    def test_lets_no_other_login_connect(self, host: Installation, install: Install) -> None:
        client = install()
        client.run("database.prepare()", DATABASE_URL=url_of(host, "admin"))
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(url_of(host, "guest"))

    def test_keeps_the_reader_from_writing_and_the_app_from_making_tables(
        self, host: Installation, install: Install
    ) -> None:
        client = install()
        client.run("database.prepare()", DATABASE_URL=url_of(host, "admin"))
        said = client.run(
            """
def attempt(url):
    with psycopg.connect(url) as c:
        for statement in ("create table t (n int)", "create temp table t (n int)"):
            try: c.execute(statement)
            except psycopg.Error as error: yield type(error).__name__; c.rollback()
u = database.urls()
say([list(attempt(u.app)), list(attempt(u.reader))])""",
            DATABASE_URL=url_of(host, "admin"),
        )
        assert said == [
            ["InsufficientPrivilege"] * 2,
            ["ReadOnlySqlTransaction"] * 2,
        ]


class TestRefusals:
    def test_of_a_login_that_may_not_set_up(self, host: Installation, install: Install) -> None:
        codes = install().refusal("database.prepare()", DATABASE_URL=url_of(host, "guest"))
        assert codes == ["cannot_set_up_roles"]

    def test_of_roles_that_belong_to_other_keys(self, host: Installation, install: Install) -> None:
        url = url_of(host, "admin")
        install().run("database.prepare()", DATABASE_URL=url)
        stranger = install()
        assert stranger.refusal("database.prepare()", DATABASE_URL=url) == [
            "roles_of_another_installation"
        ]

    def test_of_a_server_that_is_not_there(self, install: Install, tmp_path: Path) -> None:
        url = database.url({"host": str(tmp_path), "user": "admin", "dbname": "crm"})
        codes = install().refusal("database.prepare()", DATABASE_URL=url)
        assert codes == ["server_unreachable"]


class TestUrl:
    def test_carries_any_password_folder_and_option(self) -> None:
        parts = {
            "host": "/tmp/a b,/tmp/c",
            "user": "o'neil@x",
            "password": "p:/?#&%=",
            "dbname": "客户",
            "sslmode": "require",
        }
        assert conninfo_to_dict(database.url(parts)) == parts

    def test_of_the_setting_keeps_its_options(self, install: Install) -> None:
        said = install().run(
            "u = database.urls(); say([u.app, u.superuser])",
            DATABASE_URL="postgresql://admin:x@db.example:5433/crm?sslmode=verify-full",
        )
        app, superuser = (conninfo_to_dict(url) for url in said)
        shared = {"host": "db.example", "port": "5433", "dbname": "crm", "sslmode": "verify-full"}
        assert app | shared == app
        assert superuser == {**shared, "user": "admin", "password": "x"}
        assert app["user"] == "clientela_app"
