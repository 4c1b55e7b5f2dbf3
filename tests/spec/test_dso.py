"""Days sales outstanding by window and by count-back."""

from typing import Any

import pytest

from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.invoices import INVOICES
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import drawn, table_of

NOTHING_SETTLED = table_of(ALLOCATIONS, [])
# What was sold long ago, and paid: so that the days do not start too late.
LONG_AGO = "9 | 1 | 2020-01-01 | 2020-01-01 | 1000000"
LONG_AGO_PAID = drawn(
    ALLOCATIONS,
    """
    invoice_id | payment_id | allocated_on | amount_minor
    -----------+------------+--------------+-------------
    9          | 1          | 2020-01-01   | 1000000
    """,
)


def dso(
    session: Any, body: str, as_of: str = "2026-06-30", settled: Any = None, **more: Any
) -> Any:
    header = "invoice_id | customer_id | issued_on | due_on | gross_minor\n---"
    invoices = drawn(INVOICES, f"{header}\n{body}")
    tables = {"invoices": invoices, "allocations": LONG_AGO_PAID if settled is None else settled}
    return answer(session, "dso", tables, as_of, **more)


class TestDso:
    def test_divides_what_is_open_by_the_sales_of_the_window(self, session):
        (row,) = dso(
            session,
            f"""{LONG_AGO}
            1 | 1 | 2026-06-15 | 2026-07-15 | 300
            2 | 1 | 2026-04-02 | 2026-05-02 | 600
            3 | 1 | 2026-04-01 | 2026-05-01 | 900
            """,
        )
        # Ninety days end on 30 June and begin on 2 April; a year holds all three.
        assert (row["credit_sales_90_minor"], row["credit_sales_365_minor"]) == (900, 1800)
        assert row["dso_90"] == 1800 / 900 * 90
        assert row["dso_365"] == 365.0
        assert row["best_possible_90"] == 300 / 900 * 90
        assert row["delinquent_90"] == 150.0

    def test_starts_no_earlier_than_the_first_sale(self, session):
        (row,) = dso(session, "1 | 1 | 2026-06-21 | 2026-07-15 | 300")
        assert (row["dso_90"], row["dso_365"]) == (10.0, 10.0)

    def test_counts_whole_months_back_and_the_last_in_proportion(self, session):
        settled = drawn(
            ALLOCATIONS,
            """
            invoice_id | payment_id | allocated_on | amount_minor
            -----------+------------+--------------+-------------
            9          | 1          | 2020-01-01   | 1000000
            3          | 2          | 2026-05-01   | 500
            """,
        )
        (row,) = dso(
            session,
            f"""{LONG_AGO}
            1 | 1 | 2026-06-15 | 2026-07-15 | 300
            2 | 1 | 2026-05-15 | 2026-06-15 | 400
            3 | 1 | 2026-04-15 | 2026-05-15 | 600
            """,
            settled=settled,
        )
        # 800 open: June 300 (30 days), May 400 (31 days), 100 of April's 600 (5 of 30 days).
        assert row["dso_count_back"] == 30 + 31 + 5

    def test_counts_only_the_days_gone_of_the_month_of_the_cut_off(self, session):
        body = f"{LONG_AGO}\n1 | 1 | 2024-03-10 | 2024-04-10 | 300\n2 | 1 | 2024-02-10 | 2024-04-10 | 58"
        (row,) = dso(session, body, as_of="2024-03-12")
        assert row["dso_count_back"] == 12 + 29  # February of a leap year

    def test_counts_the_days_of_months_without_sales_between(self, session):
        body = f"{LONG_AGO}\n1 | 1 | 2025-12-10 | 2026-04-10 | 300"
        (row,) = dso(session, body)
        assert row["dso_count_back"] == 30 + 31 + 30 + 31 + 28 + 31 + 31

    def test_is_zero_where_nothing_is_open(self, session):
        (row,) = dso(session, LONG_AGO)
        assert (row["dso_count_back"], row["receivables_minor"]) == (0.0, 0)
        assert row["dso_90"] is None

    def test_adds_all_customers_up_where_asked(self, session):
        body = f"{LONG_AGO}\n1 | 2 | 2026-06-21 | 2026-07-15 | 300\n2 | | 2026-06-22 | 2026-07-15 | 100"
        (row,) = dso(session, body, per="total")
        assert (row["customer_id"], row["receivables_minor"]) == (None, 400)
        rows = dso(session, body)
        assert [(r["customer_id"], r["receivables_minor"]) for r in rows] == [
            (2, 300),
            (None, 100),
            (1, 0),
        ]

    def test_says_over_what_it_was_taken_and_opens_to_it(self, session):
        tables = {
            "invoices": drawn(
                INVOICES,
                """
                invoice_id | customer_id | issued_on  | due_on     | gross_minor
                -----------+-------------+------------+------------+------------
                1          | 1           | 2026-06-01 | 2026-07-01 | 10
                2          | 2           | 2026-06-01 | 2026-07-01 | 20
                """,
            ),
            "allocations": NOTHING_SETTLED,
        }
        row = population(session, "dso", tables, "2026-06-30")
        assert (row["documents"], row["amount_minor"]) == (2, 30)
        found = documents(session, "dso", tables, "2026-06-30", {"customer_id": 2})
        assert [r["document_id"] for r in found] == [2]
        every = documents(session, "dso", tables, "2026-06-30", {"customer_id": None}, per="total")
        assert [r["document_id"] for r in every] == [1, 2]

    def test_takes_credit_notes_off_the_sales(self, session):
        tables = {
            "invoices": drawn(
                INVOICES,
                """
                invoice_id | customer_id | kind        | issued_on  | due_on     | gross_minor
                -----------+-------------+-------------+------------+------------+------------
                1          | 1           | invoice     | 2026-06-01 | 2026-07-01 | 100
                2          | 1           | credit_note | 2026-06-02 | 2026-06-02 | -60
                """,
            ),
            "allocations": NOTHING_SETTLED,
        }
        (row,) = answer(session, "dso", tables, "2026-06-30")
        assert row["credit_sales_90_minor"] == 40
        assert row["dso_90"] == pytest.approx(100 / 40 * 30)
