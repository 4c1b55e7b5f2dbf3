"""An import that left rows out for another one says so when that one is taken back.

Its file is sent again then, and brings what is in no book any more.
"""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from clientela.intake.models import Run
from clientela.intake.selectors import report_of
from clientela.intake.selectors.leaning import leaning_on
from clientela.intake.services import take_back
from clientela.records.models import Source
from clientela.records.services.holding import source_stands_still
from clientela.store.context import system_context
from clientela.trade.models import Invoice, Payment
from tests.factories import make_company
from tests.intake.bringing import Books, Row, content_of
from tests.intake.giving import reasons, totals
from tests.waiting import look_on_until

A = Row(number="A", day="2026-03-01", amount=10000)
B = Row(number="B", day="2026-03-02", amount=5000)
C = Row(number="C", day="2026-03-03", amount=700)
B_OTHERWISE = Row(number="B", day="2026-03-02", amount=4900)
P = Row(number="P", day="2026-03-05", amount=2000, names="A")
Q = Row(number="Q", day="2026-03-06", amount=3000, names="A")
FILES = {
    "invoices": content_of("invoices", [A, B]),
    "invoices grown": content_of("invoices", [A, B, C]),
    "invoices otherwise": content_of("invoices", [B_OTHERWISE, C]),
    "payments": content_of("payments", [P]),
    "payments grown": content_of("payments", [P, Q]),
}
GONE = "skipped_then_taken_back"


@pytest.fixture
def books(db, tmp_path: Path) -> Books:
    return Books(make_company(), tmp_path, FILES, source="till")


def numbers(model: type[Invoice] | type[Payment] = Invoice) -> list[str]:
    with system_context("a test looks"):
        return sorted(model.objects.filter(voided_at=None).values_list("number", flat=True))


def gone(run: Run) -> int:
    with system_context("a test looks"):
        run.refresh_from_db()
        return report_of(run).flagged.get(GONE, 0)


def again(books: Books, name: str) -> Run:
    books.files[f"{name} again"] = books.files[name]
    return books.receive(f"{name} again")


class TestTheOneThatSkipped:
    @pytest.mark.parametrize(("kind", "model"), [("invoices", Invoice), ("payments", Payment)])
    def test_brings_what_went_when_its_file_comes_again(self, books, kind, model):
        first, grown = books.bring(kind), books.bring(f"{kind} grown")
        whole = numbers(model)
        assert reasons(grown) == {"stored_already": ("skipped", grown.skipped)}
        with system_context("a test looks"):
            told = [(one["file"], one["rows"]) for one in leaning_on(first)]
        assert told == [(f"{kind} grown.csv", grown.skipped)]
        assert gone(grown) == 0
        books.take_back(kind)
        assert gone(grown) == grown.skipped
        came = again(books, f"{kind} grown")
        assert (came.state, came.accepted, came.skipped) == ("done", grown.skipped, 1)
        assert numbers(model) == whole
        assert gone(grown) == 0  # the file came in whole

    def test_is_known_again_until_then(self, books):
        books.bring("invoices")
        grown = books.bring("invoices grown")
        assert again(books, "invoices grown").pk == grown.pk

    def test_is_known_again_once_it_came_whole(self, books):
        books.bring("invoices")
        books.bring("invoices grown")
        books.take_back("invoices")
        came = again(books, "invoices grown")
        books.files["invoices grown twice"] = books.files["invoices grown"]
        repeated = books.receive("invoices grown twice")
        with system_context("a test looks"):
            assert report_of(repeated).run == str(came.public_id)

    def test_counts_rows_set_aside_as_different_too(self, books):
        books.bring("invoices")
        other = books.bring("invoices otherwise")
        assert totals(other) == (2, 1, 1, 0)
        books.take_back("invoices")
        assert gone(other) == 1
        assert totals(again(books, "invoices otherwise")) == (2, 1, 0, 1)
        assert numbers() == ["B", "C"]

    def test_says_nothing_of_an_import_that_it_owes_nothing(self, books):
        books.bring("invoices")
        only = books.bring("payments")
        books.take_back("invoices")
        assert gone(only) == 0
        with system_context("a test looks"):
            assert Run.objects.get(pk=only.pk).is_whole

    def test_misses_nothing_once_the_other_came_again(self, books):
        books.bring("invoices")
        grown = books.bring("invoices grown")
        books.take_back("invoices")
        assert gone(grown) == 2
        back = again(books, "invoices")
        assert (gone(grown), numbers()) == (0, ["A", "B", "C"])
        with system_context("a test looks"):
            assert [one["rows"] for one in leaning_on(back)] == [2]
        books.runs["back"] = back
        books.take_back("back")
        assert (gone(grown), numbers()) == (2, ["C"])


@pytest.mark.slow
def test_two_are_taken_back_at_once_one_leaning_on_the_other(
    fresh_database: Any, tmp_path: Path
) -> None:
    """Each waits for the source, and holds nothing meanwhile that the other needs."""
    books = Books(make_company(), tmp_path, FILES, source="till")
    runs = [str(books.bring(name).public_id) for name in ("invoices", "invoices grown")]
    ended: list[str] = []

    def taking(public_id: str) -> None:
        try:
            with system_context("takes back"):
                take_back(access=books.access, public_id=public_id, at=books.at)
            ended.append(public_id)
        finally:
            connection.close()

    threads = [Thread(target=taking, args=[public_id]) for public_id in runs]
    with system_context("a batch is loaded"):
        source_stands_still(Source.objects.get(name="till").pk)
        for wanted, thread in enumerate(threads, start=1):
            thread.start()
            look_on_until(wanted)
    for thread in threads:
        thread.join(30)
    assert sorted(ended) == sorted(runs)
    assert numbers() == []
