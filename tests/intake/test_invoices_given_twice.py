"""A number that stands on two rows of whole invoices: never added up, every row accounted for.

The same row again is skipped; rows that say different things are all refused and shown, in one
file as beside what the books hold. Lines of sales are another matter: those are kept and flagged.
"""

import pytest

from clientela.store.context import system_context
from clientela.trade.models import Allocation, Invoice, InvoiceLine, Payment
from tests.factories import make_company
from tests.intake.giving import aside, giver, reasons, totals

HEAD = "invoice_no,invoice_date,due_date,customer_code,currency,net,vat\n"
ONE = "F1,2026-03-04,2026-05-01,K1,EUR,100.00,21.00\n"
OTHER = "F1,2026-03-04,2026-06-01,K1,EUR,500.00,105.00\n"
NEXT = "F2,2026-03-05,2026-05-05,K2,EUR,50.00,10.50\n"
# The same invoice, differing from the one above in one value each.
DIFFERING = {
    "amount": ONE.replace("100.00", "500.00"),
    "tax": ONE.replace("21.00", "10.00"),
    "due date": ONE.replace("2026-05-01", "2026-06-01"),
    "date": ONE.replace("2026-03-04", "2026-03-03"),
    "customer": ONE.replace("K1", "K2"),
    "currency": ONE.replace("EUR", "USD"),
    "no due date": ONE.replace("2026-05-01", ""),
}
BOTH = [(1, "number_given_twice", "F1"), (2, "number_given_twice", "F1")]


@pytest.fixture
def give(db, tmp_path):
    """Return a function: the run of a file of invoices, as far as it goes."""
    return giver(make_company(), tmp_path, kind="invoices")


def stored() -> dict[str, tuple[str, int, int, str]]:
    with system_context("a test looks"):
        return {
            i.number: (i.kind, i.net_minor, i.gross_minor, f"{i.due_on:%m-%d}" if i.due_on else "")
            for i in Invoice.objects.all()
        }


F1, F2 = ("invoice", 100_00, 121_00, "05-01"), ("invoice", 50_00, 60_50, "05-05")


class TestTheSameRowAgain:
    def test_is_skipped_and_said(self, give):
        run = give(HEAD + ONE + NEXT + ONE + ONE)
        assert totals(run) == (4, 2, 0, 2)
        assert reasons(run) == {"row_given_again": ("skipped", 2)}
        assert stored() == {"F1": F1, "F2": F2}
        assert run.amounts == {"EUR": "150.00"}
        assert run.written["invoices"] == 2

    def test_is_one_line_of_the_invoice_and_flags_nothing(self, give):
        run = give(HEAD + ONE + ONE)
        with system_context("a test looks"):
            assert list(InvoiceLine.objects.values_list("net_minor", "flags")) == [(100_00, "")]
        assert run.flagged["codes"].keys() == {"customer_kind_assumed"}
        assert run.flagged["codes"]["customer_kind_assumed"] == 1

    def test_may_be_written_otherwise(self, give):
        run = give(HEAD + ONE + ONE.replace("F1,", " F1 ,").replace("100.00", "100"))
        assert totals(run) == (2, 1, 0, 1)
        assert stored() == {"F1": F1}

    def test_is_paid_once(self, give):
        paid = HEAD.replace("vat", "vat,paid_on") + ONE.replace("\n", ",2026-04-30\n") * 2
        assert totals(give(paid)) == (2, 1, 0, 1)
        with system_context("a test looks"):
            assert list(Payment.objects.values_list("amount_minor", flat=True)) == [121_00]
            assert list(Allocation.objects.values_list("amount_minor", flat=True)) == [121_00]

    def test_is_skipped_of_gross_amounts(self, give):
        head = "invoice_no,invoice_date,customer_code,currency,total gross\n"
        run = give(head + "F1,2026-03-04,K1,EUR,121.00\n" * 2, settings=["tax_rate=21"])
        assert totals(run) == (2, 1, 0, 1)
        assert stored() == {"F1": (*F1[:3], "")}

    def test_is_skipped_of_credit_notes(self, give):
        head = HEAD.replace("net", "type,net")
        note = ONE.replace("EUR,100.00,21.00", "EUR,credit note,-100.00,-21.00")
        run = give(head + note * 2)
        assert totals(run) == (2, 1, 0, 1)
        assert stored() == {"F1": ("credit_note", -100_00, -121_00, "05-01")}

    def test_is_counted_in_a_trial_as_in_the_import(self, give):
        run = give(HEAD + ONE + ONE, dry_run=True)
        assert totals(run) == (2, 1, 0, 1)
        assert stored() == {}


class TestRowsThatDiffer:
    @pytest.mark.parametrize("what", DIFFERING)
    def test_are_both_refused_and_shown(self, give, what):
        run = give(HEAD + ONE + DIFFERING[what] + NEXT)
        assert totals(run) == (3, 1, 2, 0)
        assert aside(run) == BOTH
        assert reasons(run) == {"number_given_twice": ("rejected", 2)}
        assert stored() == {"F2": F2}

    @pytest.mark.parametrize(
        ("name", "one", "two"),
        [
            ("type", "invoice", "credit note"),
            ("order_no", "A1", "A2"),
            ("country", "ES", "FR"),
            ("paid_on", "2026-04-01", "2026-04-02"),
        ],
    )
    def test_differ_in_any_column_that_is_taken(self, give, name, one, two):
        head = HEAD.replace("vat", f"vat,{name}")
        run = give(head + ONE.replace("\n", f",{one}\n") + ONE.replace("\n", f",{two}\n"))
        assert totals(run) == (2, 0, 2, 0)
        assert aside(run) == BOTH
        assert stored() == {}

    def test_are_refused_of_gross_amounts(self, give):
        head = "invoice_no,invoice_date,customer_code,currency,total gross\n"
        rows = "F1,2026-03-04,K1,EUR,121.00\nF1,2026-03-04,K1,EUR,605.00\n"
        run = give(head + rows, settings=["tax_rate=21"])
        assert totals(run) == (2, 0, 2, 0)
        assert aside(run) == BOTH

    def test_are_all_refused_where_some_of_them_are_alike(self, give):
        run = give(HEAD + ONE + ONE + OTHER)
        assert totals(run) == (3, 0, 3, 0)
        assert aside(run) == [*BOTH, (3, "number_given_twice", "F1")]
        assert stored() == {}

    def test_are_all_refused_where_one_of_them_cannot_be_read(self, give):
        run = give(HEAD + ONE + ONE + ONE.replace("100.00", "a lot") + NEXT)
        assert totals(run) == (4, 1, 3, 0)
        assert [row[:2] for row in aside(run)] == [
            (1, "document_incomplete"), (2, "document_incomplete"), (3, "not_a_number"),
        ]  # fmt: skip
        assert stored() == {"F2": F2}


class TestBesideTheBooks:
    def test_the_same_invoice_is_skipped_however_often_it_comes(self, give):
        give(HEAD + ONE)
        run = give(HEAD + ONE + NEXT + ONE)
        assert totals(run) == (3, 1, 0, 2)
        assert reasons(run) == {
            "row_given_again": ("skipped", 1), "stored_already": ("skipped", 1),
        }  # fmt: skip
        assert stored() == {"F1": F1, "F2": F2}

    def test_one_that_came_twice_is_known_when_it_comes_once(self, give):
        give(HEAD + ONE + ONE)
        run = give(HEAD + ONE)
        assert (totals(run), reasons(run)) == ((1, 0, 0, 1), {"stored_already": ("skipped", 1)})
        assert stored() == {"F1": F1}

    def test_another_one_is_refused_and_changes_nothing(self, give):
        give(HEAD + ONE)
        run = give(HEAD + OTHER)
        assert (totals(run), aside(run)) == ((1, 0, 1, 0), [(1, "document_differs", "F1")])
        run = give(HEAD + OTHER + OTHER)
        assert (totals(run), aside(run)) == ((2, 0, 1, 1), [(1, "document_differs", "F1")])
        assert stored() == {"F1": F1}

    def test_two_that_differ_are_refused_though_one_is_there(self, give):
        give(HEAD + ONE)
        run = give(HEAD + ONE + OTHER)
        assert (totals(run), aside(run)) == ((2, 0, 2, 0), BOTH)
        assert stored() == {"F1": F1}


def test_lines_of_sales_that_are_alike_are_all_taken_and_flagged(give):
    head = "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer ID,Currency\n"
    run = give(head + "1,P1,2,5.00,2026-03-01,C1,EUR\n" * 2, kind="sales_lines")
    assert totals(run) == (2, 2, 0, 0)
    assert run.flagged["codes"]["repeated_line"] == 1
    assert stored()["1"][1] == 20_00
