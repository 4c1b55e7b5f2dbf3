"""The same id twice in one file: the same data is said, other data is refused and shown.

Payments of one number, customers and products of one key; and payments alike without a number,
which are two payments for all that the file says. Invoices have a file of their own.
"""

from io import BytesIO

import pytest

from clientela.intake.models import RejectedRow
from clientela.intake.selectors.given_back import write_rejected
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.security.models import User
from clientela.security.selectors import access_of
from clientela.store.context import system_context
from clientela.trade.models import Payment, Product
from tests.factories import NOON, make_company
from tests.intake.giving import aside, giver, reasons, totals

HEAD = "payment no,customer no,invoice no,payment date,amount,currency,method\n"
ONE = "Z1,K1,F1,2026-03-04,100.00,EUR,transfer\n"
NEXT = "Z2,K1,F2,2026-03-05,50.00,EUR,card\n"
DIFFERING = {
    "amount": ONE.replace("100.00", "500.00"),
    "day": ONE.replace("03-04", "03-05"),
    "invoice": ONE.replace("F1", "F9"),
    "customer": ONE.replace("K1", "K2"),
    "currency": ONE.replace("EUR", "USD"),
    "means": ONE.replace("transfer", "cash"),
}
NAMELESS = "customer no,invoice no,payment date,amount,currency,method\n"
CASH = "K1,F1,2026-03-04,100.00,EUR,cash\n"


@pytest.fixture
def give(db, tmp_path):
    """Return a function: the run of a file, as far as it goes."""
    return giver(make_company(), tmp_path, kind="payments")


def paid() -> list[int]:
    with system_context("a test looks"):
        return sorted(Payment.objects.filter(voided_at=None).values_list("amount_minor", flat=True))


class TestPaymentOfOneNumber:
    def test_that_comes_again_is_skipped_and_said(self, give):
        run = give(HEAD + ONE + NEXT + ONE + ONE)
        assert totals(run) == (4, 2, 0, 2)
        assert reasons(run) == {"row_given_again": ("skipped", 2)}
        assert paid() == [50_00, 100_00]
        assert run.amounts == {"EUR": "150.00"}

    def test_that_comes_again_in_another_file_is_known(self, give):
        give(HEAD + ONE + ONE)
        run = give(HEAD + ONE + NEXT)
        assert totals(run) == (2, 1, 0, 1)
        assert paid() == [50_00, 100_00]

    @pytest.mark.parametrize("what", DIFFERING)
    def test_that_says_something_else_is_refused_with_the_first(self, give, what):
        run = give(HEAD + ONE + DIFFERING[what] + NEXT)
        assert totals(run) == (3, 1, 2, 0)
        assert aside(run) == [(1, "number_given_twice", "Z1"), (2, "number_given_twice", "Z1")]
        assert paid() == [50_00]

    def test_are_all_refused_where_one_cannot_be_read(self, give):
        run = give(HEAD + ONE + ONE + ONE.replace("100.00", "a lot") + NEXT)
        assert totals(run) == (4, 1, 3, 0)
        assert paid() == [50_00]


class TestPaymentsWithoutANumber:
    def test_are_both_taken_and_the_later_one_is_said(self, give):
        run = give(NAMELESS + CASH + CASH + CASH.replace("100.00", "20.00"))
        assert totals(run) == (3, 3, 0, 0)
        assert run.flagged["codes"]["payment_repeated"] == 1
        assert paid() == [20_00, 100_00, 100_00]

    def test_are_known_when_the_rows_come_again(self, give):
        give(NAMELESS + CASH + CASH)
        run = give(NAMELESS + CASH + CASH + CASH)
        assert totals(run) == (3, 1, 0, 2)
        assert paid() == [100_00] * 3

    def test_by_other_means_are_two(self, give):
        run = give(NAMELESS + CASH + CASH.replace("cash", "card"))
        assert totals(run) == (2, 2, 0, 0)


class TestCustomerAndProductOfOneKey:
    CUSTOMERS = "Customer ID,Name,Customer Type,Country\nA1,Tea SA,company,ES\n"
    PRODUCTS = "product code,product name,category\nP1,Tea,Food\n"

    @pytest.mark.parametrize(
        ("kind", "content"), [("customers", CUSTOMERS), ("products", PRODUCTS)]
    )
    def test_given_again_is_taken_once_and_said(self, give, kind, content):
        run = give(content + content.splitlines()[1] + "\n", kind=kind)
        assert totals(run) == (2, 2, 0, 0)
        assert run.flagged["codes"] == {"row_repeated": 1}

    @pytest.mark.parametrize(
        ("kind", "content"), [("customers", CUSTOMERS), ("products", PRODUCTS)]
    )
    def test_that_says_something_else_is_refused_with_the_first(self, give, kind, content):
        other = content.splitlines()[1].replace("Tea", "Rice")
        run = give(content + other + "\n", kind=kind)
        assert totals(run) == (2, 0, 2, 0)
        assert {code for _, code, _ in aside(run)} == {"key_given_twice"}
        with system_context("a test looks"):
            assert not Product.objects.exists()


class TestFileOfRejectedRows:
    @pytest.mark.parametrize(
        ("kind", "content", "column"),
        [
            ("customers", TestCustomerAndProductOfOneKey.CUSTOMERS, "Customer ID"),
            ("products", TestCustomerAndProductOfOneKey.PRODUCTS, "product code"),
            ("payments", HEAD + ONE, "payment no"),
        ],
    )
    def test_names_the_column_of_what_was_given_twice(self, give, kind, content, column):
        other = content.splitlines()[1].replace("Tea", "Rice").replace("100.00", "500.00")
        run = give(content + other + "\n", kind=kind)
        with system_context("a test looks"):
            rows = list(RejectedRow.objects.filter(run=run))
            assert [row.column for row in rows] == [column, column]
            out = BytesIO()
            access = access_of(User.objects.get(username="data_steward"), at=NOON)
            write_rejected(out, rejected_as_given(access, str(run.public_id), at=NOON))
        lines = out.getvalue().decode("utf-8-sig").splitlines()[1:]
        assert [line.split(",")[1].split(": ")[0] for line in lines] == [column, column]
