"""What a file of invoices says was paid, and payments of the same numbers, are different payments."""

import importlib
from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection

from clientela.intake.selectors import report_of
from clientela.records.models import Source
from clientela.store.context import system_context
from clientela.trade.models import Payment
from tests.factories import make_company
from tests.intake.bringing import Books

INVOICES = "Invoice No,Invoice Date,Customer ID,Currency,Net amount,Tax amount,Paid on\n"
PAYMENTS = "Payment No,Customer ID,Invoice No,Payment Date,Amount,Currency\n"
FILES = {
    "invoices": ("invoices", f"{INVOICES}A,2026-03-01,K1,EUR,100.00,21.00,2026-03-20\n"
                             "B,2026-03-02,K1,EUR,50.00,0.00,\n"),
    "payments": ("payments", f"{PAYMENTS}A,K1,B,2026-03-21,50.00,EUR\n"),
}  # fmt: skip
BOTH = {("", 12100, 12100), ("A", 5000, 5000)}


@pytest.fixture
def books(db, tmp_path: Path) -> Books:
    return Books(make_company(), tmp_path, FILES, source="till")


def stand() -> set[tuple[str, int, int]]:
    """Return the number, amount and what is applied of each payment."""
    with system_context("a test looks"):
        found = Payment.objects.filter(voided_at=None)
        return {(one.own_number, one.amount_minor, one.applied_minor) for one in found}


class TestAPayment:
    @pytest.mark.parametrize("order", list(permutations(FILES)), ids="-".join)
    def test_may_bear_the_number_of_an_invoice_that_was_paid(self, books, order):
        for name in order:
            run = books.bring(name)
            assert (run.rejected, run.skipped) == (0, 0), name
        assert stand() == BOTH
        for name in order:
            books.take_back(name)
        assert stand() == set()
        for name in reversed(order):
            books.bring(name)
        assert stand() == BOTH

    def test_that_an_invoice_tells_of_is_known_again(self, books):
        books.bring("invoices")
        books.files["again"] = (FILES["invoices"][0], FILES["invoices"][1] + "\n")
        again = books.bring("again")
        assert (again.accepted, again.skipped) == (0, 2)
        assert stand() == {("", 12100, 12100)}


def test_a_source_that_is_said_to_tell_none_is_told_of(books):
    with system_context("the source is said to tell none"):
        Source.objects.filter(name="till").update(settlement="unknown")
    run = books.bring("invoices")
    with system_context("a test looks"):
        assert report_of(run).flagged["source_tells_no_payments"] == 1


def test_payments_of_before_lose_the_number_of_their_invoice_alone(books):
    books.bring("invoices")
    books.bring("payments")
    with system_context("a test looks"):
        made = {Payment.objects.get(amount_minor=12100).number}
    with system_context("as it was"), connection.cursor() as cursor:
        cursor.execute("update trade_payment set number = 'Z' where amount_minor = 5000")
        cursor.execute("update trade_payment set number = 'A' where amount_minor = 12100")
    assert stand() == {("A", 12100, 12100), ("Z", 5000, 5000)}
    migration = importlib.import_module("clientela.trade.migrations.0019_paid_as_invoices_say")
    for _ in range(2):  # safe to be run again
        migration.rekey(None, None)
        assert stand() == {("", 12100, 12100), ("Z", 5000, 5000)}
        with system_context("a test looks"):
            made.add(Payment.objects.get(amount_minor=12100).number)
    assert len(made) == 1  # the key that the next import of the invoice gives
