"""What is open in one currency: at the rate in force on the last day."""

from datetime import date
from typing import Any

import pytest

from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.contract import ContractBroken
from clientela.tables.exchange_rates import EXCHANGE_RATES, rates_of
from clientela.tables.invoices import INVOICES
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import drawn, table_of

DAY = date(2026, 6, 30)
NOTHING_SETTLED = table_of(ALLOCATIONS, [])


def rates(*given: tuple[str, str, str, str]) -> Any:
    """Rates as (currency, base, day, rate)."""
    rows = rates_of((c, b, date.fromisoformat(day), rate) for c, b, day, rate in given)
    return table_of(EXCHANGE_RATES, rows)


def owed(*given: tuple[int, str, int]) -> Any:
    """Invoices as (customer, currency, amount), each worth 1 at the rate of its own day."""
    return table_of(
        INVOICES,
        [
            {
                "customer_id": customer, "currency": currency, "issued_on": date(2026, 5, 1),
                "gross_minor": amount, "gross_base_minor": 1,
            }
            for customer, currency, amount in given
        ],
    )  # fmt: skip


def trade(invoices: Any, given: Any, settled: Any = NOTHING_SETTLED) -> dict[str, Any]:
    tables = {"invoices": invoices, "allocations": settled}
    return tables if given is None else {**tables, "exchange_rates": given}


def values(session: Any, invoices: Any, given: Any, as_of: str = "2026-06-30") -> dict[str, Any]:
    found = answer(session, "ageing", trade(invoices, given), as_of, per="total")
    return {row["currency"]: row["open_base_minor"] for row in found}


class TestValue:
    def test_is_what_is_open_at_the_rate_of_the_day_and_not_of_the_document(self, session):
        given = rates(("CNY", "EUR", "2026-05-01", "0.5"), ("CNY", "EUR", "2026-06-30", "0.125"))
        invoices = owed((1, "CNY", 800), (1, "EUR", 70))
        assert values(session, invoices, given) == {"CNY": 100, "EUR": 70}

    def test_takes_what_is_left_of_a_document_paid_in_part(self, session):
        settled = drawn(
            ALLOCATIONS,
            """
            invoice_id | payment_id | allocated_on | amount_minor | amount_base_minor
            -----------+------------+--------------+--------------+------------------
            1          | 1          | 2026-06-01   | 600          | 1
            """,
        )
        tables = trade(owed((1, "CNY", 800)), rates(("CNY", "EUR", "2026-06-30", "2.5")), settled)
        (row,) = answer(session, "ageing", tables, "2026-06-30")
        assert (row["open_minor"], row["open_base_minor"]) == (200, 500)

    def test_takes_the_newest_rate_of_the_day_and_the_seven_before(self, session):
        given = rates(
            ("CNY", "EUR", "2026-06-23", "3"), ("USD", "EUR", "2026-06-24", "5"),
            ("USD", "EUR", "2026-06-29", "7"), ("USD", "EUR", "2026-07-01", "11"),
        )  # fmt: skip
        assert values(session, owed((1, "CNY", 100), (1, "USD", 100)), given) == {
            "CNY": 300,
            "USD": 700,
        }

    def test_is_unknown_without_a_rate_of_these_days_and_no_sum_leaves_it_out(self, session):
        given = rates(("CNY", "EUR", "2026-06-22", "3"), ("CNY", "EUR", "2026-07-01", "3"))
        invoices = owed((1, "CNY", 100), (2, "EUR", 70))
        assert values(session, invoices, given) == {"EUR": 70, "CNY": None}
        tables = trade(invoices, given)
        assert population(session, "ageing", tables, "2026-06-30")["amount_minor"] is None
        (row,) = answer(session, "dso", tables, "2026-06-30", per="total")
        unknown = ("receivables_minor", "not_due_minor", "dso_90", "dso_count_back")
        assert [row[name] for name in unknown] == [None, 0, None, None]
        found = documents(session, "dso", tables, "2026-06-30", {"customer_id": None}, per="total")
        assert sorted(str(one["amount_minor"]) for one in found) == ["70", "None"]

    @pytest.mark.parametrize(("amount", "value"), [(1, 0), (2, 1), (3, 2), (5, 2), (6, 3), (7, 4)])
    def test_is_rounded_half_to_even(self, session, amount, value):
        given = rates(("CNY", "EUR", "2026-06-30", "0.5"))
        assert values(session, owed((1, "CNY", amount)), given) == {"CNY": value}

    def test_is_rounded_once_for_each_document(self, session):
        given = rates(("CNY", "EUR", "2026-06-30", "0.4"))
        assert values(session, owed((1, "CNY", 1), (1, "CNY", 1)), given) == {"CNY": 0}

    @pytest.mark.parametrize(
        ("currency", "base", "rate", "amount", "value"),
        [
            ("JPY", "EUR", "0.0061", 12_345, 7_530),  # 75.3045 euros
            ("EUR", "JPY", "163.934426", 7_531, 12_346),  # 12,345.90 yen
            ("KWD", "EUR", "3.0123456789", 1_000_001, 301_235),
            ("EUR", "KWD", "0.33196", 100, 332),
            ("CLF", "JPY", "5800.5", 10_000, 5_800),  # 5,800.5 yen, to even
            ("JPY", "CLF", "0.0001724138", 1, 2),
            ("XAU", "EUR", "9999999999.9999999999", 3, 30_000_000_000),
            ("IDR", "EUR", "0.0000000001", 5 * 10**9, 0),
            ("IDR", "EUR", "0.0000000001", 15 * 10**9, 2),
            ("IDR", "EUR", "0.0000536801", 123_456_789_012_345, 6_627_172_780),
        ],
    )
    def test_is_exact_for_any_rate_amount_and_places(
        self, session, currency, base, rate, amount, value
    ):
        given = rates((currency, base, "2026-06-30", rate))
        assert values(session, owed((1, currency, amount)), given) == {currency: value}

    def test_of_rates_in_several_bases_is_unknown(self, session):
        given = rates(("CNY", "EUR", "2026-06-30", "3"), ("CNY", "USD", "2026-06-30", "5"))
        assert values(session, owed((1, "CNY", 100), (1, "EUR", 7)), given) == {
            "CNY": None,
            "EUR": None,
        }

    def test_of_one_currency_needs_no_rate(self, session):
        assert values(session, owed((1, "CNY", 800), (2, "CNY", 1)), None) == {"CNY": 801}
        row = population(session, "ageing", trade(owed((1, "CNY", 800)), None), "2026-06-30")
        assert row["amount_minor"] == 800

    def test_of_several_currencies_without_rates_is_unknown(self, session):
        assert values(session, owed((1, "CNY", 800), (1, "EUR", 1)), None) == {
            "CNY": None,
            "EUR": None,
        }


class TestDays:
    def test_divide_the_balance_at_its_rate_by_sales_at_theirs(self, session):
        invoices = drawn(
            INVOICES,
            """
            invoice_id | customer_id | currency | issued_on  | due_on     | gross_minor | gross_base_minor
            -----------+-------------+----------+------------+------------+-------------+-----------------
            1          | 1           | CNY      | 2026-06-01 | 2026-07-15 | 1000        | 100
            2          | 1           | EUR      | 2026-06-01 | 2026-06-15 | 100         | 100
            """,
        )
        given = rates(("CNY", "EUR", "2026-06-30", "0.2"))
        (row,) = answer(session, "dso", trade(invoices, given), "2026-06-30")
        assert (row["receivables_minor"], row["not_due_minor"]) == (300, 200)
        assert (row["credit_sales_90_minor"], row["credit_sales_365_minor"]) == (200, 200)
        assert (row["dso_90"], row["best_possible_90"]) == (300 / 200 * 30, 200 / 200 * 30)
        assert row["dso_count_back"] == 30

    def test_of_one_currency_compare_like_with_like(self, session):
        # Taken in yuan on both sides: at the documents' rate the sales would be 1.
        (row,) = answer(session, "dso", trade(owed((1, "CNY", 800)), None), "2026-06-30")
        assert (row["receivables_minor"], row["credit_sales_90_minor"]) == (800, 800)
        assert row["dso_90"] == 61.0


class TestRates:
    @pytest.mark.parametrize(
        ("currency", "base", "rate", "parts"),
        [
            ("CNY", "EUR", "7.8125000003", (7, 8_125_000, 30_000)),
            ("CNY", "EUR", 0.127, (0, 1_270_000, 0)),
            ("JPY", "EUR", 1, (100, 0, 0)),
            ("EUR", "CLF", "0.5", (50, 0, 0)),
            ("CLF", "JPY", "0.0000000001", (0, 0, 1)),
        ],
    )
    def test_say_what_a_minor_unit_is_worth(self, currency, base, rate, parts):
        (row,) = rates_of([(currency, base, DAY, rate)])
        assert (row["unit_whole"], row["unit_high"], row["unit_low"]) == parts

    @pytest.mark.parametrize(
        "rate", ["0", "-1", "0.00000000001", "10000000000", "x", "NaN", "Infinity"]
    )
    def test_that_are_none_are_refused(self, rate):
        with pytest.raises(ContractBroken, match="is no rate"):
            rates_of([("CNY", "EUR", DAY, rate)])
