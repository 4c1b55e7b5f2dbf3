"""Retention by month of first purchase."""

from typing import Any

import pytest

from clientela.analysis.expressions.spec import BadQuestion
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.purchases import PURCHASES
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import drawn

TRADE = drawn(
    PURCHASES,
    """
    customer_id | kind        | purchased_on | net_base_minor
    ------------+-------------+--------------+---------------
    1           | invoice     | 2025-12-31   | 100
    1           | invoice     | 2026-02-01   | 10
    1           | invoice     | 2026-02-28   | 10
    2           | invoice     | 2025-12-01   | 100
    2           | credit_note | 2026-01-10   | -30
    3           | invoice     | 2026-02-15   | 50
                | invoice     | 2026-02-15   | 99
    1           | invoice     | 2026-04-01   | 10
    """,
)


# Branch 10 is of region 2 and branch 20 of region 3; what is above them is of none.
OF_REGIONS = {
    "org_nodes": drawn(
        ORG_NODES,
        """
        org_node_id | kind   | name  | region_id | region_name
        ------------+--------+-------+-----------+------------
        1           | group  | All   |           |
        10          | branch | Burgos | 2        | North
        20          | branch | Cadiz  | 3        | South
        """,
    ),
    "purchases": drawn(
        PURCHASES,
        """
        customer_id | sold_by_id  | kind    | purchased_on | net_base_minor
        ------------+-------------+---------+--------------+---------------
        1           | 20          | invoice | 2025-12-31   | 100
        1           | 10          | invoice | 2026-02-01   | 10
        2           | 10          | invoice | 2025-12-01   | 100
        2           | 10          | invoice | 2026-02-10   | 5
        2           | 20          | invoice | 2026-02-11   | 7
        3           | 1           | invoice | 2026-02-15   | 50
                    | 20          | invoice | 2026-02-15   | 99
        """,
    ),
}


def cells(session: Any, as_of: str = "2026-03-31", **more: Any) -> dict[Any, dict[str, Any]]:
    tables = {"purchases": TRADE} | more.pop("tables", {})
    rows = answer(session, "cohorts", tables, as_of, **more)
    return {(row["cohort"], row["month_number"]): row for row in rows}


class TestCohorts:
    def test_counts_who_bought_again_in_each_month(self, session):
        found = cells(session)
        active = {key: (row["active"], row["customers"]) for key, row in found.items()}
        assert active == {
            ("2025-12", 0): (2, 2),
            ("2025-12", 1): (0, 2),
            ("2025-12", 2): (1, 2),
            ("2025-12", 3): (0, 2),
            ("2026-02", 0): (1, 1),
            ("2026-02", 1): (0, 1),
        }
        assert found["2025-12", 2]["retention"] == 0.5

    def test_lets_a_credit_note_lower_sales_and_make_nobody_active(self, session):
        cell = cells(session)["2025-12", 1]
        assert (cell["active"], cell["net_sales_minor"]) == (0, -30)

    def test_marks_the_month_that_the_cut_off_cuts_short(self, session):
        assert cells(session, "2026-03-31")["2026-02", 1]["is_complete"] is True
        assert cells(session, "2026-03-30")["2026-02", 1]["is_complete"] is False

    def test_leaves_out_cohorts_before_the_period_and_not_their_first_purchase(self, session):
        # Customer 1 bought in February too, and is no newcomer of it.
        found = cells(session, from_on="2026-01-01")
        assert {key[0] for key in found} == {"2026-02"}
        assert found["2026-02", 0]["customers"] == 1

    def test_takes_only_what_a_region_sold_where_asked(self, session):
        found = cells(session, tables=OF_REGIONS, region="2")
        active = {key: (row["active"], row["net_sales_minor"]) for key, row in found.items()}
        # Customer 1 bought elsewhere before: in this region it is new in February.
        assert active == {
            ("2025-12", 0): (1, 100),
            ("2025-12", 1): (0, 0),
            ("2025-12", 2): (1, 5),
            ("2025-12", 3): (0, 0),
            ("2026-02", 0): (1, 10),
            ("2026-02", 1): (0, 0),
        }

    def test_of_a_region_sell_what_sales_by_region_tell(self, session):
        for region, last in (("2", "2026-03-31"), ("3", "2026-03-31")):
            sold = answer(session, "sales", OF_REGIONS, last, "2025-01-01", by="region")
            (told,) = [row for row in sold if row["group_key"] == region]
            cohorts = cells(session, last, tables=OF_REGIONS, region=region)
            whole = sum(row["net_sales_minor"] for row in cohorts.values())
            assert whole == told["net_sales_minor"] - (99 if region == "3" else 0)  # anonymous
            over = population(session, "cohorts", OF_REGIONS, last, region=region)
            assert (over["amount_minor"], over["anonymous_minor"]) == (whole, 0)

    def test_of_a_region_open_to_its_documents(self, session):
        row = {"cohort": "2026-02", "month_number": 0}
        found = documents(session, "cohorts", OF_REGIONS, "2026-03-31", row, region="2")
        assert [(d["customer_id"], d["amount_minor"]) for d in found] == [(1, 10)]

    def test_takes_only_customers_of_a_class_where_asked(self, session):
        # Net sales of the year until 2026-03-31: 120, 70, 50; of 240 the first makes 50 %,
        # the second 79 %, so the third crosses 85 %: all are A.
        assert cells(session, customer_class="A").keys() == cells(session).keys()
        assert cells(session, customer_class="C") == {}

    def test_needs_the_organisation_to_know_a_region(self, duckdb_session):
        with pytest.raises(BadQuestion, match="org_nodes"):
            cells(duckdb_session, region="2")

    def test_says_over_what_it_was_taken(self, session):
        row = population(session, "cohorts", {"purchases": TRADE}, "2026-03-31")
        assert (row["customers"], row["documents"], row["amount_minor"]) == (3, 6, 240)
        assert (row["anonymous_documents"], row["anonymous_minor"]) == (1, 99)

    def test_opens_a_cell_to_the_documents_of_its_month(self, session):
        row = {"cohort": "2025-12", "month_number": 2}
        found = documents(session, "cohorts", {"purchases": TRADE}, "2026-03-31", row)
        assert [(d["customer_id"], d["amount_minor"]) for d in found] == [(1, 10), (1, 10)]

    def test_refuses_a_cohort_that_is_no_month(self, duckdb_session):
        row = {"cohort": "spring", "month_number": 2}
        with pytest.raises(BadQuestion, match="no cohort"):
            documents(duckdb_session, "cohorts", {"purchases": TRADE}, "2026-03-31", row)


class TestCohortInPart:
    def test_is_marked_where_the_period_cuts_its_month_short(self, session):
        bought = drawn(
            PURCHASES,
            """
            customer_id | purchased_on | net_base_minor
            ------------+--------------+---------------
            1           | 2026-01-20   | 100
            2           | 2026-02-10   | 100
            3           | 2026-03-10   | 100
            """,
        )
        rows = answer(session, "cohorts", {"purchases": bought}, "2026-03-15", "2026-01-10")
        whole = {row["cohort"]: row["cohort_is_complete"] for row in rows}
        assert whole == {"2026-01": False, "2026-02": True, "2026-03": False}
        rows = answer(session, "cohorts", {"purchases": bought}, "2026-03-31", "2026-01-01")
        assert {row["cohort_is_complete"] for row in rows} == {True}
