"""What the database holds after a file of persons came in: no value of class S2 or higher in
plain text, but names where decisions/0004 says, and nothing of what was only looked at."""

import os
import signal
import uuid
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.intake.reading.faults import FileRefused
from clientela.intake.selectors import report_of, samples_of
from clientela.intake.selectors.samples import Samples
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.intake.services import (
    advance,
    answer_questions,
    cancel_run,
    keeping,
    receive_file,
    take_back,
)
from clientela.intake.services.keeping import opened
from clientela.records.models import Source
from clientela.runtime import paths
from clientela.store.context import system_context
from tests.factories import NOON, Company
from tests.intake.giving import company_with_a_till

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
def company(fresh_database, monkeypatch) -> Company:
    monkeypatch.setattr(keeping, "FOLDER", f"imports-{uuid.uuid4().hex}")  # of this test alone
    return company_with_a_till()


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
            codes = [count.code for count in report_of(run).by_reason]
        assert codes == ["email_invalid", "no_such_day"]  # one row, and each of its faults
        places = found(fresh_database.superuser, *WORDS)
        assert {(table, word) for table, word in places if table not in NAMED} == set()
        assert {word for _, word in places} <= {"sentinel"}  # of the name alone
        assert {table for table, _ in found(fresh_database.superuser, NAME)} <= NAMED


def plain_files(*words: bytes) -> list[str]:
    """Return the files of received imports in the data folder that hold one of the words."""
    kept = [p for p in (paths.data_dir() / keeping.FOLDER).rglob("*") if p.is_file()]
    return [str(p) for p in kept if any(word in p.read_bytes() for word in words)]


def kept_files() -> list[Path]:
    """Return the files that are kept for runs."""
    folder = paths.data_dir() / keeping.FOLDER
    return [p for p in folder.rglob("*") if p.is_file() and p.name != "lock"]


class TestReceivedFile:
    def test_is_sealed_while_it_waits_and_gone_when_the_run_has_ended(self, company, tmp_path):
        run = receive(company, tmp_path, (HEADER + GOOD + BAD).encode())
        (kept,) = kept_files()
        assert kept.stat().st_mode & 0o77 == 0
        assert plain_files(b"entinela", b"sentinel") == []
        run = ended(company, run)
        assert (run.state, run.file_path, kept_files()) == ("done", "", [])

    def test_is_not_needed_to_read_what_was_rejected_nor_to_take_the_run_back(
        self, company, tmp_path
    ):
        run = ended(company, receive(company, tmp_path, (HEADER + GOOD + BAD).encode()))
        access = company.access("data_steward")
        with system_context("a test looks"):
            rows = rejected_as_given(access, str(run.public_id), at=NOON).rows
            assert [row.cells[2] for row in rows] == ["Rechazada Sentinela"]
            again, new = receive_file(
                access=access, source=run.source, path=tmp_path / "people.csv", name="people.csv",
                at=NOON, kind="customers", take_sure=True, answers={"column:Remark": "ignore"},
            )  # fmt: skip
            assert (again.pk, new) == (run.pk, False)
            taken = take_back(access=access, public_id=str(run.public_id), at=NOON)
        assert taken.state == "taken_back"
        assert kept_files() == []

    def test_that_was_changed_on_disk_fails_the_run(self, company, tmp_path):
        run = receive(company, tmp_path, (HEADER + GOOD).encode())
        (kept,) = kept_files()
        kept.write_bytes(kept.read_bytes()[:-1] + b"x")
        with system_context("a test answers"), pytest.raises(FileRefused) as refused:
            answer_questions(
                access=company.access("data_steward"), public_id=str(run.public_id), at=NOON,
                answers={"column:Remark": "ignore"}, take_sure=True,
            )  # fmt: skip
        assert [reason.code for reason in refused.value.reasons] == ["kept_file_lost"]

    def test_leaves_with_a_run_that_is_cancelled(self, company, tmp_path):
        run = receive(company, tmp_path, (HEADER + GOOD).encode())
        with system_context("a test cancels"):
            cancel_run(access=company.access("data_steward"), public_id=str(run.public_id), at=NOON)
        assert kept_files() == []

    def test_leaves_no_copy_behind_a_process_that_was_killed(self, company, tmp_path):
        run = receive(company, tmp_path, (HEADER + GOOD).encode())
        child = os.fork()
        if not child:
            with opened(run) as copy:
                if b"Sentinela" in copy.read_bytes() and b"Sentinela" in copy.read_bytes():
                    os.kill(os.getpid(), signal.SIGKILL)
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert plain_files(b"Sentinela") == []
        with opened(run) as copy:
            assert b"Sentinela" in copy.read_bytes()
            assert plain_files(b"Sentinela") == []

    def test_that_cannot_be_without_a_name_goes_when_the_next_is_opened(
        self, company, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(keeping, "_unnamed", lambda copy, _: copy)
        run = receive(company, tmp_path, (HEADER + GOOD).encode())
        child = os.fork()
        if not child:
            with opened(run) as copy:
                assert b"Sentinela" in copy.read_bytes()
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        assert plain_files(b"Sentinela") != []
        with opened(run) as copy:
            assert len(plain_files(b"Sentinela")) == 1
        assert plain_files(b"Sentinela") == []

    def test_of_no_run_goes_after_a_day(self, company, tmp_path):
        run = receive(company, tmp_path, (HEADER + GOOD).encode())
        stray = paths.data_dir() / keeping.FOLDER / "ab"
        stray.mkdir()
        (stray / "plain").write_text("sentinel")
        long_ago = NOON.timestamp() - 10**8
        for place in (stray, *kept_files()):
            os.utime(place, (long_ago, long_ago))
        receive(company, tmp_path, (HEADER + GOOD + BAD).encode())
        assert not stray.exists()
        assert (paths.data_dir() / run.file_path).exists()  # still asked


def ended(company: Company, run: Run) -> Run:
    """Answer what a run asks and take it to its end."""
    with system_context("an import for a test"):
        access = company.access("data_steward")
        run = answer_questions(
            access=access, public_id=str(run.public_id), at=NOON, take_sure=True,
            answers={"column:Remark": "ignore"},
        )  # fmt: skip
    return advance(run, access, at=NOON + timedelta(minutes=1), confirmed=True)
