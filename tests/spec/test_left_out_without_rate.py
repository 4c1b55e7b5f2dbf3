"""Documents that lack a rate: those that figures stand on are told, what is left out is none."""

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from clientela.analysis.registry import ANALYSES
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.exchange_rates import EXCHANGE_RATES, rates_of
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS
from clientela.tables.purchases import PURCHASES
from tests.spec.asking import answer, population
from tests.spec.drawing import drawn, table_of

AS_OF = "2026-06-30"
WHOLE_EUROS = rates_of([("JPY", "EUR", date(2026, 6, 30), "0.01")])


def unrated(table: ir.Table, amount: str) -> ir.Table:
    """Let what is in yen have no amount in euros."""
    rate = ibis.ifelse(table.currency == "JPY", ibis.null("int64"), table[amount])
    return table.mutate(**{amount: rate})


def lacking(session: Any, name: str, tables: dict[str, ir.Table], **given: Any) -> dict[str, int]:
    analysis = ANALYSES[name]
    period = analysis.period(date.fromisoformat(AS_OF))
    found = analysis.unconverted(tables, period, given)
    rows = [] if found is None else session.rows(found)
    return {row["currency"]: row["documents"] for row in rows}


def owed(text: str, allocations: str = "", payments: str = "") -> dict[str, ir.Table]:
    settled = drawn(ALLOCATIONS, allocations) if allocations else table_of(ALLOCATIONS, [])
    return {
        "invoices": unrated(drawn(INVOICES, text), "gross_base_minor"),
        "allocations": unrated(settled, "amount_base_minor"),
        "payments": drawn(PAYMENTS, payments) if payments else table_of(PAYMENTS, []),
        "exchange_rates": table_of(EXCHANGE_RATES, WHOLE_EUROS),
    }


def asked(name: str, tables: dict[str, ir.Table]) -> dict[str, ir.Table]:
    return {c.name: tables[c.name] for c in ANALYSES[name].reads}


KIOSK = """
    customer_id | currency | settlement | issued_on  | due_on     | gross_minor
    ------------+----------+------------+------------+------------+------------
    1           | EUR      | known      | 2026-05-01 | 2026-05-31 | 700
    2           | JPY      | unknown    | 2026-05-01 | 2026-05-31 | 3000
    2           | EUR      | unknown    | 2026-05-02 | 2026-05-31 | 40
"""


class TestReceivables:
    @pytest.mark.parametrize("name", ["ageing", "dso", "punctuality"])
    def test_stand_on_no_document_of_a_source_that_tells_no_payments(self, session, name):
        tables = asked(name, owed(KIOSK))
        assert lacking(session, name, tables) == {}
        over = population(session, name, tables, AS_OF)
        assert (over["documents"], over["amount_minor"]) == (1, 700)
        # Counted all the same; what they come to is not known, and is not that of some of them.
        assert (over["unsettled_documents"], over["unsettled_customers"]) == (2, 1)
        assert over["unsettled_minor"] is None

    @pytest.mark.parametrize(
        ("name", "documents"), [("ageing", {}), ("dso", {"JPY": 2}), ("punctuality", {"JPY": 1})]
    )
    def test_stand_on_those_of_one_that_does_where_they_read_its_rate(
        self, session, name, documents
    ):
        # The first is open and late. The second is settled and the third of a coming day.
        tables = owed(
            """
            invoice_id | customer_id | currency | issued_on  | due_on     | gross_minor
            -----------+-------------+----------+------------+------------+------------
            1          | 1           | JPY      | 2026-05-01 | 2026-05-31 | 700
            2          | 1           | JPY      | 2023-05-01 | 2023-05-31 | 300
            3          | 1           | JPY      | 2026-07-01 | 2026-07-31 | 300
            """,
            """
            invoice_id | payment_id | currency | allocated_on | amount_minor
            -----------+------------+----------+--------------+-------------
            2          | 1          | JPY      | 2023-05-20   | 300
            """,
            """
            payment_id | received_on
            -----------+------------
            1          | 2023-05-20
            """,
        )
        assert lacking(session, name, asked(name, tables)) == documents

    def test_value_what_is_open_at_the_rate_of_the_last_day_alone(self, session):
        tables = owed(KIOSK.replace("unknown", "known  "))
        (row, _) = answer(session, "ageing", tables, AS_OF, per="total")
        assert (row["currency"], row["open_base_minor"]) == ("JPY", 3000)

    def test_judge_no_anonymous_invoice_and_tell_no_part_of_what_such_come_to(self, session):
        tables = owed(
            """
            customer_id | currency | issued_on  | due_on     | gross_minor
            ------------+----------+------------+------------+------------
                        | JPY      | 2026-05-01 | 2026-05-31 | 700
                        | EUR      | 2026-05-01 | 2026-05-31 | 30
            """
        )
        tables = asked("punctuality", tables)
        assert lacking(session, "punctuality", tables) == {}
        over = population(session, "punctuality", tables, AS_OF)
        assert (over["anonymous_documents"], over["anonymous_minor"]) == (2, None)


class TestSales:
    @pytest.fixture
    def sold(self) -> dict[str, ir.Table]:
        purchases = drawn(
            PURCHASES,
            """
            customer_id | currency | purchased_on | net_base_minor
            ------------+----------+--------------+---------------
            1           | EUR      | 2026-05-01   | 700
                        | JPY      | 2026-05-01   | 3000
            1           | JPY      | 2023-05-01   | 500
            """,
        )
        return {"purchases": unrated(purchases, "net_base_minor")}

    @pytest.mark.parametrize(
        ("name", "given", "documents"),
        [
            ("abc", {}, {}),  # of twelve months, and per customer
            ("rfm", {}, {"JPY": 1}),  # of all history
            ("cohorts", {}, {"JPY": 1}),
            ("sales", {"by": "month"}, {"JPY": 1}),  # anonymous sales are sales
        ],
    )
    def test_stand_on_what_they_sum(self, session, sold, name, given, documents):
        assert lacking(session, name, sold, **given) == documents

    def test_tell_how_many_are_left_out_without_an_amount(self, session, sold):
        over = population(session, "abc", sold, AS_OF)
        assert (over["documents"], over["amount_minor"]) == (1, 700)
        assert (over["anonymous_documents"], over["anonymous_minor"]) == (1, None)

    def test_of_the_period_before_are_compared_with(self, session):
        table = drawn(
            PURCHASES,
            """
            customer_id | currency | purchased_on | net_base_minor
            ------------+----------+--------------+---------------
            1           | JPY      | 2025-05-01   | 500
            """,
        )
        sold = {"purchases": unrated(table, "net_base_minor")}
        assert lacking(session, "sales", sold, by="month") == {"JPY": 1}
