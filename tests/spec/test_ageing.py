"""What customers owe, by days past due."""

from typing import Any

from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.exchange_rates import EXCHANGE_RATES
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import drawn, table_of

NOTHING_SETTLED = table_of(ALLOCATIONS, [])


def ageing(
    session: Any,
    invoices: Any,
    allocations: Any = NOTHING_SETTLED,
    rates: Any = None,
    payments: Any = None,
    **more: Any,
) -> Any:
    tables = {"invoices": invoices, "allocations": allocations}
    if payments is not None:
        tables["payments"] = payments
    if rates is not None:
        tables["exchange_rates"] = rates
    return answer(session, "ageing", tables, "2026-06-30", **more)


class TestAgeing:
    def test_puts_each_day_past_due_into_its_bucket(self, session):
        # Amounts are powers of two, so that every bucket tells what is in it.
        invoices = drawn(
            INVOICES,
            """
            customer_id | issued_on  | due_on     | gross_minor
            ------------+------------+------------+------------
            1           | 2025-01-01 | 2026-07-01 | 1
            1           | 2025-01-01 | 2026-06-30 | 2
            1           | 2025-01-01 | 2026-06-29 | 4
            1           | 2025-01-01 | 2026-05-31 | 8
            1           | 2025-01-01 | 2026-05-30 | 16
            1           | 2025-01-01 | 2026-05-01 | 32
            1           | 2025-01-01 | 2026-04-30 | 64
            1           | 2025-01-01 | 2026-04-01 | 128
            1           | 2025-01-01 | 2026-03-31 | 256
            1           | 2025-01-01 | 2026-01-01 | 512
            1           | 2025-01-01 | 2025-12-31 | 1024
            """,
        )
        (row,) = ageing(session, invoices)
        assert (row["not_due_minor"], row["days_1_30_minor"]) == (1 + 2, 4 + 8)
        assert (row["days_31_60_minor"], row["days_61_90_minor"]) == (16 + 32, 64 + 128)
        assert (row["days_91_180_minor"], row["days_over_180_minor"]) == (256 + 512, 1024)
        assert (row["open_minor"], row["overdue_minor"]) == (2047, 2044)
        assert (row["oldest_days"], row["documents"]) == (181, 11)

    def test_takes_off_what_was_settled_by_the_cut_off_and_nothing_later(self, session):
        invoices = drawn(
            INVOICES,
            """
            invoice_id | customer_id | issued_on  | due_on     | gross_minor
            -----------+-------------+------------+------------+------------
            1          | 1           | 2026-05-01 | 2026-06-01 | 100
            2          | 2           | 2026-05-01 | 2026-06-01 | 100
            """,
        )
        allocations = drawn(
            ALLOCATIONS,
            """
            invoice_id | payment_id | credit_note_id | allocated_on | amount_minor
            -----------+------------+----------------+--------------+-------------
            1          | 1          |                | 2026-06-30   | 30
            1          |            | 9              | 2026-06-01   | 20
            1          | 2          |                | 2026-07-01   | 50
            2          | 3          |                | 2026-06-02   | 100
            """,
        )
        (row,) = ageing(session, invoices, allocations)
        assert (row["customer_id"], row["days_1_30_minor"], row["open_minor"]) == (1, 50, 50)

    def test_knows_no_invoice_issued_after_the_cut_off(self, session):
        invoices = drawn(
            INVOICES,
            """
            customer_id | issued_on  | due_on     | gross_minor
            ------------+------------+------------+------------
            1           | 2026-07-01 | 2026-07-01 | 100
            2           | 2026-06-30 | 2026-07-30 | 100
            """,
        )
        assert [row["customer_id"] for row in ageing(session, invoices)] == [2]

    def test_holds_an_invoice_without_due_date_due_when_issued(self, session):
        invoices = drawn(
            INVOICES,
            """
            customer_id | issued_on  | due_on | gross_minor
            ------------+------------+--------+------------
            1           | 2026-06-29 |        | 100
            2           | 2026-06-30 |        | 100
            """,
        )
        overdue = {row["customer_id"]: row["overdue_minor"] for row in ageing(session, invoices)}
        assert overdue == {1: 100, 2: 0}

    def test_leaves_unknown_settlement_out_and_counts_it(self, session):
        invoices = drawn(
            INVOICES,
            """
            customer_id | settlement | issued_on  | due_on     | gross_minor
            ------------+------------+------------+------------+------------
            1           | unknown    | 2026-05-01 | 2026-06-01 | 70
            2           | known      | 2026-05-01 | 2026-06-01 | 30
                        | known      | 2026-05-01 | 2026-06-01 | 5
            """,
        )
        tables = {"invoices": invoices, "allocations": NOTHING_SETTLED}
        assert [row["customer_id"] for row in ageing(session, invoices)] == [2, None]
        row = population(session, "ageing", tables, "2026-06-30")
        assert (row["documents"], row["amount_minor"], row["customers"]) == (2, 35, 1)
        assert (row["unsettled_documents"], row["unsettled_minor"]) == (1, 70)
        assert row["unsettled_customers"] == 1
        assert (row["anonymous_documents"], row["anonymous_minor"]) == (1, 5)

    def test_keeps_currencies_apart_and_adds_customers_up_where_asked(self, session):
        invoices = drawn(
            INVOICES,
            """
            customer_id | currency | issued_on  | due_on     | gross_minor | gross_base_minor
            ------------+----------+------------+------------+-------------+-----------------
            1           | EUR      | 2026-06-01 | 2026-06-15 | 100         | 100
            1           | CNY      | 2026-06-01 | 2026-07-15 | 800         | 101
            2           | EUR      | 2026-06-01 | 2026-07-15 | 50          | 50
            """,
        )
        rates = drawn(
            EXCHANGE_RATES,
            """
            currency | base | on_day     | unit_whole | unit_high | unit_low
            ---------+------+------------+------------+-----------+---------
            CNY      | EUR  | 2026-06-30 | 0          | 1262500   | 0
            """,
        )
        rows = [
            (r["customer_id"], r["currency"], r["open_minor"])
            for r in ageing(session, invoices, rates=rates)
        ]
        assert rows == [(1, "CNY", 800), (1, "EUR", 100), (2, "EUR", 50)]
        whole = [
            (r["customer_id"], r["currency"], r["open_minor"], r["overdue_minor"])
            for r in ageing(session, invoices, rates=rates, per="total")
        ]
        assert whole == [(None, "EUR", 150, 100), (None, "CNY", 800, 0)]

    def test_shows_no_credit_notes(self, session):
        invoices = drawn(
            INVOICES,
            """
            customer_id | kind        | issued_on  | due_on     | gross_minor
            ------------+-------------+------------+------------+------------
            1           | credit_note | 2026-06-01 | 2026-06-01 | -100
            """,
        )
        assert ageing(session, invoices) == []

    def test_opens_a_row_to_its_open_invoices(self, session):
        invoices = drawn(
            INVOICES,
            """
            invoice_id | customer_id | currency | issued_on  | due_on     | gross_minor
            -----------+-------------+----------+------------+------------+------------
            1          | 1           | EUR      | 2026-06-01 | 2026-06-15 | 100
            2          | 1           | GBP      | 2026-06-01 | 2026-06-15 | 100
            3          | 2           | EUR      | 2026-06-01 | 2026-06-15 | 7
            """,
        )
        tables = {"invoices": invoices, "allocations": NOTHING_SETTLED}

        def behind(key: dict[str, Any], **more: Any) -> list[int]:
            found = documents(session, "ageing", tables, "2026-06-30", key, **more)
            return [row["document_id"] for row in found]

        assert behind({"customer_id": 1, "currency": "EUR"}) == [1]
        assert behind({"customer_id": None, "currency": "EUR"}, per="total") == [1, 3]


class TestBesideIt:
    """What was paid or credited and settles nothing stands beside what is open, not in it."""

    INVOICES = drawn(
        INVOICES,
        """
        invoice_id | customer_id | kind        | settlement | issued_on  | due_on     | gross_minor
        -----------+-------------+-------------+------------+------------+------------+------------
        1          | 1           | invoice     | known      | 2026-05-01 | 2026-06-01 | 100
        2          | 2           | invoice     | known      | 2026-07-15 | 2026-08-01 | 50
        3          | 3           | credit_note | known      | 2026-05-05 |            | -40
        4          | 4           | credit_note | unknown    | 2026-05-05 |            | -7
        5          | 5           | credit_note | known      | 2026-07-01 |            | -9
        """,
    )
    PAYMENTS = drawn(
        PAYMENTS,
        """
        payment_id | customer_id | currency | received_on | amount_minor
        -----------+-------------+----------+-------------+-------------
        1          | 1           | EUR      | 2026-05-20  | 130
        2          | 2           | EUR      | 2026-06-30  | 50
        3          |             | EUR      | 2026-06-01  | 11
        4          | 6           | CNY      | 2026-06-01  | 800
        5          | 7           | EUR      | 2026-06-01  | 60
        6          | 7           | EUR      | 2026-06-02  | -20
        7          | 8           | EUR      | 2026-07-01  | 5
        """,
    )
    ALLOCATIONS = drawn(
        ALLOCATIONS,
        """
        invoice_id | payment_id | credit_note_id | allocated_on | amount_minor
        -----------+------------+----------------+--------------+-------------
        1          | 1          |                | 2026-05-20   | 70
        1          | 1          |                | 2026-07-01   | 15
        1          |            | 3              | 2026-05-05   | 15
        2          | 2          |                | 2026-06-30   | 50
        """,
    )

    def test_says_what_no_invoice_took_by_the_cut_off(self, session):
        rows = ageing(session, self.INVOICES, self.ALLOCATIONS, payments=self.PAYMENTS)
        found = {(r["customer_id"], r["currency"]): r["unapplied_minor"] for r in rows}
        assert found == {
            (1, "EUR"): 60,  # of 130 the 70 that were allocated by then
            (2, "EUR"): 50,  # a prepayment: its invoice is issued later
            (3, "EUR"): 25,  # of a credit note of 40
            (None, "EUR"): 11,
            (6, "CNY"): 800,
            (7, "EUR"): 40,  # of 60 paid, 20 paid back
        }
        (owing,) = [row for row in rows if row["documents"]]
        assert (owing["customer_id"], owing["open_minor"], owing["overdue_minor"]) == (1, 15, 15)
        assert {row["oldest_days"] for row in rows if not row["documents"]} == {0}

    def test_adds_up_to_the_total(self, session):
        rows = ageing(session, self.INVOICES, self.ALLOCATIONS, payments=self.PAYMENTS, per="total")
        found = {row["currency"]: (row["open_minor"], row["unapplied_minor"]) for row in rows}
        assert found == {"EUR": (15, 186), "CNY": (0, 800)}

    def test_is_not_known_where_no_payments_are_told(self, session):
        (row,) = ageing(session, self.INVOICES, self.ALLOCATIONS)
        assert (row["customer_id"], row["unapplied_minor"]) == (1, None)
