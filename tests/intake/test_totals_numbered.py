"""Totals that stand in a file like documents, with a day and amounts: the number tells them."""

from decimal import Decimal

import pytest

from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.intake.giving import aside, company_with_a_till, giver, reasons, totals

HEAD = "Invoice number,Invoice date,Customer number,Net amount,Tax,Currency\n"
TWO = "L-1,2026-01-10,K1,100.00,21.00,EUR\nL-2,2026-01-11,K1,200.00,42.00,EUR\n"
LINES = "Invoice No,Stock Code,Quantity,Unit Price,Invoice Date,Customer ID\n"
SALES = "L-1,TEA,10,10.00,2026-01-10,K1\nL-2,TEA,20,10.00,2026-01-11,K1\n"
KIND = {"settings": ["customer_kind=company"]}
LINE_SETTINGS = {"settings": ["customer_kind=company", "currency=EUR"]}


@pytest.fixture
def give(db, tmp_path):
    return giver(company_with_a_till(), tmp_path, kind="invoices", source="till")


def net() -> Decimal:
    with system_context("a test looks"):
        return sum(Invoice.objects.values_list("net", flat=True), Decimal(0))


class TestATotalWithADay:
    @pytest.mark.parametrize(
        "word",
        ["Total", "TOTAL:", "Sub-total", "合计", "合 计", "總計", "小计：", "Suma y sigue",
         "Carried forward", " Gran total "],
    )  # fmt: skip
    def test_is_left_out_and_counted(self, give, word):
        run = give(f"{HEAD}{TWO}{word},2026-01-31,,300.00,63.00,EUR\n", **KIND)
        assert (net(), totals(run)) == (300, (3, 2, 0, 1))
        assert reasons(run)["totals_row"] == ("skipped", 1)

    def test_among_lines_of_sales_is_left_out_too(self, give):
        run = give(
            f"{LINES}{SALES}Total,,30,10.00,2026-01-31,\n", kind="sales_lines", **LINE_SETTINGS
        )
        assert (net(), totals(run)) == (300, (3, 2, 0, 1))

    @pytest.mark.parametrize(
        "number",
        [
            "Total K1",
            "TOTAL: January",
            "Subtotal (K1)",
            "合计（三月）",
            "本月合计 三月",
            "Suma y sigue p. 2",
        ],
    )
    def test_of_something_is_set_aside_to_be_looked_at(self, give, number):
        run = give(f"{HEAD}{TWO}{number},2026-01-31,K1,300.00,63.00,EUR\n", **KIND)
        assert (net(), totals(run)) == (300, (3, 2, 1, 0))
        assert [found[:2] for found in aside(run)] == [(3, "totals_row_suspected")]

    def test_of_payments_is_set_aside_too(self, give):
        text = (
            "Payment number,Payment date,Amount,Currency,Invoice number,Customer number\n"
            "P1,2026-02-01,50.00,EUR,,K1\nTOTAL K1,2026-02-28,50.00,EUR,,K1\n"
        )
        run = give(text, kind="payments")
        assert totals(run) == (2, 1, 1, 0)

    @pytest.mark.parametrize(
        "number",
        ["TOTAL-1", "SUM/2026/17", "Totalan 5", "T-1", "2026 Total", "SUMA-3", "TOTALENERGIES 7"],
    )
    def test_is_no_number_that_only_begins_like_one(self, give, number):
        run = give(f"{HEAD}{TWO}{number},2026-01-31,K1,300.00,63.00,EUR\n", **KIND)
        assert totals(run) == (3, 3, 0, 0)
