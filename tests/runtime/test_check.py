"""Each refusal to start, provoked on a real server."""

import traceback

import pytest

from clientela.runtime import check, database
from clientela.runtime.refusals import CannotStart
from tests.runtime.conftest import Install

pytestmark = pytest.mark.slow
PROVOKED = [
    ("alter role clientela_app superuser", "role_too_strong"),
    ("alter role clientela_app bypassrls", "role_too_strong"),
    ("alter role clientela_reader bypassrls", "role_too_strong"),
    ("grant postgres to clientela_app", "role_too_strong"),
    ("alter role clientela_app createrole", "role_may_make_roles"),
    ("create table t (n int); alter table t owner to clientela_app", "role_owns_tables"),
    ("grant clientela_owner to clientela_app; create table t (n int); "
     "alter table t owner to clientela_owner", "role_owns_tables"),
    ("drop extension pg_trgm", "extension_missing"),
]  # fmt: skip
TAKEN_BACK = """
    alter role clientela_app nosuperuser nobypassrls nocreaterole;
    alter role clientela_reader nobypassrls;
    revoke postgres from clientela_app;
    revoke clientela_owner from clientela_app;
"""


class TestRefusals:
    def test_there_are_none_for_what_set_up_makes(self, install: Install) -> None:
        installation = install()
        assert installation.refusal("database.prepare()") == []

    def test_name_what_is_wrong_with_the_roles_and_only_that(self, install: Install) -> None:
        installation = install()
        installation.run("database.prepare()")
        said = installation.run(f"""
from clientela.runtime import check
def provoke(statement):
    name = "crm" + str(abs(hash(statement)))
    urls = database.urls(name)
    roles.ensure(urls.superuser, app_url=urls.app)
    with psycopg.connect(urls.superuser, autocommit=True) as c:
        c.execute(statement)
        found = [r.code for r in check.refusals(urls.app)]
        c.execute({TAKEN_BACK!r})
    return found
say([provoke(statement) for statement in {[s for s, _ in PROVOKED]!r}])""")
        assert said == [[code] for _, code in PROVOKED]

    def test_name_no_table_that_a_session_makes_for_itself(self, install: Install) -> None:
        """An import does while other commands start."""
        installation = install()
        installation.run("database.prepare()")
        said = installation.run("""
from clientela.runtime import check
urls = database.urls("crm-beside")
roles.ensure(urls.superuser, app_url=urls.app)
with psycopg.connect(urls.superuser, autocommit=True) as c:
    c.execute('grant temporary on database "crm-beside" to clientela_app')
with psycopg.connect(urls.app, autocommit=True) as beside:
    beside.execute("create temp table account_named (n int)")
    say([r.code for r in check.refusals(urls.app)])""")
        assert said == []

    def test_name_fsync_and_full_page_writes_that_are_off(self, install: Install) -> None:
        installation = install()
        code = "database.prepare(durable=False)"
        assert installation.refusal(code) == []
        assert installation.refusal("database.prepare()") == ["not_durable", "not_durable"]

    def test_name_a_database_whose_search_does_not_see_chinese(self, install: Install) -> None:
        installation = install()
        installation.run("""database.prepare()
with psycopg.connect(cluster.sign_in(), autocommit=True) as c:
    c.execute("create database blind template template0 locale_provider libc locale 'C'")
""")
        codes = installation.refusal("database.prepare()", CLIENTELA_DATABASE="blind")
        assert codes == ["search_blind"]

    def test_name_another_encoding(self, install: Install) -> None:
        installation = install()
        installation.run("""database.prepare()
with psycopg.connect(cluster.sign_in(), autocommit=True) as c:
    c.execute("create database latin template template0 encoding 'LATIN1'"
              " locale_provider libc locale 'C'")
""")
        codes = installation.refusal("database.prepare()", CLIENTELA_DATABASE="latin")
        assert codes[0] == "encoding_not_utf8"

    def test_name_a_server_older_than_the_oldest_we_take(self, install: Install) -> None:
        installation = install()
        code = """
from clientela.runtime import check
check.OLDEST_MAJOR = int(os.environ["OLDEST"])
database.prepare()"""
        assert installation.refusal(code, OLDEST="15") == []
        assert installation.refusal(code, OLDEST="99") == ["server_too_old"]

    def test_name_a_server_that_does_not_answer(self) -> None:
        (refusal,) = check.refusals("postgresql:///x?host=/nonexistent")
        assert refusal.code == "server_unreachable"


class TestAddress:
    @pytest.mark.parametrize(
        "setting", ["mysql://me:secret@host/db", "me:secret", "postgresql://h/x?secret=1"]
    )
    def test_that_cannot_be_read_is_refused_without_repeating_it(
        self, setting: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", setting)
        with pytest.raises(CannotStart) as refused:
            database.urls()
        assert refused.value.codes == ("database_url_unreadable",)
        shown = "".join(traceback.format_exception(refused.value))
        assert "secret" not in shown
