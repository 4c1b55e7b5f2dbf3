"""How many customers stand behind the figures of totals, on every engine."""

from datetime import date
from typing import Any

import ibis
import pytest

from clientela.analysis.expressions.customers_behind import BEHIND
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.customers import CUSTOMERS
from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES
from tests.spec.drawing import drawn
from tests.spec.test_sales import LINES, NODES, TEAS, TRADE

OWED = drawn(
    INVOICES,
    """
    invoice_id | customer_id | issued_on  | due_on     | currency | gross_minor
    -----------+-------------+------------+------------+---------
    1          | 1           | 2026-06-01 | 2026-07-01 | EUR      | 100
    2          | 1           | 2026-05-01 | 2026-06-01 | EUR      | 100
    3          | 2           | 2026-05-01 | 2026-06-29 | EUR      | 100
    4          | 3           | 2025-01-01 | 2025-02-01 | CNY      | 100
    5          | 4           | 2026-06-01 | 2026-06-01 | CNY      | 100
    """,
)
PAID = drawn(
    ALLOCATIONS,
    """
    allocation_id | invoice_id | allocated_on | amount_minor
    --------------+------------+--------------+-------------
    1             | 5          | 2026-06-15   | 100
    """,
)

PARTS = ("invoiced", "credited", "adjusted")
KINDS = drawn(
    PURCHASES,
    """
    purchase_id | customer_id | purchased_on | kind        | net_base_minor
    ------------+-------------+--------------+-------------+---------------
    1           | 1           | 2026-05-02   | invoice     | 100
    2           | 2           | 2026-05-03   | invoice     | 100
    3           | 3           | 2026-05-04   | credit_note | 0
    4           | 1           | 2026-06-04   | invoice     | 100
    5           |             | 2026-06-05   | credit_note | -10
    6           | 1           | 2026-06-06   | adjustment  | 0
    """,
)
FILES = drawn(
    CUSTOMERS,
    """
    customer_id | stage
    ------------+---------
    1           | customer
    2           | customer
    3           | customer
    4           | customer
    """,
)


def counted(session: Any, name: str, tables: dict[str, Any], **given: Any) -> list[dict[str, Any]]:
    analysis = BEHIND[name]
    period = analysis.period(date(2026, 6, 30))
    return session.rows(analysis.rows(tables, period, given))


class TestCustomersBehind:
    def test_sales_are_counted_in_both_periods(self, session):
        rows = counted(session, "sales", {"purchases": TRADE, "org_nodes": NODES}, by="branch")
        names = ("group_key", "parent", "now", "before")
        assert [tuple(row[name] for name in names) for row in rows] == [
            ("10", "5", 1, 1), ("11", "5", 1, 1),
        ]  # fmt: skip

    def test_who_has_a_document_of_a_kind_stands_behind_that_part(self, session):
        """Whatever it amounts to; a part of nobody known stands on none, one without any on null."""
        rows = counted(session, "sales", {"purchases": KINDS}, by="month")
        found = {row["group_key"]: tuple(row[n] for n in PARTS) for row in rows}
        assert found == {"2026-05": (2, 1, None), "2026-06": (1, 0, 1)}
        months = counted(session, "months", {"purchases": KINDS}, by="month")
        told = {row["group_key"]: tuple(row[n] for n in PARTS) for row in months if row["now"]}
        assert told == found

    def test_classes_are_counted_by_who_has_a_document(self, session):
        tables = {"purchases": KINDS, "customers": FILES}
        rows = counted(session, "abc", tables, a_until_percent=85, b_until_percent=95)
        assert rows == [{"class": "A", "customers": 2}, {"class": "inactive", "customers": 1}]

    def test_who_bought_on_no_day_is_outside_the_segments(self, session):
        (row,) = counted(session, "rfm", {"purchases": KINDS})
        assert row == {"outside": 1}

    def test_sales_of_products_lie_in_their_category(self, session):
        tables = {"invoice_lines": LINES, "products": TEAS}
        rows = counted(session, "sales", tables, by="product")
        assert [(r["group_key"], r["parent"], r["now"]) for r in rows] == [
            ("", "", 1), ("7", "tea", 2), ("8", "tea", 1),
        ]  # fmt: skip

    def test_sales_of_a_month_lie_in_nothing_else(self, session):
        rows = counted(session, "sales", {"purchases": TRADE}, by="month")
        assert {row["parent"] for row in rows} == {""}

    def test_who_owes_is_counted_by_currency_and_bucket(self, session):
        cny, eur = counted(session, "ageing", {"invoices": OWED, "allocations": PAID})
        assert [eur[n] for n in ("all", "overdue", "not_due", "days_1_30")] == [2, 2, 1, 2]
        assert [cny[n] for n in ("all", "overdue", "not_due", "days_over_180")] == [1, 1, None, 1]

    def test_credit_sales_are_counted_in_each_window(self, session):
        (row,) = counted(session, "dso", {"invoices": OWED, "allocations": PAID})
        assert row == {"sales_90": 3, "sales_365": 3, "earlier": None}

    def test_what_nobody_known_owes_or_bought_stands_on_none(self, session):
        nobody = drawn(
            INVOICES,
            """
            invoice_id | customer_id | issued_on  | due_on     | currency | gross_minor
            -----------+-------------+------------+------------+---------
            1          |             | 2025-12-01 | 2026-06-01 | EUR      | 100
            2          | 1           | 2026-06-01 | 2026-07-01 | EUR      | 100
            """,
        )
        tables = {"invoices": nobody, "allocations": PAID}
        (owed,) = counted(session, "ageing", tables)
        assert [owed[n] for n in ("overdue", "days_1_30", "days_31_60")] == [0, 0, None]
        (sold,) = counted(session, "dso", tables)
        assert sold["earlier"] == 0

    def test_credit_sales_of_the_longer_window_alone_are_counted_apart(self, session):
        old = drawn(
            INVOICES,
            """
            invoice_id | customer_id | issued_on  | due_on     | currency | gross_minor
            -----------+-------------+------------+------------+---------
            1          | 1           | 2026-04-02 | 2026-07-01 | EUR      | 100
            2          | 1           | 2026-04-01 | 2026-07-01 | EUR      | 100
            3          | 2           | 2025-07-01 | 2026-07-01 | EUR      | 100
            4          | 3           | 2025-06-30 | 2026-07-01 | EUR      | 100
            """,
        )
        (row,) = counted(session, "dso", {"invoices": old, "allocations": PAID})
        assert row == {"sales_90": 1, "sales_365": 2, "earlier": 2}

    def test_each_month_of_sales_is_counted_by_itself(self, session):
        """Also in the period before, and with nobody where only anonymous documents are."""
        rows = counted(session, "months", {"purchases": TRADE, "org_nodes": NODES}, by="branch")
        found = {(r["group_key"], r["now"], r["month"]): r["customers"] for r in rows}
        june, july = 2026 * 12 + 5, 2025 * 12 + 6
        assert found == {
            ("11", True, july): 1,
            ("10", True, july): 1,
            ("10", True, june): 1,
            ("11", False, july - 12): 1,
            ("10", False, july - 11): 1,
        }


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
@pytest.mark.parametrize("name", BEHIND)
def test_compiles(name, dialect):
    analysis = BEHIND[name]
    unbound = {contract.name: contract.unbound() for contract in analysis.reads}
    for given in (
        [{"by": by} for by in ("month", "branch", "product")]
        if name in ("sales", "months")
        else [{}]
    ):
        expr = analysis.rows(unbound, analysis.period(date(2026, 6, 30)), given)
        assert "SELECT" in ibis.to_sql(expr, dialect=dialect)
