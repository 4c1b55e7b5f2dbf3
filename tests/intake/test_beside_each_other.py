"""Imports of one source beside each other: each batch of one sees what the other left.

A customer whom an import names that is done keeps what it said, whatever becomes of the others.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from clientela.intake.models import Run
from clientela.intake.services import advance, cancel_run, confirm_run, loading, opening, take_back
from clientela.intake.services.breaking_off import fail
from clientela.kernel.reasons import Reason, Refused
from clientela.records.models import Customer, Source
from clientela.records.services import rebuild
from clientela.records.services.holding import source_stands_still
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.factories import make_company
from tests.intake.bringing import Books
from tests.intake.giving import aside, reasons, totals
from tests.waiting import look_on_until

CUSTOMERS = "Customer ID,Name,Customer type\n"
INVOICES = "Invoice No,Invoice Date,Customer ID,Customer name,Currency,Net amount,Tax amount\n"
TRADE = INVOICES + "{0}1,2026-03-01,K1,Ada,EUR,10,0\n{0}2,2026-03-02,K2,Bo,EUR,20,0\n"
FILES = {
    "sales a": ("invoices", TRADE.format("A")),
    "sales b": ("invoices", TRADE.format("B")),
    "sales of k1": ("invoices", INVOICES + "C1,2026-03-01,k1,Ada,EUR,5,0\nC2,2026-03-01,K9,Cy,EUR,5,0\n"),
    "customers a": ("customers", CUSTOMERS + "K1,Ada,company\nK2,Bo,company\n"),
    "customers b": ("customers", CUSTOMERS + "K1,Ada,company\nK2,Bo,company\nK3,Cy,company\n"),
    "customers renamed": ("customers", CUSTOMERS + "K1,Eve,company\nK3,Cy,company\n"),
    "customers in small": ("customers", CUSTOMERS + "k1,Ada,company\nK3,Cy,company\n"),
}  # fmt: skip


@pytest.fixture
def books(db, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Books:
    monkeypatch.setattr(opening, "ACCOUNTS", 1)
    monkeypatch.setattr(loading, "UNITS", 1)
    return Books(make_company(), tmp_path, FILES, source="till")


def names() -> dict[str, str]:
    """Return key -> name of the customers that are not archived."""
    with system_context("a test looks"):
        rows = Customer.objects.filter(archived_at=None, links__ended_at=None)
        return dict(rows.values_list("links__source_record__key", "name"))


def begun(books: Books, name: str) -> tuple[Run, Iterator[int]]:
    """Check a file and return the steps of its loading, none of which is taken yet."""
    run = books.receive(name, confirmed=False)
    with system_context("a test confirms"):
        confirm_run(access=books.access, public_id=str(run.public_id), at=books.at)
        run.refresh_from_db()
    return run, loading.load(run, books.access.reach("import.run"), at=books.at)


def ended(books: Books, run: Run, at: datetime | None = None) -> Run:
    with system_context("a test looks"):
        run = Run.objects.get(pk=run.pk)
    return advance(run, books.access, at=at or books.at, confirmed=True)


def differences(books: Books) -> int:
    with system_context("a test rebuilds"):
        return rebuild(at=books.at, check_only=True).differences


class TestTakenBackWhileAnotherLoads:
    @pytest.mark.parametrize("kind", ["sales", "customers"])
    @pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
    def test_leaves_what_the_other_says(self, books: Books, kind: str, steps: int) -> None:
        books.bring(f"{kind} a")
        other, loads = begun(books, f"{kind} b")
        for _ in range(steps):
            next(loads, None)
        loads.close()
        books.take_back(f"{kind} a")
        assert ended(books, other).state == "done"
        assert names().items() >= {("K1", "Ada"), ("K2", "Bo")}
        assert differences(books) == 0

    @pytest.mark.parametrize("steps", [0, 1, 2, 3])
    def test_leaves_what_the_other_goes_on_to_say(self, books: Books, steps: int) -> None:
        """The accounts were gathered before, and are gone through by the same process after."""
        books.bring("sales a")
        other, loads = begun(books, "sales b")
        for _ in range(steps):
            next(loads, None)
        books.take_back("sales a")
        for _ in loads:
            pass
        assert ended(books, other).state == "done"
        assert names() == {"K1": "Ada", "K2": "Bo"}


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=719)], ids=["noon", "midnight"])
class TestWhoBeganBefore:
    """Its times are those at which it began, and others wrote at later ones before it did."""

    @pytest.mark.parametrize("kind", ["sales", "customers"])
    @pytest.mark.parametrize("of", ["sales", "customers"])
    def test_writes_nothing_into_what_was(
        self, books: Books, kind: str, of: str, steps: int, late: timedelta
    ) -> None:
        books.at += late  # another day begins within two hours
        older, loads = begun(books, f"{kind} a")
        began = books.at
        for _ in range(steps):
            next(loads, None)
        loads.close()
        books.bring(f"{of} b")
        assert ended(books, older, began).state == "done"
        assert names().items() >= {("K1", "Ada"), ("K2", "Bo")}
        assert differences(books) == 0

    @pytest.mark.parametrize("how", ["fails", "is cancelled"])
    @pytest.mark.parametrize("kind", ["sales", "customers"])
    def test_ends_and_leaves_what_others_said(
        self, books: Books, kind: str, how: str, steps: int, late: timedelta
    ) -> None:
        books.at += late
        older, loads = begun(books, f"{kind} a")
        began = books.at
        for _ in range(steps):
            next(loads, None)
        loads.close()
        books.bring(f"{kind} b")
        with system_context("a test ends an import"):
            if how == "fails":
                fail(older, Refused(Reason(code="import_broke", params={"error": "x"})), began)
            else:
                cancel_run(access=books.access, public_id=str(older.public_id), at=began)
        assert names().items() >= {("K1", "Ada"), ("K2", "Bo")}
        books.take_back(f"{kind} b")
        assert names() == {}
        assert differences(books) == 0

    @pytest.mark.parametrize("of", ["sales", "customers"])
    def test_takes_back_what_it_brought_and_no_more(
        self, books: Books, of: str, steps: int, late: timedelta
    ) -> None:
        """The question whether to take it back stood while the other came in."""
        books.at += late
        run = books.bring("customers a")
        asked = books.at
        other, loads = begun(books, f"{of} b")
        for _ in range(steps):
            next(loads, None)
        loads.close()
        with system_context("a test takes back"):
            take_back(access=books.access, public_id=str(run.public_id), at=asked)
        assert ended(books, other).state == "done"
        assert names().items() >= {("K1", "Ada"), ("K2", "Bo")}
        assert differences(books) == 0


class Cancelling(Thread):
    """Cancels an import; `begin` ends when it waits for something, or is done."""

    def __init__(self, books: Books, run: Run) -> None:
        super().__init__()
        self.books, self.cancelled, self.state = books, run, ""

    def run(self) -> None:
        try:
            with system_context("a test cancels"):
                public_id = str(self.cancelled.public_id)
                self.state = cancel_run(
                    access=self.books.access, public_id=public_id, at=self.books.at
                ).state
        finally:
            connection.close()

    def begin(self) -> None:
        self.start()
        look_on_until(1, self.is_alive)


@pytest.mark.parametrize(
    ("kind", "module", "says"), [("customers", loading, "state"), ("sales", opening, "mention")]
)
def test_is_cancelled_behind_the_batch_of_another_and_leaves_what_that_says(
    fresh_database: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    module: ModuleType,
    says: str,
) -> None:
    monkeypatch.setattr(loading, "UNITS", 1)
    monkeypatch.setattr(opening, "ACCOUNTS", 1)
    books = Books(make_company(), tmp_path, FILES, source="till")
    half, loads = begun(books, f"{kind} a")
    next(loads)  # K1 stands
    loads.close()
    other, loads = begun(books, f"{kind} b")
    cancelling, kept = Cancelling(books, half), getattr(module, says)

    def slowly(said: Any, **given: Any) -> Any:
        answers = kept(said, **given)  # K1 is said again, and that is not committed
        cancelling.begin()
        assert cancelling.is_alive()
        return answers

    monkeypatch.setattr(module, says, slowly)
    next(loads)
    loads.close()
    cancelling.join(30)
    monkeypatch.setattr(module, says, kept)
    assert cancelling.state == "cancelled"
    assert ended(books, other).state == "done"
    assert names().items() >= {("K1", "Ada"), ("K2", "Bo")}


class TestFilesOfCustomersCheckedAtOnce:
    def both(self, books: Books, one: str, two: str) -> Run:
        checked = [books.receive(name, confirmed=False) for name in (one, two)]
        assert [run.state for run in checked] == ["ready", "ready"]
        return [ended(books, run) for run in checked][-1]

    def test_set_aside_a_name_that_the_other_gave_otherwise(self, books: Books) -> None:
        later = self.both(books, "customers a", "customers renamed")
        assert (totals(later), reasons(later)) == (
            (2, 1, 1, 0),
            {"known_by_another_name": ("rejected", 1)},
        )
        assert aside(later) == [(1, "known_by_another_name", "K1")]
        assert names() == {"K1": "Ada", "K2": "Bo", "K3": "Cy"}

    def test_take_it_where_that_was_answered(self, books: Books) -> None:
        books.answers = {"names:changed": "take"}
        later = self.both(books, "customers a", "customers renamed")
        assert totals(later) == (2, 2, 0, 0)
        assert names() == {"K1": "Eve", "K2": "Bo", "K3": "Cy"}

    def test_keep_the_name_where_that_was_answered(self, books: Books) -> None:
        books.answers = {"names:changed": "keep"}
        later = self.both(books, "customers a", "customers renamed")
        assert totals(later) == (2, 2, 0, 0)
        assert names() == {"K1": "Ada", "K2": "Bo", "K3": "Cy"}

    def test_set_aside_a_key_that_the_other_wrote_otherwise(self, books: Books) -> None:
        later = self.both(books, "customers a", "customers in small")
        assert (totals(later), reasons(later)) == (
            (2, 1, 1, 0),
            {"key_written_otherwise": ("rejected", 1)},
        )
        assert aside(later) == [(1, "key_written_otherwise", "k1")]
        assert names() == {"K1": "Ada", "K2": "Bo", "K3": "Cy"}

    def test_set_aside_the_documents_of_such_a_key(self, books: Books) -> None:
        later = self.both(books, "customers a", "sales of k1")
        assert (totals(later), reasons(later)) == (
            (2, 1, 1, 0),
            {"key_written_otherwise": ("rejected", 1)},
        )
        assert names() == {"K1": "Ada", "K2": "Bo", "K9": "Cy"}
        with system_context("a test looks"):
            assert list(Invoice.objects.values_list("number", flat=True)) == ["C2"]


class TestAKeyOfWhichNothingCounts:
    def test_stands_in_nobodys_way(self, books: Books) -> None:
        books.bring("customers in small")
        books.take_back("customers in small")
        later = books.bring("customers a")
        assert totals(later) == (2, 2, 0, 0)
        assert names() == {"K1": "Ada", "K2": "Bo"}
        again = books.receive("customers in small")  # and is set aside when it comes again
        assert (totals(again), reasons(again)) == (
            (2, 1, 1, 0),
            {"key_written_otherwise": ("rejected", 1)},
        )
        assert names() == {"K1": "Ada", "K2": "Bo", "K3": "Cy"}


def test_whatever_ends_an_import_holds_its_source_first(
    fresh_database: Any, tmp_path: Path
) -> None:
    """Who loads holds the source before the run, so nothing may hold the run and wait for it."""
    books = Books(make_company(), tmp_path, FILES, source="till")
    run = books.bring("sales a")
    other, _ = begun(books, "sales b")
    done: list[str] = []

    def ending(how: Any, public_id: str) -> None:
        try:
            with system_context("a test ends an import"):
                done.append(how(access=books.access, public_id=public_id, at=books.at).state)
        finally:
            connection.close()

    threads = [
        Thread(target=ending, args=[take_back, str(run.public_id)]),
        Thread(target=ending, args=[cancel_run, str(other.public_id)]),
    ]
    with system_context("a batch is loaded"):
        source_stands_still(Source.objects.get(name="till").pk)
        for wanted, thread in enumerate(threads, start=1):
            thread.start()
            look_on_until(wanted)
        list(Run.objects.select_for_update(nowait=True).filter(pk__in=[run.pk, other.pk]))
    for thread in threads:
        thread.join(30)
    assert sorted(done) == ["cancelled", "taken_back"]
