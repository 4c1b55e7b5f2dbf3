"""Average days beyond terms and the punctuality score."""

from typing import Any

import pytest

from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS
from tests.spec.asking import answer, documents, population
from tests.spec.drawing import table_of


def trade(*items: dict[str, Any]) -> dict[str, Any]:
    """Return invoices of customer 1, each due on 2026-03-01 and paid in full unless it says."""
    invoices, allocations, payments = [], [], []
    for number, item in enumerate(items, start=1):
        amount = item.get("amount", 100)
        invoices.append(
            {
                "invoice_id": number,
                "customer_id": item.get("customer", 1),
                "issued_on": "2026-01-01",
                "due_on": item.get("due", "2026-03-01"),
                "gross_minor": amount,
                "settlement": item.get("settlement", "known"),
                "delay_is_ours": item.get("ours", False),
            }
        )
        if item.get("paid") is None:
            continue
        payments.append({"payment_id": number, "received_on": item["paid"], "amount_minor": amount})
        allocations.append(
            {
                "invoice_id": number,
                "payment_id": None if item.get("credited") else number,
                "credit_note_id": number if item.get("credited") else None,
                "allocated_on": item["paid"],
                "amount_minor": item.get("settled", amount),
                "delay_is_ours": item.get("ours", False),
            }
        )
    return {
        "invoices": table_of(INVOICES, invoices),
        "allocations": table_of(ALLOCATIONS, allocations),
        "payments": table_of(PAYMENTS, payments),
    }


def judged(session: Any, *items: dict[str, Any], as_of: str = "2026-06-30", **more: Any) -> Any:
    rows = answer(session, "punctuality", trade(*items), as_of, **more)
    return rows[0] if rows else None


ON_TIME = {"paid": "2026-03-01"}


class TestPunctuality:
    @pytest.mark.parametrize(
        ("paid", "days", "points"),
        [
            ("2026-01-29", -31, 100),
            ("2026-01-30", -30, 100),
            ("2026-02-09", -20, 90),
            ("2026-02-19", -10, 85),
            ("2026-03-01", 0, 80),
            ("2026-03-16", 15, 70),
            ("2026-03-23", 22, 60),
            ("2026-03-31", 30, 50),
            ("2026-04-30", 60, 40),
            ("2026-05-15", 75, 35),
            ("2026-05-30", 90, 30),
            ("2026-06-29", 120, 20),
            ("2026-06-30", 121, 20),
        ],
    )
    def test_scores_days_late_along_the_line(self, duckdb_session, paid, days, points):
        row = judged(duckdb_session, *[{"paid": paid}] * 3)
        assert (row["average_days_late"], row["score"]) == (days, pytest.approx(points))

    def test_weighs_by_amount(self, session):
        row = judged(session, ON_TIME, ON_TIME, {"paid": "2026-03-31", "amount": 800})
        assert row["average_days_late"] == 24.0  # 800 · 30 / 1000
        assert row["score"] == pytest.approx((200 * 80 + 800 * 50) / 1000)
        assert row["late_share"] == 0.8

    def test_counts_what_is_open_past_due_at_its_age(self, session):
        row = judged(session, ON_TIME, ON_TIME, {"due": "2026-05-31"})
        assert row["average_days_late"] == 10.0  # 30 days for a third
        assert (row["open_late_items"], row["invoices"]) == (1, 3)

    def test_counts_nothing_that_is_open_and_not_yet_due(self, session):
        row = judged(session, ON_TIME, {"due": "2026-06-30"}, {"due": "2026-07-15"})
        assert (row["invoices"], row["average_days_late"], row["open_late_items"]) == (1, 0.0, 0)

    def test_does_not_improve_because_a_customer_stopped_paying(self, session):
        # Due two years ago, still open: outside the twelve months, and counted.
        row = judged(session, ON_TIME, ON_TIME, {"due": "2024-06-30"})
        assert row["open_late_items"] == 1
        assert row["score"] == pytest.approx((80 + 80 + 20) / 3)

    def test_leaves_out_what_was_due_before_the_twelve_months_and_is_paid(self, session):
        items = [
            {"due": "2025-06-30", "paid": "2026-01-15"},
            {"due": "2025-07-01", "paid": "2025-07-01"},
        ]
        row = judged(session, *items, ON_TIME, ON_TIME)
        assert (row["invoices"], row["average_days_late"]) == (3, 0.0)

    def test_leaves_our_own_faults_out_of_the_score_and_shows_them(self, session):
        ours = {"paid": "2026-03-31", "ours": True}
        row = judged(session, ON_TIME, ON_TIME, ON_TIME, ours)
        assert (row["score"], row["ours_items"], row["ours_days"]) == (80.0, 1, 30)
        assert row["average_days_late"] == 7.5

    def test_leaves_an_open_invoice_out_that_our_fault_holds_up(self, session):
        row = judged(session, ON_TIME, ON_TIME, ON_TIME, {"due": "2026-05-31", "ours": True})
        assert (row["score"], row["ours_items"], row["ours_days"]) == (80.0, 1, 30)

    def test_counts_a_fault_of_ours_that_delayed_nothing(self, session):
        row = judged(session, ON_TIME, ON_TIME, {"paid": "2026-03-01", "ours": True})
        assert (row["invoices"], row["ours_items"]) == (3, 0)

    def test_gives_no_score_for_fewer_than_three_invoices(self, session):
        row = judged(session, ON_TIME, ON_TIME)
        assert (row["score"], row["too_few"], row["invoices"]) == (None, True, 2)
        assert row["average_days_late"] == 0.0
        assert judged(session, ON_TIME, ON_TIME, least_invoices=2)["score"] == 80.0

    def test_takes_the_day_the_money_came_as_known_at_the_cut_off(self, session):
        # Paid on July 1st: at the end of June it is open and 121 days late.
        row = judged(session, ON_TIME, ON_TIME, {"paid": "2026-07-01"})
        assert (row["open_late_items"], row["average_days_late"]) == (1, pytest.approx(121 / 3))

    def test_judges_nobody_by_what_a_credit_note_settled(self, session):
        row = judged(session, ON_TIME, {"paid": "2026-05-01", "credited": True})
        assert (row["invoices"], row["average_days_late"]) == (1, 0.0)

    def test_splits_an_invoice_paid_in_part(self, session):
        # 40 of 100 paid on time, 60 open and 121 days late.
        row = judged(session, {"paid": "2026-03-01", "settled": 40})
        assert row["average_days_late"] == pytest.approx(60 * 121 / 100)
        assert row["invoices"] == 1

    def test_leaves_out_sources_that_tell_no_payments_and_counts_them(self, session):
        tables = trade(ON_TIME, {"settlement": "unknown", "amount": 70})
        (row,) = answer(session, "punctuality", tables, "2026-06-30")
        assert row["invoices"] == 1
        told = population(session, "punctuality", tables, "2026-06-30")
        assert (told["documents"], told["amount_minor"]) == (1, 100)
        assert (told["unsettled_documents"], told["unsettled_minor"]) == (1, 70)

    def test_opens_a_row_to_the_invoices_judged(self, session):
        tables = trade(ON_TIME, {"due": "2026-05-31"}, {"due": "2026-07-31"})
        found = documents(session, "punctuality", tables, "2026-06-30", {"customer_id": 1})
        assert [row["document_id"] for row in found] == [1, 2]
