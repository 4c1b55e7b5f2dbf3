"""Each analysis equals its naive recount in plain Python, on trade made by chance."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from clientela.analysis import abc, ageing, cohorts, dso, punctuality, rfm, sales
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.session import Session
from clientela.warehouse.sources import table_from
from tests.library import recount
from tests.library.trade import company

AS_OF = date(2026, 6, 30)
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def session():
    with Session.duckdb() as opened:
        yield opened


@pytest.fixture(scope="module", params=SEEDS)
def rows(request: pytest.FixtureRequest) -> dict[str, Any]:
    return company(request.param)


@pytest.fixture(scope="module")
def tables(rows):
    return {name: table_from(given, CONTRACTS[name]) for name, given in rows.items()}


class TestAgainstARecount:
    def test_abc_gives_every_customer_the_same_class_and_sales(self, session, rows, tables):
        ours = {
            row["customer_id"]: (row["net_sales_minor"], row["class"])
            for row in session.rows(abc(tables["purchases"], as_of=AS_OF))
        }
        theirs = recount.abc(rows["purchases"], AS_OF)
        assert ours == theirs
        assert {"A", "B", "C", "inactive"} == set(Counter(c for _, c in theirs.values()))

    def test_rfm_gives_every_customer_the_same_values_and_quintiles(self, session, rows, tables):
        names = ("recency_days", "frequency", "monetary_minor", "r", "f", "m")
        ours = {
            row["customer_id"]: tuple(row[name] for name in names)
            for row in session.rows(rfm(tables["purchases"], as_of=AS_OF))
        }
        theirs = {
            who: (recency, frequency, round(monetary), *scores)  # a Fraction rounds half to even
            for who, (recency, frequency, monetary, *scores) in recount.rfm(
                rows["purchases"], AS_OF
            ).items()
        }
        assert ours == theirs

    def test_cohorts_have_the_same_cells(self, session, rows, tables):
        ours = {
            (row["cohort"], row["month_number"]): (
                row["customers"],
                row["active"],
                row["net_sales_minor"],
            )
            for row in session.rows(cohorts(tables["purchases"], as_of=AS_OF))
        }
        assert ours == recount.cohorts(rows["purchases"], AS_OF)

    def test_ageing_has_the_same_buckets(self, session, rows, tables):
        names = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_180", "days_over_180")
        read = ("invoices", "allocations", "exchange_rates", "payments")
        given = [tables[name] for name in read]
        found = session.rows(ageing(*given, as_of=AS_OF))
        ours = {
            (row["customer_id"], row["currency"]): [row[f"{name}_minor"] for name in names]
            for row in found
            if row["documents"]
        }
        assert ours == recount.ageing(rows, AS_OF)
        in_euros = {(row["customer_id"], row["currency"]): row["open_base_minor"] for row in found}
        owing = {key: amount for key, amount in in_euros.items() if amount}
        assert owing == recount.balances(rows, AS_OF)
        (over,) = session.rows(ageing.population(*given, as_of=AS_OF))
        assert over["amount_minor"] == sum(in_euros.values())

    def test_ageing_has_the_same_beside_it(self, session, rows, tables):
        read = ("invoices", "allocations", "exchange_rates", "payments")
        given = [tables[name] for name in read]
        theirs = {key: left for key, left in recount.unapplied(rows, AS_OF).items() if left}
        found = session.rows(ageing(*given, as_of=AS_OF))
        ours = {(r["customer_id"], r["currency"]): r["unapplied_minor"] for r in found}
        assert {key: left for key, left in ours.items() if left} == theirs
        assert any(not row["documents"] for row in found)
        whole: Counter[str] = Counter()
        for (_, currency), left in theirs.items():
            whole[currency] += left
        found = session.rows(ageing(*given, as_of=AS_OF, per="total"))
        assert {r["currency"]: r["unapplied_minor"] for r in found} == dict(whole)

    def test_punctuality_has_the_same_days_and_scores(self, session, rows, tables):
        expr = punctuality(
            tables["invoices"], tables["allocations"], tables["payments"], as_of=AS_OF
        )
        ours = {
            row["customer_id"]: tuple(
                row[name]
                for name in (
                    *("average_days_late", "score"),
                    *("invoices", "open_late_items", "ours_items"),
                )
            )
            for row in session.rows(expr)
        }
        theirs = recount.punctuality(rows, AS_OF)
        assert ours.keys() == theirs.keys()
        for who, figures in theirs.items():
            assert ours[who] == pytest.approx([None if f is None else float(f) for f in figures])
        assert any(late for *_, late, _ in theirs.values())
        assert any(fault for *_, fault in theirs.values())
        assert all(judged >= late for _, _, judged, late, _ in theirs.values())

    def test_count_back_walks_the_same_days(self, session, rows, tables):
        given = (tables["invoices"], tables["allocations"], tables["exchange_rates"])
        expr = dso(*given, as_of=AS_OF, per="total")
        (row,) = session.rows(expr)
        assert row["dso_count_back"] == pytest.approx(float(recount.count_back(rows, AS_OF)))

    @pytest.mark.parametrize("by", ["month", "customer", "branch", "region", "country", "product"])
    def test_sales_add_up_to_all_documents_of_the_period(self, session, rows, tables, by):
        names = ("purchases", "invoice_lines", "products", "customers", "org_nodes")
        given = {name: tables[name] for name in names}
        found = session.rows(sales(**given, as_of=AS_OF, by=by))
        since = recount.year_until(AS_OF)
        inside = [i for i in rows["purchases"] if since <= i["purchased_on"] <= AS_OF]
        assert sum(r["net_sales_minor"] for r in found) == sum(i["net_base_minor"] for i in inside)
        before = recount.year_until(since - timedelta(days=1))
        earlier = [i for i in rows["purchases"] if before <= i["purchased_on"] < since]
        assert sum(r["previous_minor"] for r in found) == sum(i["net_base_minor"] for i in earlier)
        assert sum(Fraction(r["share"]) for r in found) == pytest.approx(1)
