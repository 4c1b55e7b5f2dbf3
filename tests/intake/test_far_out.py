"""An amount far from what is usual is taken and said, with its row: by product, else by the file."""

from functools import partial

import pytest

from clientela.intake.models import Run
from clientela.store.context import system_context
from clientela.trade.models import InvoiceLine
from tests.intake.taking import HEAD, flag, taken

PAYMENTS = "Payment No,Customer ID,Payment Date,Amount,Currency\n"


@pytest.fixture
def give(db, tmp_path):
    return partial(taken, tmp_path)


def sales(*prices: tuple[str, str], currency: str = "EUR") -> str:
    rows = [
        f"{n},{product},1,{price},2026-03-01,C1,{currency}"
        for n, (product, price) in enumerate(prices, start=1)
    ]
    return HEAD + "\n".join(rows) + "\n"


def far(run: Run) -> dict[str, object]:
    return flag(run, "amount_far_out")


def rows_of(run: Run) -> list[int]:
    return [one["row"] for one in far(run).get("shown", [])]


class TestPriceFarFromThatOfItsProduct:
    @pytest.mark.parametrize("odd", ["3500000", "3500", "0.0035"])
    def test_is_taken_and_said_with_its_row(self, give, odd):
        run = give(sales(*[("P1", "3.5")] * 20, ("P1", odd), *[("P1", "3.5")] * 20))
        assert (run.state, run.accepted, run.rejected) == ("done", 41, 0)
        assert far(run) == {
            "code": "amount_far_out", "rows": 1, "columns": {"Unit Price": 1},
            "shown": [{"row": 21, "column": "Unit Price", "value": "***", "rows": 1}],
        }  # fmt: skip
        with system_context("a test looks"):
            flags = InvoiceLine.objects.filter(flags__contains="amount_far_out")
            assert [line.invoice.number for line in flags] == ["21"]

    def test_is_said_where_other_products_cost_as_much(self, give):
        dear = [("P2", "3500")] * 20
        run = give(sales(*[("P1", "3.5")] * 20, *dear, ("P1", "3500")))
        assert rows_of(run) == [41]

    def test_is_nothing_where_the_product_costs_now_this_now_that(self, give):
        prices = [("MANUAL", str(2**n)) for n in range(16)]
        assert far(give(sales(*prices, *[("P1", "3.5")] * 20))) == {}

    def test_is_not_held_against_prices_in_another_currency(self, give):
        pounds = sales(*[("P1", "3.5")] * 20)
        rupiahs = [f"R{n},P1,1,70000,2026-03-01,C1,IDR\n" for n in range(20)]
        assert far(give(pounds + "".join(rupiahs))) == {}


class TestPriceOfARareProduct:
    def test_is_held_against_the_file(self, give):
        run = give(sales(*[("P1", "3.5")] * 20, ("P2", "3500000"), ("P3", "350")))
        assert rows_of(run) == [21]

    def test_a_thousandth_is_said_above_the_middle_too(self, give):
        prices = [(f"P{n}", str(80 + 8 * n)) for n in range(100)]
        assert rows_of(give(sales(*prices, ("Q", "0.69"), ("R", "900000")))) == [101, 102]

    def test_is_nothing_in_a_file_of_screws_and_machines(self, give):
        prices = [(f"S{n}", "0.02") for n in range(20)] + [(f"M{n}", "90000") for n in range(8)]
        assert far(give(sales(*prices))) == {}

    def test_is_nothing_among_few(self, give):
        assert far(give(sales(*[("P1", "3.5")] * 3, ("P2", "3500000")))) == {}

    def test_of_zero_or_less_is_nothing_here(self, give):
        assert (
            far(give(sales(*[("P1", "3.5")] * 20, ("P1", "0"), ("P2", "0"), ("P1", "-9000")))) == {}
        )


def test_a_payment_far_from_the_others_is_said(give):
    rows = [f"Z{n},C1,2026-03-01,{100 + n},EUR\n" for n in range(20)]
    content = PAYMENTS + "".join(rows) + "Z99,C1,2026-03-01,1000000,EUR\n"
    run = give(content, "payments", answers={"settlement": "unknown"})
    assert rows_of(run) == [21]
    assert far(run)["columns"] == {"Amount": 1}
