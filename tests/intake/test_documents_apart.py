"""Lines of one number that cannot be one document: days, or due days, far apart."""

import pytest

from clientela.records.models import Customer
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.intake.giving import aside, company_with_a_till, giver, totals
from tests.intake.test_customer_kinds import flagged

HEAD = "Invoice No,Stock Code,Quantity,Unit Price,Invoice Date,Due Date,Customer ID,Customer Name\n"
SETTINGS = {"settings": ["customer_kind=company", "currency=EUR"]}


@pytest.fixture
def give(db, tmp_path):
    return giver(company_with_a_till(), tmp_path, kind="sales_lines", source="till")


def line(number, day, due="", customer="K1", name="Uno SA"):
    return f"{number},TEA,1,10.00,{day},{due},{customer},{name}\n"


def documents():
    with system_context("a test looks"):
        return sorted(Invoice.objects.values_list("number", "lines_count"))


class TestLinesOfOneNumber:
    def test_of_different_years_are_set_aside(self, give):
        text = HEAD + line("1", "2025-03-01") + line("2", "2025-03-02") + line("1", "2026-03-05")
        run = give(text, **SETTINGS)
        assert aside(run) == [(1, "document_days_apart", "1"), (3, "document_days_apart", "1")]
        assert (documents(), totals(run)) == ([("2", 1)], (3, 1, 2, 0))

    def test_on_both_sides_of_midnight_are_one_document(self, give):
        run = give(HEAD + line("1", "2026-03-05") + line("1", "2026-03-06"), **SETTINGS)
        assert (documents(), run.rejected) == ([("1", 2)], 0)

    def test_due_on_several_days_are_set_aside(self, give):
        text = HEAD + line("1", "2026-03-05", "2026-04-05") + line("1", "2026-03-05", "2026-05-05")
        assert {code for _, code, _ in aside(give(text, **SETTINGS))} == {
            "document_due_days_differ"
        }

    def test_of_which_one_alone_says_when_it_is_due_are_one_document(self, give):
        text = HEAD + line("1", "2026-03-05", "2026-04-05") + line("1", "2026-03-05")
        assert give(text, **SETTINGS).rejected == 0


class TestACustomerWithSeveralNames:
    def test_is_told_with_its_first_row(self, give):
        names = ("Alfa SA", "Zeta Logistics Ltd", "Beta GmbH")
        text = HEAD + "".join(
            line(f"F{n}", "2026-03-05", customer="7", name=name) for n, name in enumerate(names)
        )
        found = flagged(give(text + line("F9", "2026-03-05", name="Uno SA"), **SETTINGS))
        assert found["customer_names_differ"]["rows"] == 3
        assert found["customer_names_differ"]["shown"][0]["value"] == "7"

    def test_written_in_several_ways_is_none(self, give):
        text = (
            HEAD + line("F1", "2026-03-05", name="Uno SA") + line("F2", "2026-03-05", name="UNO SA")
        )
        assert "customer_names_differ" not in flagged(give(text, **SETTINGS))


class TestACustomerOfAnotherKind:
    def test_than_was_assumed_of_a_bare_number_is_no_contradiction(self, give):
        sales = "Invoice No,Stock Code,Quantity,Unit Price,Invoice Date,Customer ID\nF1,TEA,1,5.00,2026-03-05,Z1\n"
        run = give(sales, settings=["currency=EUR"])
        assert flagged(run)["customer_kind_assumed"]["rows"] == 1
        run = give("Customer ID,Name,Type\nZ1,Sol SA,company\n", kind="customers")
        assert "customer_kind_differs" not in flagged(run)
        with system_context("a test looks"):
            assert Customer.objects.get(name="Sol SA").kind == "company"

    def test_than_its_file_is_told(self, give):
        head = "Customer ID,Name,Type\n"
        give(f"{head}K3,Ana Ruiz,person\nK4,Sol SA,company\n", kind="customers")
        run = give(f"{head}K3,Ana Ruiz,company\nK4,Sol SA,company\n", kind="customers")
        found = flagged(run)["customer_kind_differs"]
        assert (found["rows"], found["shown"][0]["value"]) == (1, "K3")
