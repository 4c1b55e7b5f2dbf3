"""Recency, frequency, monetary value and their quintiles."""

from typing import Any

from clientela.tables.purchases import PURCHASES
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import drawn, table_of


def rfm(session: Any, text: str, **more: Any) -> dict[int, dict[str, Any]]:
    tables = {"purchases": drawn(PURCHASES, text)}
    return {row["customer_id"]: row for row in answer(session, "rfm", tables, "2026-06-30", **more)}


def bought_on(days: list[str]) -> dict[str, Any]:
    """Customer n bought once, for 100, on the n-th day."""
    rows = [
        {"customer_id": number, "purchased_on": day, "net_base_minor": 100}
        for number, day in enumerate(days, start=1)
    ]
    return {"purchases": table_of(PURCHASES, rows)}


class TestRfm:
    def test_counts_days_with_a_purchase_not_purchases(self, session):
        row = rfm(
            session,
            """
            customer_id | purchased_on | net_base_minor
            ------------+--------------+---------------
            1           | 2026-06-01   | 100
            1           | 2026-06-01   | 50
            1           | 2026-06-20   | 30
            """,
        )[1]
        assert (row["frequency"], row["recency_days"], row["monetary_minor"]) == (2, 10, 90)

    def test_makes_no_purchase_day_of_a_credit_note_and_lowers_net_sales_by_it(self, session):
        row = rfm(
            session,
            """
            customer_id | kind        | purchased_on | net_base_minor
            ------------+-------------+--------------+---------------
            1           | invoice     | 2026-06-01   | 100
            1           | credit_note | 2026-06-29   | -40
            """,
        )[1]
        assert (row["frequency"], row["recency_days"], row["monetary_minor"]) == (1, 29, 60)

    def test_makes_no_purchase_day_of_an_invoice_over_nothing(self, session):
        rows = rfm(
            session,
            """
            customer_id | purchased_on | net_base_minor
            ------------+--------------+---------------
            1           | 2026-06-01   | 0
            2           | 2026-06-01   | 1
            """,
        )
        assert set(rows) == {2}

    def test_is_zero_days_since_a_purchase_on_the_cut_off_itself(self, session):
        rows = rfm(
            session,
            """
            customer_id | purchased_on | net_base_minor
            ------------+--------------+---------------
            1           | 2026-06-30   | 1
            2           | 2026-07-01   | 1
            """,
        )
        assert {key: row["recency_days"] for key, row in rows.items()} == {1: 0}

    def test_rounds_the_mean_half_to_even(self, session):
        rows = rfm(
            session,
            """
            customer_id | purchased_on | net_base_minor
            ------------+--------------+---------------
            1           | 2026-06-01   | 2
            1           | 2026-06-02   | 3
            2           | 2026-06-01   | 3
            2           | 2026-06-02   | 4
            """,
        )
        assert (rows[1]["monetary_minor"], rows[2]["monetary_minor"]) == (2, 4)

    def test_rounds_a_negative_mean_like_a_positive_one(self, session):
        rows = rfm(
            session,
            """
            customer_id | kind        | purchased_on | net_base_minor
            ------------+-------------+--------------+---------------
            1           | invoice     | 2026-06-01   | 1
            1           | invoice     | 2026-06-02   | 1
            1           | credit_note | 2026-06-03   | -9
            """,
        )
        assert rows[1]["monetary_minor"] == -4  # −7 / 2 = −3.5

    def test_cuts_five_customers_into_five_quintiles_latest_best(self, session):
        days = [f"2026-06-0{day}" for day in (1, 2, 3, 4, 5)]
        rows = answer(session, "rfm", bought_on(days), "2026-06-30")
        assert {row["customer_id"]: row["r"] for row in rows} == {1: 1, 2: 2, 3: 3, 4: 4, 5: 5}

    def test_puts_all_equals_into_the_middle(self, session):
        # p = (0 + 4) / 8 = 0.5, ceil(2.5) = 3.
        rows = answer(session, "rfm", bought_on(["2026-06-01"] * 4), "2026-06-30")
        assert {(row["r"], row["f"], row["m"]) for row in rows} == {(3, 3, 3)}

    def test_keeps_a_percentile_that_meets_a_quintile_in_the_lower_one(self, session):
        # Of ten, four days equal and latest but one: p = (2·0 + 4) / 20 = 0.2 exactly, quintile 1.
        days = ["2026-05-01"] * 4 + ["2026-06-01"] * 6
        rows = answer(session, "rfm", bought_on(days), "2026-06-30")
        assert {row["customer_id"]: row["r"] for row in rows if row["customer_id"] <= 4} == {
            1: 1,
            2: 1,
            3: 1,
            4: 1,
        }

    def test_lets_equal_means_of_different_sums_share_a_quintile(self, session):
        rows = rfm(
            session,
            """
            customer_id | purchased_on | net_base_minor
            ------------+--------------+---------------
            1           | 2026-06-01   | 10
            2           | 2026-06-01   | 10
            2           | 2026-06-02   | 10
            2           | 2026-06-03   | 10
            3           | 2026-06-01   | 11
            """,
        )
        assert rows[1]["m"] == rows[2]["m"] < rows[3]["m"]

    def test_names_a_segment_by_the_table_of_boundaries(self, session):
        days = [f"2026-06-0{day}" for day in (1, 2, 3, 4, 5)]
        rows = answer(session, "rfm", bought_on(days), "2026-06-30")
        # All have f = m = 3.
        assert {row["r"]: row["segment"] for row in rows} == {
            5: "potentially_loyal",
            4: "potentially_loyal",
            3: "needs_attention",
            2: "at_risk",
            1: "fading",
        }

    def test_takes_all_history_unless_told_where_to_begin(self, session):
        tables = bought_on(["2001-01-01", "2026-06-01"])
        assert len(answer(session, "rfm", tables, "2026-06-30")) == 2
        assert len(answer(session, "rfm", tables, "2026-06-30", from_on="2001-01-02")) == 1

    def test_leaves_anonymous_sales_out_and_states_their_sum(self, session):
        tables = {
            "purchases": drawn(
                PURCHASES,
                """
                customer_id | purchased_on | net_base_minor
                ------------+--------------+---------------
                            | 2026-06-01   | 70
                1           | 2026-06-01   | 5
                """,
            )
        }
        assert [row["customer_id"] for row in answer(session, "rfm", tables, "2026-06-30")] == [1]
        row = population(session, "rfm", tables, "2026-06-30")
        assert (row["customers"], row["anonymous_documents"], row["anonymous_minor"]) == (1, 1, 70)

    def test_opens_a_row_to_the_documents_of_its_customer(self, session):
        found = documents(
            session,
            "rfm",
            bought_on(["2026-06-01", "2026-06-02"]),
            "2026-06-30",
            {"customer_id": 2},
        )
        assert [row["document_id"] for row in found] == [2]
