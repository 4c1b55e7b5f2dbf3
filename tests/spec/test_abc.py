"""ABC classes: 85 % of net sales, the next 10 %, the last 5 %."""

from typing import Any

import pytest

from clientela.analysis.expressions.spec import BadQuestion
from clientela.tables.customers import CUSTOMERS
from clientela.tables.purchases import PURCHASES
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import drawn


def sales(text: str) -> dict[str, Any]:
    """One purchase in 2026 for each `customer amount` of the text."""
    lines = [pair.split() for pair in text.split(",")]
    body = "\n".join(f"{customer} | 2026-05-01 | {amount}" for customer, amount in lines)
    return {
        "purchases": drawn(PURCHASES, f"customer_id | purchased_on | net_base_minor\n---\n{body}")
    }


def classes(session: Any, tables: dict[str, Any], **more: Any) -> dict[int, str]:
    rows = answer(session, "abc", tables, "2026-06-30", **more)
    return {row["customer_id"]: row["class"] for row in rows}


class TestAbc:
    def test_gives_the_customer_that_crosses_a_line_the_higher_class(self, session):
        # 100 = 60 + 30 + 8 + 2: the second crosses 85, the third crosses 95.
        tables = sales("1 60, 2 30, 3 8, 4 2")
        assert classes(session, tables) == {1: "A", 2: "A", 3: "B", 4: "C"}

    def test_ends_a_class_where_its_line_is_met_exactly(self, session):
        tables = sales("1 85, 2 10, 3 5")
        assert classes(session, tables) == {1: "A", 2: "B", 3: "C"}

    def test_begins_the_next_class_one_unit_later(self, session):
        # The first two sell 8499 of 10000, one short of the line: the third is still A.
        tables = sales("1 8000, 2 499, 3 498, 4 1003")
        assert classes(session, tables) == {1: "A", 4: "A", 2: "B", 3: "C"}

    def test_lets_equal_sales_share_the_class_of_the_first(self, session):
        # Each of ten sells 10 %: nobody sold strictly more than another, so all are A.
        tables = sales(", ".join(f"{customer} 10" for customer in range(1, 11)))
        assert set(classes(session, tables).values()) == {"A"}

    def test_lets_equals_at_a_line_share_the_class_of_the_first(self, session):
        # 80 of 100 before the four equals: the first of them crosses 85, so all four are A.
        tables = sales("1 80, 2 5, 3 5, 4 5, 5 5")
        assert classes(session, tables) == {1: "A", 2: "A", 3: "A", 4: "A", 5: "A"}

    def test_leaves_negative_and_zero_sales_out_of_the_total(self, session):
        # With −100 in the total 85 would cross both lines at once.
        tables = sales("1 85, 2 15, 3 0, 4 -100")
        found = answer(session, "abc", tables, "2026-06-30")
        rows = {row["customer_id"]: row for row in found}
        assert len(found) == 4
        assert {key: row["class"] for key, row in rows.items()} == {
            1: "A",
            2: "B",
            3: "inactive",
            4: "inactive",
        }
        assert rows[2]["running_share"] == 1.0
        assert (rows[4]["rank"], rows[4]["running_share"]) == (None, None)

    def test_lists_customers_without_documents_as_inactive_but_no_prospects(self, session):
        customers = drawn(
            CUSTOMERS,
            """
            customer_id | kind    | stage
            ------------+---------+---------
            1           | company | customer
            7           | company | former
            8           | company | prospect
            9           | person  | related
            """,
        )
        tables = sales("1 10") | {"customers": customers}
        assert classes(session, tables) == {1: "A", 7: "inactive"}

    def test_lists_who_was_put_away_for_sales_alone(self, session):
        customers = drawn(
            CUSTOMERS,
            """
            customer_id | kind    | is_archived
            ------------+---------+------------
            1           | company | yes
            2           | company | no
            3           | company | yes
            """,
        )
        tables = sales("1 10") | {"customers": customers}
        assert classes(session, tables) == {1: "A", 2: "inactive"}

    def test_takes_the_twelve_months_that_end_with_the_cut_off(self, session):
        tables = {
            "purchases": drawn(
                PURCHASES,
                """
                customer_id | purchased_on | net_base_minor
                ------------+--------------+---------------
                1           | 2025-06-30   | 10
                2           | 2025-07-01   | 10
                3           | 2026-06-30   | 10
                4           | 2026-07-01   | 10
                """,
            )
        }
        assert set(classes(session, tables)) == {2, 3}

    def test_subtracts_credit_notes(self, session):
        tables = {
            "purchases": drawn(
                PURCHASES,
                """
                customer_id | kind        | purchased_on | net_base_minor
                ------------+-------------+--------------+---------------
                1           | invoice     | 2026-05-01   | 100
                1           | credit_note | 2026-05-02   | -30
                """,
            )
        }
        (row,) = answer(session, "abc", tables, "2026-06-30")
        assert (row["net_sales_minor"], row["rank"], row["running_share"]) == (70, 1, 1.0)

    def test_ranks_equals_by_the_older_customer(self, session):
        rows = answer(session, "abc", sales("9 10, 3 10, 5 20"), "2026-06-30")
        assert [(row["rank"], row["customer_id"]) for row in rows] == [(1, 5), (2, 3), (3, 9)]

    def test_moves_its_lines_where_asked(self, session):
        tables = sales("1 60, 2 30, 3 8, 4 2")
        moved = classes(session, tables, a_until_percent=50, b_until_percent=90)
        assert moved == {1: "A", 2: "B", 3: "C", 4: "C"}

    def test_refuses_a_class_b_that_ends_before_a(self, duckdb_session):
        with pytest.raises(BadQuestion, match="b_until_percent") as refused:
            classes(duckdb_session, sales("1 1"), a_until_percent=90, b_until_percent=80)
        assert refused.value.reason.code == "class_ends_before"
        assert refused.value.reason.params == {"field": "b_until_percent", "a": "90", "b": "80"}

    def test_says_over_what_it_was_taken(self, session):
        tables = sales("1 60, 1 30, 2 -8") | {}
        assert population(session, "abc", tables, "2026-06-30") == {
            "customers": 2,
            "documents": 3,
            "amount_minor": 82,
            "anonymous_documents": 0,
            "anonymous_minor": 0,
            "unsettled_customers": 0,
            "unsettled_documents": 0,
            "unsettled_minor": 0,
            "currencies": 1,
        }

    def test_states_what_it_left_out_for_want_of_a_customer(self, session):
        tables = {
            "purchases": drawn(
                PURCHASES,
                """
                customer_id | purchased_on | net_base_minor
                ------------+--------------+---------------
                1           | 2026-05-01   | 10
                            | 2026-05-01   | 25
                            | 2026-05-02   | -5
                """,
            )
        }
        row = population(session, "abc", tables, "2026-06-30")
        assert (row["documents"], row["amount_minor"]) == (1, 10)
        assert (row["anonymous_documents"], row["anonymous_minor"]) == (2, 20)

    def test_opens_a_row_to_its_documents(self, session):
        found = documents(
            session, "abc", sales("1 60, 2 30, 1 8"), "2026-06-30", {"customer_id": 1}
        )
        assert [(row["document_id"], row["amount_minor"]) for row in found] == [(1, 60), (3, 8)]

    def test_answers_an_empty_table_with_no_rows(self, session):
        from tests.spec.drawing import table_of

        assert answer(session, "abc", {"purchases": table_of(PURCHASES, [])}, "2026-06-30") == []
