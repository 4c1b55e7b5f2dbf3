"""Two imports of one source that were both checked before either was loaded."""

from pathlib import Path

import pytest

from clientela.intake.models import Run
from clientela.intake.selectors import report_of
from clientela.intake.services import advance
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.trade.models import Invoice, Payment, Product
from tests.factories import make_company
from tests.intake.bringing import Books, Row, content_of
from tests.intake.giving import aside, reasons, totals

A = Row(number="A", day="2026-03-01", amount=10000)
B = Row(number="B", day="2026-03-02", amount=5000)
A_OTHERWISE = Row(number="A", day="2026-03-01", amount=9900)
P = Row(number="P", day="2026-03-05", amount=2000, names="A")
Q = Row(number="Q", day="2026-03-06", amount=3000, names="A")
P_OTHERWISE = Row(number="P", day="2026-03-05", amount=2100, names="A")
CUSTOMERS = "Customer ID,Name,Customer type\nK1,Ada Ltd,company\n"
PRODUCTS = "Product Code,Product Name\nT1,Tea\n"
FILES = {
    "invoices": content_of("invoices", [A]),
    "invoices and one": content_of("invoices", [A, B]),
    "invoices otherwise": content_of("invoices", [A_OTHERWISE, B]),
    "payments": content_of("payments", [P]),
    "payments and one": content_of("payments", [P, Q]),
    "payments otherwise": content_of("payments", [P_OTHERWISE, Q]),
    "customers": ("customers", CUSTOMERS),
    "customers and one": ("customers", CUSTOMERS + "K2,Bo Ltd,company\n"),
    "products": ("products", PRODUCTS),
    "products and one": ("products", PRODUCTS + "T2,Cup\n"),
}


@pytest.fixture
def books(db, tmp_path: Path) -> Books:
    return Books(make_company(), tmp_path, FILES, source="till")


def both(books: Books, one: str, two: str) -> tuple[Run, Run]:
    """Check two files, then load them."""
    checked = [books.receive(name, confirmed=False) for name in (one, two)]
    assert [run.state for run in checked] == ["ready", "ready"]
    loaded = [advance(run, books.access, at=books.at, confirmed=True) for run in checked]
    assert [run.state for run in loaded] == ["done", "done"]
    return loaded[0], loaded[1]


class TestTheLater:
    @pytest.mark.parametrize("kind", ["invoices", "payments"])
    def test_skips_what_the_other_brought(self, books, kind):
        one, two = both(books, kind, f"{kind} and one")
        assert (totals(one), totals(two)) == ((1, 1, 0, 0), (2, 1, 0, 1))
        assert reasons(two) == {"stored_already": ("skipped", 1)}
        assert two.written[kind] == 1

    @pytest.mark.parametrize("kind", ["invoices", "payments"])
    def test_sets_aside_what_the_other_brought_otherwise(self, books, kind):
        one, two = both(books, kind, f"{kind} otherwise")
        assert (totals(one), totals(two)) == ((1, 1, 0, 0), (2, 1, 1, 0))
        assert reasons(two) == {"document_differs": ("rejected", 1)}
        assert aside(two) == [(1, "document_differs", {"invoices": "A", "payments": "P"}[kind])]
        with system_context("a test looks"):
            amounts = {
                "invoices": Invoice.objects.filter(number="A").values_list("net_minor", flat=True),
                "payments": Payment.objects.filter(number="P").values_list("amount_minor", flat=True),
            }[kind]  # fmt: skip
            assert list(amounts) == [{"invoices": 10000, "payments": 2000}[kind]]

    @pytest.mark.parametrize("kind", ["customers", "products"])
    def test_takes_what_it_says_besides(self, books, kind):
        _, two = both(books, kind, f"{kind} and one")
        assert two.accepted + two.skipped == 2
        with system_context("a test looks"):
            assert Product.objects.count() == (2 if kind == "products" else 0)

    def test_is_taken_back_alone(self, books):
        one, two = both(books, "invoices", "invoices and one")
        books.runs["two"] = two
        books.take_back("two")
        with system_context("a test looks"):
            left = Invoice.objects.filter(voided_at=None)
            assert list(left.values_list("number", "run_id")) == [("A", one.pk)]


NAMED = "Invoice No,Invoice Date,Customer ID,Customer name,Currency,Net amount,Tax amount\n"
UNDER_ANOTHER_NAME = {
    "a and b": ("invoices", NAMED + "A,2026-03-01,K1,Eve,EUR,10,0\nB,2026-03-01,K1,Eve,EUR,20,0\n"),
    "b and c": ("invoices", NAMED + "C,2026-03-02,K1,Eve,EUR,5,0\nB,2026-03-01,K1,Eve,EUR,20,0\n"),
    "customers": FILES["customers"],
}


class TestAFlagOfCustomers:
    """Rows under it are rows that were taken, whenever the others were left out."""

    @pytest.fixture
    def books(self, db, tmp_path: Path) -> Books:
        books = Books(make_company(), tmp_path, UNDER_ANOTHER_NAME, source="till")
        books.bring("customers")
        return books

    def flag(self, run: Run) -> tuple[int, list[tuple[int, int]]]:
        with system_context("a test looks"):
            flags = {one["code"]: one for one in report_of(run).as_json()["flagged"]}
        found = flags["customer_named_otherwise"]
        return found["rows"], [(one["row"], one["rows"]) for one in found["shown"]]

    def test_counts_no_row_that_was_left_out_when_it_was_loaded(self, books):
        _, later = both(books, "a and b", "b and c")
        assert (totals(later), self.flag(later)) == ((2, 1, 0, 1), (1, [(1, 1)]))

    def test_counts_none_that_was_left_out_when_it_was_checked(self, books):
        books.bring("a and b")
        later = books.bring("b and c")
        assert (totals(later), self.flag(later)) == ((2, 1, 0, 1), (1, [(1, 1)]))

    def test_forgets_the_keys_with_the_run(self, books):
        both(books, "a and b", "b and c")
        assert fetch("select count(*) from staging.account_note") == [(0,)]
