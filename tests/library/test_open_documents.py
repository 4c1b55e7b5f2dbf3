"""The documents behind a row of the ageing add up to every column of it, in its own currency."""

from datetime import date

import pytest

from clientela.analysis.expressions.details import DETAILS, Follow
from clientela.analysis.expressions.open_documents import sums_of, with_ages
from clientela.analysis.registry import ANALYSES
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.session import Session
from clientela.warehouse.sources import table_from
from tests.library.trade import company

AS_OF = date(2026, 6, 17)
ENDS = (("not_due", 0), ("days_1_30", 30), ("days_31_60", 60), ("days_61_90", 90),
        ("days_91_180", 180), ("days_over_180", 10_000))  # fmt: skip


@pytest.mark.parametrize("per", ["customer", "total"])
def test_open_documents_make_every_column_of_their_row(per: str) -> None:
    rows = company(5)
    due = {one["invoice_id"]: one["due_on"] or one["issued_on"] for one in rows["invoices"]}
    tables = {name: table_from(given, CONTRACTS[name]) for name, given in rows.items()}
    ageing, given = ANALYSES["ageing"], {"per": per}
    period = ageing.period(AS_OF)
    with Session.duckdb() as session:
        found = session.rows(ageing.rows(tables, period, given))
        assert {row["currency"] for row in found} == {"EUR", "CNY"}
        for row in found[:: max(1, len(found) // 8)]:
            key = {name: row[name] for name in ("customer_id", "currency")}
            aged = with_ages(ageing.behind(tables, period, key, given), tables, period)
            (sums,) = session.rows(aged.agg(**sums_of(aged)))
            assert sums == {name: row[name] for name in sums}
            lines = session.rows(aged)
            assert len(lines) == row["documents"]
            for line in lines:
                late = max((AS_OF - due[line["document_id"]]).days, 0)
                assert line["days_past_due"] == late
                assert line["bucket"] == next(name for name, end in ENDS if late <= end)


@pytest.mark.parametrize("per", ["customer", "total"])
def test_open_documents_make_what_days_of_sales_stand_on(per: str) -> None:
    tables = {name: table_from(given, CONTRACTS[name]) for name, given in company(5).items()}
    dso, detail = ANALYSES["dso"], DETAILS["dso"]
    with Session.duckdb() as session:
        rows = session.rows(dso.rows(tables, dso.period(AS_OF), {"per": per}))
        for row in rows[:: max(1, len(rows) // 6)]:
            asked = Follow(
                analysis=dso, tables=tables, period=dso.period(AS_OF), given={"per": per},
                row={"customer_id": row["customer_id"]},
            )  # fmt: skip
            found = detail.lines(asked)
            (sums,) = session.rows(detail.sums(asked, found))
            assert sums == {name: row[name] for name in ("receivables_minor", "not_due_minor")}
            lines = session.rows(found)
            late = [one["amount_minor"] for one in lines if one["days_past_due"] > 0]
            assert sum(late) == row["receivables_minor"] - row["not_due_minor"]
            assert detail.others is not None
            assert session.rows(detail.others(asked)) == [row]
