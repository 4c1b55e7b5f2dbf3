"""Sales by month, product, category, region, branch, customer and country."""

from typing import Any

import pytest

from clientela.analysis.expressions.spec import BadQuestion
from clientela.tables.customers import CUSTOMERS
from clientela.tables.invoice_lines import INVOICE_LINES
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.products import PRODUCTS
from clientela.tables.purchases import PURCHASES
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import drawn

TRADE = drawn(
    PURCHASES,
    """
    customer_id | sold_by_id  | kind        | purchased_on | net_base_minor
    ------------+-------------+-------------+--------------+---------------
    1           | 11          | invoice     | 2025-07-01   | 1000
    1           | 11          | invoice     | 2025-07-31   | 500
    2           | 12          | credit_note | 2025-07-31   | -300
    2           | 12          | adjustment  | 2026-06-30   | -100
                | 12          | invoice     | 2026-06-30   | 900
    1           | 11          | invoice     | 2024-07-01   | 600
    3           | 12          | invoice     | 2024-08-01   | 50
    1           | 11          | invoice     | 2024-06-30   | 7777
    1           | 11          | invoice     | 2026-07-01   | 7777
    """,
)
NODES = drawn(
    ORG_NODES,
    """
    org_node_id | kind   | region_id | region_name | branch_id | branch_name
    ------------+--------+-----------+-------------+-----------+------------
    11          | branch | 5         | North       | 11        | Burgos
    12          | team   | 5         | North       | 10        | Bilbao
    """,
)

LINES = drawn(
    INVOICE_LINES,
    """
    line_id | invoice_id | customer_id | issued_on  | product_id | quantity_milli | net_minor
    --------+------------+-------------+------------+------------+----------------+----------
    1       | 100        | 1           | 2026-06-01 | 7          | 2000           | 40
    2       | 100        | 1           | 2026-06-01 | 8          | 500            | 10
    3       | 101        | 2           | 2026-06-02 | 7          | -1000          | -20
    4       | 101        | 2           | 2026-06-02 |            | 1000           | 5
    """,
)
TEAS = drawn(
    PRODUCTS,
    """
    product_id | category_1
    -----------+-----------
    7          | tea
    8          | tea
    """,
)


def by(session: Any, what: str, **tables: Any) -> dict[str, dict[str, Any]]:
    given = {"purchases": TRADE, **tables}
    rows = answer(session, "sales", given, "2026-06-30", by=what)
    return {row["group_key"]: row for row in rows}


class TestSales:
    def test_sums_net_sales_and_shows_credit_notes_and_adjustments_apart(self, session):
        july = by(session, "month")["2025-07"]
        june = by(session, "month")["2026-06"]
        names = ("invoiced_minor", "credited_minor", "adjusted_minor", "net_sales_minor")
        assert [july[name] for name in names] == [1500, 300, 0, 1200]
        assert [june[name] for name in names] == [900, 0, -100, 800]

    def test_compares_a_month_with_the_same_month_a_year_earlier(self, session):
        july = by(session, "month")["2025-07"]
        assert (july["previous_minor"], july["growth_rate"]) == (600, 1.0)

    def test_shows_a_month_that_sold_only_in_the_period_before(self, session):
        august = by(session, "month")["2025-08"]
        assert (august["net_sales_minor"], august["previous_minor"]) == (0, 50)
        assert august["growth_rate"] == -1.0

    def test_has_no_growth_over_nothing(self, session):
        june = by(session, "month")["2026-06"]
        assert (june["previous_minor"], june["growth_rate"]) == (0, None)

    def test_compares_with_nothing_where_the_period_has_no_beginning(self, duckdb_session):
        rows = answer(
            duckdb_session, "sales", {"purchases": TRADE}, "2026-06-30", from_on="2026-06-12"
        )
        assert [(row["group_key"], row["previous_minor"]) for row in rows] == [("2026-06", None)]

    def test_compares_customers_over_any_number_of_days(self, session):
        rows = answer(
            session,
            "sales",
            {"purchases": TRADE},
            "2025-07-31",
            from_on="2025-07-31",
            by="customer",
        )
        # The day before has no sales; customer 2 has only its credit note.
        assert [(row["group_key"], row["net_sales_minor"]) for row in rows] == [
            ("1", 500),
            ("2", -300),
        ]
        assert {row["previous_minor"] for row in rows} == {0}

    def test_keeps_anonymous_sales_as_a_group_without_a_key(self, session):
        rows = by(session, "customer")
        assert rows[""]["net_sales_minor"] == 900
        assert (rows[""]["group_id"], rows[""]["customers"]) == (None, 0)

    def test_shares_add_up_to_one(self, session):
        assert sum(row["share"] for row in by(session, "customer").values()) == pytest.approx(1)

    def test_rolls_branches_up_to_their_region(self, session):
        branches = by(session, "branch", org_nodes=NODES)
        region = by(session, "region", org_nodes=NODES)["5"]
        assert {row["group_label"]: row["net_sales_minor"] for row in branches.values()} == {
            "Burgos": 1500,
            "Bilbao": 500,
        }
        assert (region["group_label"], region["net_sales_minor"]) == ("North", 2000)
        assert (region["documents"], region["customers"]) == (5, 2)

    def test_takes_the_country_of_the_customer(self, session):
        customers = drawn(
            CUSTOMERS,
            """
            customer_id | kind    | country
            ------------+---------+--------
            1           | company | ES
            2           | company |
            """,
        )
        rows = by(session, "country", customers=customers)
        assert {key: row["net_sales_minor"] for key, row in rows.items()} == {"ES": 1500, "": 500}

    def test_sums_products_and_categories_over_lines(self, session):
        rows = by(session, "product", invoice_lines=LINES)
        assert {key: row["net_sales_minor"] for key, row in rows.items()} == {
            "7": 20,
            "8": 10,
            "": 5,
        }
        assert (rows["7"]["quantity_milli"], rows["7"]["documents"]) == (1000, 2)
        tea = by(session, "category", invoice_lines=LINES, products=TEAS)["tea"]
        assert (tea["net_sales_minor"], tea["documents"], tea["customers"]) == (30, 2, 2)
        found = documents(
            session,
            "sales",
            {"invoice_lines": LINES, "products": TEAS},
            "2026-06-30",
            {"group_key": "tea"},
            by="category",
        )
        assert [(row["document_id"], row["amount_minor"]) for row in found] == [
            (100, 50),
            (101, -20),
        ]

    def test_says_over_what_it_was_taken_anonymous_sales_included(self, session):
        row = population(session, "sales", {"purchases": TRADE}, "2026-06-30", by="month")
        assert (row["documents"], row["amount_minor"], row["customers"]) == (5, 2000, 2)
        assert (row["anonymous_documents"], row["anonymous_minor"]) == (1, 900)

    def test_opens_a_month_to_its_documents(self, session):
        found = documents(
            session,
            "sales",
            {"purchases": TRADE},
            "2026-06-30",
            {"group_key": "2025-07"},
            by="month",
        )
        assert [row["amount_minor"] for row in found] == [1000, 500, -300]

    def test_says_which_table_it_lacks(self, duckdb_session):
        with pytest.raises(BadQuestion, match="org_nodes"):
            by(duckdb_session, "region")


class TestMonthsInPart:
    @pytest.mark.parametrize(
        ("as_of", "from_on", "whole"),
        [
            ("2026-06-30", "2025-07-01", {"2025-07": True, "2026-06": True}),
            ("2026-06-29", "2025-07-01", {"2025-07": True, "2026-06": False}),
            ("2026-06-30", "2025-07-02", {"2025-07": False, "2026-06": True}),
            ("2026-06-30", None, {"2025-07": True, "2026-06": True}),
        ],
    )
    def test_are_marked_where_the_period_cuts_them_short(self, session, as_of, from_on, whole):
        trade = drawn(
            PURCHASES,
            """
            customer_id | purchased_on | net_base_minor
            ------------+--------------+---------------
            1           | 2025-07-31   | 500
            2           | 2026-06-15   | 100
            """,
        )
        rows = answer(session, "sales", {"purchases": trade}, as_of, from_on, by="month")
        assert {row["group_key"]: row["is_complete"] for row in rows} == whole

    def test_are_no_matter_of_other_groups(self, session):
        rows = answer(session, "sales", {"purchases": TRADE}, "2026-06-29", by="customer")
        assert {row["is_complete"] for row in rows} == {None}
