"""Payments and credit notes settle the invoices that they name, in whatever order files come.

The law: whatever came, was taken back and came again, each invoice is settled by what stands in
the books and names it, up to its whole amount. What is expected is worked out here from the files
that stand, in plain Python.
"""

from itertools import permutations

import pytest

from clientela.store.context import system_context
from clientela.trade.models import Allocation, Invoice, Payment
from tests.factories import make_company
from tests.intake.bringing import Books

INVOICES = {"A": 10000, "B": 5000, "C": 7000}
HEAD = "Invoice No,Invoice Date,Customer ID,Currency,Net amount,Tax amount,Credited invoice\n"
# file -> (kind, content, what its rows claim: invoice -> minor units)
FILES = {
    "invoices": (
        "invoices",
        HEAD + "A,2026-03-01,K1,EUR,82.64,17.36,\nB,2026-03-02,K1,EUR,50.00,0,\n"
        "C,2026-03-03,K2,EUR,70.00,0,\n",
        [],
    ),
    "payments": (
        "payments",
        "Payment No,Customer ID,Invoice No,Payment Date,Amount,Currency\n"
        "P1,K1,A,2026-03-20,80.00,EUR\nP2,,B,2026-03-21,20.00,EUR\nP3,K2,C,2026-03-22,90.00,EUR\n"
        "P4,K1,X9,2026-03-23,5.00,EUR\nP5,K1,B,2026-03-24,1.00,USD\n",
        [("A", 8000), ("B", 2000), ("C", 9000)],
    ),
    "credits": (
        "invoices",
        HEAD + "G1,2026-03-10,K1,EUR,-50.00,-10.00,A\nG2,2026-03-11,K1,EUR,-10.00,0,B\n",
        [("A", 6000), ("B", 1000)],
    ),
}


class Claims(Books):
    """What is settled, and what the files that stand say should be."""

    def settled(self) -> dict[str, int]:
        """Return invoice -> what of it is settled, from the allocations that stand."""
        with system_context("a test looks"):
            found = dict.fromkeys(INVOICES, 0)
            for one in Allocation.objects.filter(voided_at=None).select_related("invoice"):
                assert one.invoice.voided_at is None
                found[one.invoice.number] += one.amount_minor
            return found

    def expected(self) -> dict[str, int]:
        """Return the same from the files that stand."""
        if "invoices" not in self.runs:
            return dict.fromkeys(INVOICES, 0)
        claims = [claim for name in self.runs for claim in FILES[name][2]]
        return {
            number: min(whole, sum(amount for named, amount in claims if named == number))
            for number, whole in INVOICES.items()
        }


@pytest.fixture
def books(db, tmp_path) -> Claims:
    files = {name: (kind, content) for name, (kind, content, _) in FILES.items()}
    return Claims(make_company(), tmp_path, files)


@pytest.mark.parametrize("order", [*permutations(FILES)], ids="-".join)
def test_the_same_is_settled_in_whatever_order_files_come(books: Claims, order) -> None:
    for name in order:
        books.bring(name)
        assert books.settled() == books.expected()
    assert books.settled() == {"A": 10000, "B": 3000, "C": 7000}
    for name in order:
        books.take_back(name)
        assert books.settled() == books.expected()
        books.bring(name)
        assert books.settled() == books.expected()


def test_a_payment_of_no_customer_is_its_invoices(books: Claims) -> None:
    books.bring("payments")
    with system_context("a test looks"):
        assert Payment.objects.get(number="P2").customer is None
    books.bring("invoices")
    with system_context("a test looks"):
        invoice = Invoice.objects.get(number="B")
        payment = Payment.objects.get(number="P2")
        assert payment.customer_id == invoice.customer_id is not None
        assert payment.org_node_id == invoice.org_node_id


def test_a_credit_note_is_one_and_names_the_invoice_that_stands(books: Claims) -> None:
    books.bring("credits")
    books.bring("invoices")
    books.take_back("invoices")
    books.bring("invoices")
    with system_context("a test looks"):
        note = Invoice.objects.select_related("credits").get(number="G1", voided_at=None)
        assert note.kind == "credit_note"
        assert note.credits is not None
        assert (note.credits.number, note.credits.voided_at) == ("A", None)


def test_a_report_counts_payments_that_wait_and_those_of_more_than_is_open(books: Claims) -> None:
    waiting = books.bring("payments")
    assert waiting.written == {
        "payments": 5, "payments_waiting": 5, "payments_of_unknown": 4,
    }  # fmt: skip
    books.bring("invoices")
    assert books.runs["invoices"].written["allocations"] == 3
    books.take_back("payments")
    again = books.bring("payments")
    assert again.written == {
        "payments": 5, "allocations": 3, "payments_waiting": 1, "payments_over": 1,
        "payments_other_currency": 1,
    }  # fmt: skip


def test_the_value_of_what_is_settled_is_that_of_its_invoice(books: Claims) -> None:
    for name in ("payments", "invoices", "credits"):
        books.bring(name)
    with system_context("a test looks"):
        for one in Invoice.objects.filter(number="A"):
            parts = Allocation.objects.filter(invoice=one, voided_at=None)
            assert sum(part.amount_base_minor for part in parts) == one.gross_base_minor


def test_a_look_before_loading_counts_the_payments_that_would_wait(books: Claims) -> None:
    for dry_run in (False, True):
        run = books.receive("payments", confirmed=False, dry_run=dry_run)
        assert run.flagged["codes"]["invoice_not_known"] == 5
    books.bring("invoices")
    run = books.receive("payments", confirmed=False, dry_run=True)
    assert run.flagged["codes"]["invoice_not_known"] == 1  # X9
    loaded = books.bring("payments")
    assert "invoice_not_known" not in loaded.flagged["codes"]  # said by what was written
    assert loaded.written["payments_waiting"] == 1
