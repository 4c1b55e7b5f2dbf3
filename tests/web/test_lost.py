"""A database that does not answer: said in words, told from an act that it refused."""

import logging
from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.db.utils import ConnectionHandler
from django.test import Client

from clientela.security.models import User
from clientela.security.selectors import access_of
from clientela.store.lost import OneLine, connection_lost
from clientela.web import work
from tests.web.world import World


def unreachable() -> ConnectionHandler:
    """Return connections to a port where nobody listens."""
    settings = {**connections.settings["default"], "HOST": "127.0.0.1", "PORT": "1"}
    return ConnectionHandler({"default": {**settings, "OPTIONS": {"connect_timeout": 2}}})


@pytest.fixture
def lost(db: None) -> OperationalError:
    with pytest.raises(OperationalError) as found, unreachable()["default"].cursor():
        pass
    return found.value


class TestLost:
    def test_is_a_server_that_nobody_reaches(self, lost: OperationalError) -> None:
        assert connection_lost(lost)
        assert connection_lost(lost.__cause__)

    def test_is_a_server_that_leaves_while_asked(self, postgres_dsn: str) -> None:
        with psycopg.connect(postgres_dsn) as one, psycopg.connect(postgres_dsn) as other:
            other.execute("select pg_terminate_backend(%s)", [one.info.backend_pid])
            with pytest.raises(psycopg.OperationalError) as found:
                one.execute("select 1")
            assert connection_lost(found.value)
            with pytest.raises(psycopg.OperationalError) as again:
                one.execute("select 1")
            assert connection_lost(again.value)

    def test_is_no_statement_that_was_too_slow(self, db: None) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set local statement_timeout = 5")
            with pytest.raises(OperationalError) as found:
                cursor.execute("select pg_sleep(2)")
        assert not connection_lost(found.value)

    def test_is_no_fault_of_ours(self) -> None:
        assert not connection_lost(RuntimeError("closed"))
        assert not connection_lost(None)


class TestPage:
    @pytest.fixture
    def client(
        self, world: World, lost: OperationalError, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Client]:
        def broken(*_: object, **__: object) -> None:
            raise lost

        client = world.client("sales")
        client.raise_request_exception = False
        monkeypatch.setattr("clientela.web.middleware.access_of", broken)
        return client

    @pytest.mark.parametrize(
        ("language", "said"),
        [("en", "The database does not answer"), ("es", "La base de datos no responde"),
         ("zh-hans", "数据库没有响应")],
    )  # fmt: skip
    def test_says_so_and_asks_itself_again(self, client: Client, language: str, said: str) -> None:
        answer = client.get("/work/", headers={"accept-language": language})
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        text = answer.content.decode()
        assert said in text
        assert '<meta http-equiv="refresh" content="10">' in text
        assert "connection" not in text.lower()

    def test_speaks_the_language_that_the_user_chose(self, world: World, client: Client) -> None:
        User.objects.filter(username="sales").update(language="es")
        with pytest.MonkeyPatch.context() as mended:  # a page from before the loss
            mended.setattr("clientela.web.middleware.access_of", access_of)
            assert client.get("/work/", headers={"accept-language": "en"}).status_code == 200
        answer = client.get("/work/", headers={"accept-language": "en"})
        assert answer.status_code == 503
        assert "La base de datos no responde" in answer.content.decode()

    def test_speaks_the_browsers_language_where_what_the_cookie_tells_is_none(
        self, client: Client
    ) -> None:
        client.cookies["language"] = "tlh<script>"
        answer = client.get("/work/", headers={"accept-language": "es"})
        assert "La base de datos no responde" in answer.content.decode()

    def test_does_not_send_a_form_again(self, client: Client) -> None:
        answer = client.post("/preferences", {"language": "es"}, headers={"accept-language": "en"})
        assert answer.status_code == 503
        text = answer.content.decode()
        assert "send it again" in text
        assert "http-equiv" not in text

    def test_is_told_to_programs_with_its_code(self, client: Client) -> None:
        answer = client.get("/api/v1/me")
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        assert [reason["code"] for reason in answer.json()["reasons"]] == ["database_not_answering"]

    def test_of_another_fault_stays_500(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = world.client("sales")
        client.raise_request_exception = False
        monkeypatch.setattr(work, "render", None)
        answer = client.get("/work/", headers={"accept-language": "es"})
        assert answer.status_code == 500
        assert "Algo ha fallado" in answer.content.decode()
        assert "Retry-After" not in answer


class TestChosenLanguage:
    def test_is_told_until_the_sign_out(self, world: World) -> None:
        client = world.client("sales")
        client.get("/work/")
        assert "language" not in client.cookies  # nothing was chosen
        client.post("/preferences", {"language": "es"})
        client.get("/work/")
        assert client.cookies["language"].value == "es"
        assert client.cookies["language"]["httponly"]
        client.post("/account/sign-out")
        client.get("/account/sign-in")
        assert client.cookies["language"].value == ""
        said = client.get("/account/sign-in", headers={"accept-language": "en"}).content.decode()
        assert "Iniciar sesión" not in said  # the next person's browser is asked


class TestLog:
    def record(self, error: BaseException) -> logging.LogRecord:
        found = (type(error), error, error.__traceback__)
        return logging.LogRecord("django", 40, "x.py", 1, "Failed: %s", ("/work/",), found)

    def test_holds_one_line_of_a_lost_database(self, lost: OperationalError) -> None:
        record = self.record(lost)
        assert OneLine().filter(record)
        said = logging.Formatter().format(record)
        assert said.startswith("Failed: /work/: the database does not answer: connection")
        assert "\n" not in said

    def test_holds_the_whole_of_another_fault(self) -> None:
        record = self.record(RuntimeError("torn"))
        assert OneLine().filter(record)
        assert "RuntimeError: torn" in logging.Formatter().format(record)
