"""What the database holds after a file of persons came in: no value of class S2 or higher in
plain text, but names where decisions/0004 says, and nothing of what was only looked at."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.intake.selectors import report_of, samples_of
from clientela.intake.selectors.samples import Samples
from clientela.intake.services import advance, answer_questions, receive_file
from clientela.records.models import Source
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from tests.factories import NOON, Company, make_company

HEADER = "Customer No,Kind,Name,Country,Phone,Email,Birth Date,Address,Postcode,Income,Remark\n"
GOOD = (
    "P-1,person,Sentinela Nombre,ES,+34 600 123 321,sentinel.mail@x.example,1981-02-03,"
    "Sentinel Street 77,28077,40-50k,sentinel remark\n"
)
BAD = (
    "P-2,person,Rechazada Sentinela,ES,+34 6 sentinel,sentinel.bad.x.example,1981-02-30,"
    "Sentinel Road 78,28078,50-60k,sentinel note\n"
)
NAME = "sentinela nombre"
WORDS = ("sentinel", "600123321", "600 123 321", "1981-02", "28077", "28078")
TABLES = """
    select format('%I.%I', nspname, relname) from pg_class c join pg_namespace n
    on n.oid = relnamespace where relkind in ('r', 'm')
    and nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"""
# Golden row and search tables: what erasure clears.
NAMED = {"records_customer", "search.name"}


def dumped(url: str) -> dict[str, str]:
    """Return every table of the database as text in lower case, read by the superuser."""
    with psycopg.connect(url) as connection:
        tables = [name for (name,) in connection.execute(TABLES)]
        texts = {}
        for name in tables:
            query = sql.SQL("select t::text from {} t").format(
                sql.SQL(".").join(map(sql.Identifier, name.replace('"', "").split(".")))
            )
            rows = connection.execute(query).fetchall()
            texts[name.removeprefix("public.")] = "\n".join(text for (text,) in rows).lower()
        return texts


def found(url: str, *words: str) -> set[tuple[str, str]]:
    """Return (table, word) wherever a word stands in the database."""
    return {(t, w) for t, text in dumped(url).items() for w in words if w.lower() in text}


@pytest.fixture
def company(fresh_database) -> Company:
    company = make_company()
    with system_context("a source for a test"):
        node = company.nodes["madrid"].pk
        make_source(name="till", node_id=node, at=NOON, by="test", settlement="unknown")
    return company


def receive(company: Company, tmp_path: Path, content: bytes, **answers: str) -> Run:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with system_context("a file for a test"):
        access = company.access("data_steward")
        run, new = receive_file(
            access=access, source=Source.objects.get(name="till"), path=path, name=path.name,
            at=NOON, kind="customers", answers=answers,
        )  # fmt: skip
    assert new
    return run


class TestSamples:
    def test_are_shown_to_who_brought_the_file_and_leave_an_event(self, company, tmp_path):
        run = receive(company, tmp_path, (HEADER + GOOD + BAD).encode())
        with system_context("a test looks"):
            shown = samples_of(company.access("data_steward"), run, at=NOON)
            event = Event.objects.filter(act="intake.samples.read").latest("recorded_at")
        assert shown.rows[0][2:4] == ["Sentinela Nombre", "ES"]
        assert (event.object_id, event.rows) == (str(run.public_id), 2)
        assert event.fields_read == {"*": "S4"}

    def test_are_shown_to_nobody_else(self, company, tmp_path):
        run = receive(company, tmp_path, (HEADER + GOOD).encode())
        with system_context("a test looks"):
            for who in company.users.keys() - {"data_steward"}:
                assert samples_of(company.access(who), run, at=NOON) == Samples()
            assert not Event.objects.filter(act="intake.samples.read").exists()

    def test_stand_nowhere_in_the_database(self, company, fresh_database, tmp_path):
        odd = GOOD.encode().replace(b"sentinel remark", b"broken \xff\xfe here")
        for content in ((HEADER + GOOD).encode(), HEADER.encode() + odd * 2):
            run = receive(company, tmp_path, content)
            assert run.questions
            with system_context("a test looks"):
                shown = samples_of(company.access("data_steward"), run, at=NOON)
            assert "entin" in str(shown.rows) + str(shown.previews)
        assert "sentinel.mail" in str(shown.previews)  # of the question for the encoding
        assert found(fresh_database.superuser, *WORDS) == set()

    def test_hold_what_no_text_can(self, company, tmp_path):
        bad = GOOD.encode().replace(b"sentinel remark", b"broken \xff\xfe here")
        run = receive(company, tmp_path, HEADER.encode() + bad * 2, encoding="utf-8")
        with system_context("a test looks"):
            (first, _) = samples_of(company.access("data_steward"), run, at=NOON).rows
        assert first[-1] == "broken ?? here"


class TestDatabase:
    def test_holds_no_plain_value_of_a_person_after_an_import(
        self, company, fresh_database, tmp_path
    ):
        run = receive(company, tmp_path, (HEADER + GOOD + BAD).encode())
        with system_context("an import for a test"):
            access = company.access("data_steward")
            run = answer_questions(
                access=access, public_id=str(run.public_id), at=NOON, take_sure=True,
                answers={"column:Remark": "ignore"},
            )  # fmt: skip
        assert run.questions == []
        run = advance(run, access, at=NOON + timedelta(minutes=1), confirmed=True)
        assert (run.state, run.accepted, run.rejected) == ("done", 1, 1)
        with system_context("a test looks"):
            assert [count.code for count in report_of(run).by_reason] == ["email_invalid"]
        places = found(fresh_database.superuser, *WORDS)
        assert {(table, word) for table, word in places if table not in NAMED} == set()
        assert {word for _, word in places} <= {"sentinel"}  # of the name alone
        assert {table for table, _ in found(fresh_database.superuser, NAME)} <= NAMED
