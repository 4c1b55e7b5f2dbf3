"""After a file of persons came in, nothing of them stands in plain on the disk but their names.

Not the tables are asked, but the bytes: every file of the data folder and of the server's own,
with the tables, their dead rows, the log written ahead, and what was received, before and after a
checkpoint. What is looked for are values that occur nowhere else, as they were given, as they are
kept, in base64 and in hexadecimal. The name is looked for too: were it not found, nothing would
be proved. Files in which nothing was written since the values were thought up are passed over.
"""

import base64
import contextlib
import os
import random
import signal
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import polars as pl
import psycopg
import pytest
from django.db import connections

from clientela.intake.models import RejectedRow, Run
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.intake.services import (
    advance,
    answer_questions,
    cancel_run,
    end_broken,
    receive_file,
    take_back,
)
from clientela.kernel.reasons import Reason
from clientela.records.models import Customer, Source
from clientela.records.selectors import file_of
from clientela.runtime import cluster, sandbox
from clientela.store.context import system_context
from tests.factories import NOON, Company
from tests.intake.giving import company_with_a_till

HEADER = "Customer No,Kind,Name,Country,Phone,Email,Birth Date,Address,Postcode,Remark\n"
SOON = NOON + timedelta(minutes=1)
NAMES = {"base", "pg_wal"}  # where in the server's folder a name may stand


@dataclass(frozen=True)
class Person:
    """A person whose every value occurs nowhere else."""

    name: str
    digits: str  # of the telephone number
    email: str
    street: str
    postcode: str
    remark: str
    since: float  # when the values were thought up, in seconds
    born: str = "1931-07-19"

    @classmethod
    def random(cls) -> "Person":
        def word() -> str:
            return "".join(random.choices("bcdfghjklmnpqrstvwxz", k=9))

        return cls(
            name=f"Nn{word()}", digits=f"6{random.randrange(10**7, 10**8)}",
            email=f"{word()}@{word()}.example", street=f"{word()} 77", postcode=word()[:8],
            remark=word(), since=time.time() - 0.1,
        )  # fmt: skip

    def row(self, key: str, *, born: str | None = None) -> str:
        phone = f"+34 {self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"
        cells = (key, "person", self.name, "ES", phone, self.email, born or self.born, self.street,
                 self.postcode, self.remark)  # fmt: skip
        return ",".join(cells) + "\n"

    def values(self) -> tuple[str, ...]:
        """Return what may stand nowhere."""
        spaced = f"{self.digits[:3]} {self.digits[3:6]} {self.digits[6:]}"
        local, _, host = self.email.partition("@")
        return (
            self.digits,
            spaced,
            local,
            host,
            self.street,
            self.postcode,
            self.remark,
            self.born,
        )


def written(value: str) -> set[str]:
    """Return the ways in which a value may stand in a file: in base64, at each of its offsets."""
    plain = value.encode()
    forms = {value, value.lower(), value.upper(), plain.hex()}
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + plain).decode()
        # Not the first and last characters: they hold bits of what stands beside.
        forms.add(whole[(before * 8 + 5) // 6 : len(whole) - 4])
    return forms


def places(values: Iterable[str], *, since: float) -> set[tuple[str, str]]:
    """Return (value, part of the folders) wherever a value stands in a file written to since."""
    forms = {form: value for value in values for form in written(value)}
    found = set()
    server = cluster.status().folder
    assert server is not None
    for folder in {sandbox.enter(), server.parent}:
        for path in _files(folder):
            held = _held(path) if _is_due(path, since) else b""
            if held:
                inside = path.is_relative_to(server)
                part = path.relative_to(server if inside else folder).parts[0]
                found |= {(forms[form], part) for form in _forms_in(held, list(forms))}
    return found


def _forms_in(held: bytes, forms: list[str]) -> set[str]:
    """Return which of these stand in the bytes: all are looked for in one go."""
    text = pl.Series([held.decode("latin-1")])
    return set(text.str.extract_many(forms, overlapping=True)[0])


def _files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):  # passes over a folder that is gone meanwhile
        yield from (Path(place) / name for name in names)


def _held(path: Path) -> bytes:
    """Return what a file holds: nothing, where another test's database took it away meanwhile."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    return b""


def _is_due(path: Path, since: float) -> bool:
    with contextlib.suppress(FileNotFoundError):
        found = path.lstat()
        return stat.S_ISREG(found.st_mode) and found.st_size > 0 and found.st_mtime >= since
    return False


def on_disk(url: str, values: Iterable[str], *, since: float) -> set[tuple[str, str]]:
    """Return where values stand: in the log before a checkpoint, in the tables after it."""
    values = tuple(values)
    found = places(values, since=since)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("checkpoint")
    return found | places(values, since=since)


@pytest.fixture
def company(fresh_database) -> Company:
    return company_with_a_till()


@pytest.fixture
def persons() -> tuple[Person, Person]:
    return Person.random(), Person.random()


@pytest.fixture
def give(company, tmp_path) -> Callable[[str], Run]:
    """Return a function: the run of a file of customers, of which nothing is asked any more."""

    def given(rows: str) -> Run:
        path = tmp_path / "people.csv"
        path.write_text(HEADER + rows)
        access = company.access("data_steward")
        with system_context("a file for a test"):
            run, _ = receive_file(
                access=access, source=Source.objects.get(name="till"), path=path, name=path.name,
                at=NOON, kind="customers", take_sure=True, answers={"column:Remark": "ignore"},
            )  # fmt: skip
        assert run.questions == []
        return run

    return given


def going_on(company: Company, run: Run, *, confirmed: bool = True, **more) -> Run:
    with system_context("a test reads the run"):
        run = Run.objects.get(pk=run.pk)
    return advance(run, company.access("data_steward"), at=SOON, confirmed=confirmed, **more)


def killed(work: Callable[[], object]) -> None:
    """Do work in a process that is ended the hard way when it calls for it."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def kill_at(stage: str) -> Callable[[str, int, int], None]:
    def progress(now: str, done: int, of: int) -> None:
        if now == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    return progress


def only_names(url: str, *persons: Person) -> bool:
    """Tell whether the names stand in the tables and the log, and nothing else of these persons.

    Raises AssertionError that says which value stands where.
    """
    values = {value for person in persons for value in person.values()}
    since = min(person.since for person in persons)
    found = on_disk(url, values | {person.name for person in persons}, since=since)
    stray = {(value, part) for value, part in found if value in values}
    assert stray == set()
    names = {part for value, part in found if value not in values}
    assert names <= NAMES
    return names == NAMES


class TestDataFolder:
    def test_holds_of_a_person_the_name_alone_after_an_import(
        self, company, fresh_database, give, persons
    ):
        good, bad = persons
        run = give(good.row("P-1") + bad.row("P-2", born="1931-02-30") + good.row("P-1"))
        run = going_on(company, run)
        assert (run.state, run.accepted, run.rejected) == ("done", 2, 1)
        assert only_names(fresh_database.superuser, good, bad)
        with system_context("a test looks"):
            access = company.access("data_steward")
            customer = Customer.objects.get()
            facts = file_of(access, customer, true_on=SOON.date(), known_on=SOON)
            shown = {fact.key for fact in facts}
            row = rejected_as_given(access, str(run.public_id), at=SOON)
            (given,) = [one.cells for one in row.rows]
        assert {"phone", "email", "birth_date", "address", "postcode"} <= shown
        assert given[5] == bad.email

    def test_holds_no_key_of_the_staged_rows_when_the_run_has_ended(self, company, give, persons):
        run = give(persons[0].row("P-1"))
        assert going_on(company, run, confirmed=False).staging_key is not None
        assert going_on(company, run).staging_key is None
        with system_context("a test looks"):
            assert Run.objects.get(pk=run.pk).staging_key is None

    def test_holds_the_same_of_rows_that_contradict_each_other(
        self, company, fresh_database, give, persons
    ):
        one, other = persons
        run = going_on(company, give(one.row("P-1") + other.row("P-1")))
        assert (run.accepted, run.rejected) == (0, 2)
        with system_context("a test looks"):
            assert {row.code for row in RejectedRow.objects.filter(run=run)} == {"key_given_twice"}
        only_names(fresh_database.superuser, one, other)

    def test_holds_the_same_of_a_run_that_was_cancelled_and_of_one_that_failed(
        self, company, fresh_database, give, persons
    ):
        one, other = persons
        run = going_on(company, give(one.row("P-1")), confirmed=False)
        assert run.state == "ready"
        only_names(fresh_database.superuser, one)
        with system_context("a test cancels"):
            access = company.access("data_steward")
            cancelled = cancel_run(access=access, public_id=str(run.public_id), at=SOON)
        failed = going_on(company, give(other.row("P-2")), confirmed=False)
        end_broken(failed, Reason(code="import_given_up"), SOON)
        with system_context("a test looks"):
            assert Run.objects.get(pk=failed.pk).state == "failed"
            runs = Run.objects.filter(pk__in=[cancelled.pk, failed.pk])
            assert [run.staging_key for run in runs] == [None, None]
        only_names(fresh_database.superuser, one, other)

    def test_holds_the_same_of_a_run_that_was_taken_back(
        self, company, fresh_database, give, persons
    ):
        run = going_on(company, give(persons[0].row("P-1")))
        with system_context("a test takes back"):
            take_back(access=company.access("data_steward"), public_id=str(run.public_id), at=SOON)
        assert only_names(fresh_database.superuser, persons[0])

    @pytest.mark.parametrize("stage", ["staging", "loading"])
    def test_holds_the_same_of_a_run_that_was_killed_which_then_goes_on(
        self, company, fresh_database, give, persons, stage
    ):
        run = give(persons[0].row("P-1") + persons[1].row("P-2"))
        killed(lambda: going_on(company, run, progress=kill_at(stage)))
        with system_context("a test looks"):
            left = Run.objects.get(pk=run.pk)
        assert (left.state, left.staged) == (stage, 2)
        only_names(fresh_database.superuser, *persons)
        run = going_on(company, run)
        assert (run.state, run.accepted) == ("done", 2)
        assert only_names(fresh_database.superuser, *persons)


class TestNameThatChanged:
    @pytest.mark.parametrize(("answer", "name", "rejected"), [("keep", 0, 0), ("take", 1, 0), ("refuse", 0, 1)])  # fmt: skip
    def test_is_answered_for_rows_that_are_sealed(
        self, company, give, persons, answer, name, rejected
    ):
        going_on(company, give(persons[0].row("P-1")))
        run = going_on(company, give(persons[1].row("P-1")), confirmed=False)
        assert [question["code"] for question in run.questions] == ["customer_renamed"]
        with system_context("a test answers"):
            answer_questions(
                access=company.access("data_steward"), public_id=str(run.public_id), at=SOON,
                answers={"names:changed": answer},
            )  # fmt: skip
        run = going_on(company, run)
        assert (run.state, run.rejected) == ("done", rejected)
        with system_context("a test looks"):
            assert Customer.objects.get().name == persons[name].name
