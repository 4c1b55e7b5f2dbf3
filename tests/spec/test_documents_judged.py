"""The lines behind a row of punctuality make every figure of it, recounted by plain code."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from clientela.analysis.expressions.details import DETAILS, Follow
from clientela.analysis.registry import ANALYSES
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.session import Session
from clientela.warehouse.sources import table_from
from tests.library.recount import points
from tests.library.trade import company

AS_OF = date(2026, 6, 17)
PUNCTUALITY = ANALYSES["punctuality"]


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, Any]]]:
    given = company(5, customers=12)
    twice = [dict(a, allocation_id=9000 + n) for n, a in enumerate(given["allocations"][:80])]
    for one in twice:  # a second part of one payment, and one of another day
        one["amount_minor"] = one["amount_base_minor"] = 3
        if one["allocation_id"] % 2:
            later = dict(given["payments"][one["allocation_id"] - 9000])
            later["payment_id"] = one["allocation_id"]
            later["received_on"] += timedelta(days=9)
            given["payments"].append(later)
            if one["payment_id"]:
                one["payment_id"] = one["allocation_id"]
    given["allocations"] += twice
    return given


def follow(rows: Any, customer: int | None, **given: Any) -> Follow:
    tables = {
        name: table_from(given_, CONTRACTS[name])
        for name, given_ in rows.items()
        if name in {c.name for c in PUNCTUALITY.reads}
    }
    return Follow(
        analysis=PUNCTUALITY, tables=tables, period=PUNCTUALITY.period(AS_OF),
        row={"customer_id": customer}, given={"least_invoices": 3} | given,
    )  # fmt: skip


def told(session: Session, asked: Follow) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the lines behind a row, in order, and the figures that they make."""
    detail = DETAILS["punctuality"]
    found = detail.lines(asked)
    (sums,) = session.rows(detail.sums(asked, found))
    return session.rows(found.order_by("day", "document_id", "part")), sums


def recounted(lines: list[dict[str, Any]], least: int = 3) -> dict[str, Any]:
    """Return the figures of a row from its lines alone, as a reader adds them up by hand."""
    scored = [one for one in lines if one["standing"] == "in_score"]
    ours = [one for one in lines if one["standing"] == "ours"]
    weight, of_score = (sum(one["amount_minor"] for one in of) for of in (lines, scored))
    days = sum(one["amount_minor"] * one["days_late"] for one in lines)
    earned = sum(one["amount_minor"] * points(one["days_late"]) for one in scored)
    late = sum(one["amount_minor"] for one in lines if one["days_late"] > 0)
    invoices = {one["document_id"] for one in scored}
    too_few = len(invoices) < least
    return {
        "invoices": len(invoices),
        "average_days_late": float(Fraction(days, weight)) if weight else None,
        "score": None if too_few else pytest.approx(float(Fraction(earned) / of_score), abs=1e-9),
        "too_few": too_few,
        "late_share": late / weight if weight else None,
        "open_late_items": len({one["document_id"] for one in scored if one["is_open"]}),
        "ours_items": sum(one["items"] for one in ours),
        "ours_days": sum(one["days_late"] * one["items"] for one in ours),
        "judged_minor": weight,
    }


class TestLinesBehindPunctuality:
    def test_make_every_figure_of_their_row(self, duckdb_session, rows):
        asked = follow(rows, None)
        answer = duckdb_session.rows(PUNCTUALITY.rows(asked.tables, asked.period, asked.given))
        assert len(answer) > 8
        assert sum(row["ours_items"] for row in answer) > 3
        several = 0
        for row in answer:
            lines, sums = told(duckdb_session, follow(rows, row["customer_id"]))
            figures = {name: row[name] for name in sums}
            assert sums == figures
            assert figures == pytest.approx(recounted(lines), abs=1e-9)
            several += len(lines) - len({one["document_id"] for one in lines})
        assert several > 5  # paid in parts

    def test_say_what_each_adds_to_the_averages(self, duckdb_session, rows):
        for customer in range(1, 13):
            lines, sums = told(duckdb_session, follow(rows, customer))
            if not lines:
                continue
            days = sum(one["adds_days"] for one in lines)
            assert days == pytest.approx(sums["average_days_late"], abs=1e-9)
            adds = [one["adds_score"] for one in lines]
            assert [one["points"] for one in lines] == [
                pytest.approx(float(points(one["days_late"]))) for one in lines
            ]
            if sums["too_few"]:
                assert set(adds) == {None}
                continue
            assert sum(x or 0 for x in adds) == pytest.approx(sums["score"], abs=1e-9)
            for one in lines:
                assert (one["adds_score"] is None) == (one["standing"] != "in_score")

    def test_tell_days_from_the_documents_and_their_payments(self, duckdb_session, rows):
        due = {i["invoice_id"]: i["due_on"] for i in rows["invoices"]}
        issued = {i["invoice_id"]: i["issued_on"] for i in rows["invoices"]}
        received: dict[int, set[date]] = {}
        by_id = {p["payment_id"]: p["received_on"] for p in rows["payments"]}
        for a in rows["allocations"]:
            if a["payment_id"]:
                received.setdefault(a["invoice_id"], set()).add(by_id[a["payment_id"]])
        stated = set()
        for customer in range(1, 13):
            lines, _ = told(duckdb_session, follow(rows, customer))
            for one in lines:
                number = one["document_id"]
                stated.add(one["due_is_stated"])
                assert one["due_is_stated"] == (due[number] is not None)
                assert one["due_on"] == (due[number] or issued[number])
                if one["is_open"]:
                    assert one["paid_on"] is None
                else:
                    assert one["paid_on"] in received[number]
                assert one["days_late"] == ((one["paid_on"] or AS_OF) - one["due_on"]).days
        assert stated == {True, False}

    def test_are_numbered_within_their_document(self, duckdb_session, rows):
        for customer in range(1, 13):
            lines, _ = told(duckdb_session, follow(rows, customer))
            parts: dict[int, list[int]] = {}
            for one in lines:
                parts.setdefault(one["document_id"], []).append(one["part"])
            assert all(found == list(range(len(found))) for found in parts.values())

    @pytest.mark.slow
    def test_are_the_same_on_every_engine(
        self, rows, duckdb_session, postgres_session, sail_session
    ):
        ours = [told(duckdb_session, follow(rows, customer)) for customer in (1, 2, 3)]
        for other in (postgres_session, sail_session):
            for (lines, sums), customer in zip(ours, (1, 2, 3), strict=True):
                theirs, added = told(other, follow(rows, customer))
                assert theirs == lines
                assert added == sums
