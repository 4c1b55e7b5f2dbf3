"""What readers of totals alone are shown of made-up trade, recounted from its rows in Python.

Each figure that is told stands on k customers, or on no document; and so does what is left of
its sum when the others are taken off.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from clientela.analysis.registry import ANALYSES
from clientela.analysis.results import HIDDEN
from clientela.analysis.services import totals
from clientela.analysis.services.question import Asked
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.session import Session
from clientela.warehouse.sources import table_from
from tests.library.trade import company

AS_OF = date(2026, 6, 30)
LEAST = 10
PARTS = {
    "invoiced_minor": "invoice",
    "credited_minor": "credit_note",
    "adjusted_minor": "adjustment",
}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def session():
    with Session.duckdb() as opened:
        yield opened


def shown(session: Session, rows: dict[str, Rows], name: str, **parameters: Any) -> Rows:
    """Return an answer in groups as management is shown it, over these rows."""
    tables = {one: table_from(given, CONTRACTS[one]) for one, given in rows.items()}
    analysis = ANALYSES[name]
    asked = Asked(
        analysis=analysis, period=analysis.period(AS_OF), as_of=AS_OF,
        parameters=analysis.settings(parameters),
    )  # fmt: skip

    def ask(more: Asked) -> Rows:
        return session.rows(more.analysis.rows(tables, more.period, more.parameters))

    found = ask(asked)
    if name in totals.TOTALS:
        of_each = analysis.rows(tables, asked.period, asked.parameters)
        found = session.rows(totals.totals(name, of_each))
    return totals._HIDING[name](ask, asked, found, totals._figures(asked))


@pytest.fixture(scope="module")
def trade() -> dict[str, Rows]:
    return company(1, customers=90, documents=2000)


def is_credit_of_7(line: dict[str, Any]) -> bool:
    return bool(line["product_id"] == 7 and line["kind"] == "credit_note")


class TestSales:
    """Of each group: net sales, what they are made of, and quantities."""

    @pytest.mark.parametrize("by", ["product", "category", "branch", "region", "month"])
    def test_tell_no_part_of_few_customers(self, session, trade, by):
        told = {row["group_key"]: row for row in shown(session, trade, "sales", by=by)}
        for key, one in told.items():
            assert len({one[part] is None for part in PARTS}) == 1, "the others would tell it"
            for part, kind in PARTS.items():
                if one[part] is None:
                    continue
                for month in (None, *MONTHS) if by not in ("product", "month") else (None,):
                    behind = self.behind(trade, by, kind, month)
                    assert enough(behind, [key]), (key, part, month)

    @pytest.mark.parametrize("by", ["product", "category", "branch", "region", "month"])
    def test_tell_no_part_by_taking_the_shown_off_their_sum(self, session, trade, by):
        found = shown(session, trade, "sales", by=by)
        for sum_of in self.sums(trade, by, [row["group_key"] for row in found]):
            for part, kind in PARTS.items():
                behind = self.behind(trade, by, kind)
                inside = [row for row in found if row["group_key"] in sum_of]
                rest = [row["group_key"] for row in inside if row[part] is None]
                others = [row["group_key"] for row in inside if row[part] is not None]
                assert enough(behind, rest) or not any(behind.get(key) for key in others), part

    def test_tell_parts_where_many_stand_behind_them_and_hide_others(self, session):
        """Of one product three customers were credited something, of the others many."""
        trade = company(2, customers=400, documents=4000)
        kinds = ("invoice", "credit_note")
        lines = [{**one, "kind": kinds[one["invoice_id"] % 2]} for one in trade["invoice_lines"]]
        credited = [line for line in lines if is_credit_of_7(line)]
        kept = [line for line in lines if not is_credit_of_7(line)] + credited[-3:]
        found = shown(session, {**trade, "invoice_lines": kept}, "sales", by="product")
        told = {row["group_key"]: row for row in found}
        assert any(row["credited_minor"] for row in found)
        assert [told["7"][part] for part in PARTS] == [None] * 3
        assert not any(row[HIDDEN] for row in found)
        assert told["7"]["net_sales_minor"] is not None

    def test_tell_no_part_of_a_product_whose_category_hides_it(self, session, trade):
        category = {p["product_id"]: p["category_1"] or "" for p in trade["products"]}
        bare = {
            row["group_key"]
            for row in shown(session, trade, "sales", by="category")
            if row["credited_minor"] is None
        }
        for row in shown(session, trade, "sales", by="product"):
            if row["group_key"] and category[int(row["group_key"])] in bare:
                assert row["credited_minor"] is None

    def behind(self, rows, by, kind, month=None) -> dict[str, list[int | None]]:
        """Return of whom each group has documents of a kind in the period, or in a month of it."""
        found: dict[str, list[int | None]] = defaultdict(list)
        for one in documents(rows, by):
            if kind == one["kind"] and one["day"] in YEAR and month in (None, one["day"].month):
                found[one["key"]].append(one["customer_id"])
        return found

    def sums(self, rows, by, keys) -> list[set[str]]:
        if by != "product":  # the branches of the only region, and what has none
            return [set(keys)]
        found: dict[str, set[str]] = defaultdict(set)
        for product in rows["products"]:
            found[product["category_1"] or ""].add(str(product["product_id"]))
        found[""].add("")
        return list(found.values())


MONTHS = range(1, 13)
YEAR = {AS_OF - timedelta(days=n) for n in range(365)}


def documents(rows: dict[str, Rows], by: str) -> Rows:
    """Return what was sold with the key of its group, whole or line by line."""
    category = {p["product_id"]: p["category_1"] or "" for p in rows["products"]}
    node = {o["org_node_id"]: o for o in rows["org_nodes"]}
    keys = {
        "product": lambda r: str(r["product_id"] or ""),
        "category": lambda r: category.get(r["product_id"], ""),
        "branch": lambda r: str(node[r["sold_by_id"]]["branch_id"] or ""),
        "region": lambda r: str(node[r["sold_by_id"]]["region_id"] or ""),
        "month": lambda r: r["issued_on"].isoformat()[:7],
    }
    of = rows["invoice_lines" if by in ("product", "category") else "invoices"]
    return [{**row, "day": row["issued_on"], "key": keys[by](row)} for row in of]


def enough(behind: dict[str, list[int | None]], keys: list[str]) -> bool:
    """Tell whether k customers have documents in these groups, or nobody has."""
    of = [customer for key in keys for customer in behind.get(key, [])]
    return not of or len(set(of) - {None}) >= LEAST


def purchase(number: int, customer: int, net: int) -> dict[str, Any]:
    return {
        "purchase_id": number, "customer_id": customer, "org_node_id": 3, "sold_by_id": 3, "owner_id": None,
        "source_id": 1, "kind": "invoice" if net > 0 else "credit_note", "currency": "EUR",
        "net_minor": net, "purchased_on": date(2026, 5, 1 + number % 28), "net_base_minor": net,
        "margin_base_minor": None, "is_purchase": net > 0,
    }  # fmt: skip


class TestClassesAndSegments:
    """Sixty customers bought, two had something credited, and thirty are on file alone."""

    @pytest.fixture
    def rows(self) -> dict[str, Rows]:
        bought = [purchase(n, n, 10_000 if n <= 20 else n * 20) for n in range(1, 61)]
        credited = [purchase(101, 61, -4), purchase(102, 62, -23)]
        some = company(1, customers=87, documents=0)["customers"]
        files = [{**one, "stage": "customer", "is_archived": False} for one in some]
        return {"purchases": bought + credited, "customers": files}

    def test_tell_how_many_are_inactive_and_not_what_two_of_them_were_credited(self, session, rows):
        found = {row["class"]: row for row in shown(session, rows, "abc")}
        inactive = found.pop("inactive")
        assert inactive["customers"] == 32
        assert inactive["net_sales_minor"] is None
        hidden = [row for row in found.values() if row[HIDDEN]]
        assert len(hidden) == 1  # or the whole less the others would tell it
        assert all((row["customers"] is None) is row[HIDDEN] for row in found.values())

    def test_tell_all_where_nobody_inactive_has_a_document(self, session, rows):
        of_buyers = [one for one in rows["purchases"] if one["net_minor"] > 0]
        found = {
            row["class"]: row for row in shown(session, {**rows, "purchases": of_buyers}, "abc")
        }
        assert found["inactive"]["net_sales_minor"] == 0
        assert not any(row[HIDDEN] for row in found.values())

    def test_tell_no_class_of_whom_all_documents_cancel_out(self, session, rows):
        nothing = [purchase(201, 61, 23), purchase(202, 62, 4)]
        more = {**rows, "purchases": rows["purchases"] + nothing}
        found = {row["class"]: row for row in shown(session, more, "abc")}
        assert found["inactive"]["net_sales_minor"] is None

    def test_tell_no_segments_that_leave_two_customers_of_the_whole(self, session, rows):
        whole = {one["customer_id"] for one in rows["purchases"]}
        told = [row for row in shown(session, rows, "rfm") if not row[HIDDEN]]
        assert told
        rest = len(whole) - sum(row["customers"] for row in told)
        assert rest >= LEAST


class TestBalances:
    """Fifty customers owe what is not due; two sales to nobody known are overdue."""

    @pytest.fixture
    def rows(self) -> dict[str, Rows]:
        (one,) = company(1, documents=1)["invoices"]
        common = {**one, "kind": "invoice", "settlement": "known", "currency": "EUR"}
        amounts = dict.fromkeys(
            ("net_minor", "gross_minor", "net_base_minor", "gross_base_minor"), 500
        )
        made = [
            {
                **common, **amounts, "invoice_id": n, "customer_id": n if n <= 50 else None,
                "issued_on": date(2026, 6, 1) if n <= 50 else date(2026, 1, 5),
                "due_on": date(2026, 7, 30) if n <= 50 else date(2026, 6, 20),
            }
            for n in range(1, 53)
        ]  # fmt: skip
        return {"invoices": made, "allocations": []}

    def test_tell_nothing_of_documents_of_nobody_known(self, session, rows):
        (owed,) = shown(session, rows, "ageing", per="total")
        assert owed["open_minor"] == 52 * 500
        assert [owed[name] for name in ("not_due_minor", "overdue_minor")] == [None] * 2
        (days,) = shown(session, rows, "dso", per="total")
        assert days["receivables_minor"] == 52 * 500
        hidden = ("not_due_minor", "best_possible_90", "credit_sales_365_minor", "dso_365")
        assert [days[name] for name in hidden] == [None] * 4


class TestAgeing:
    def test_hides_what_few_have_not_applied(self, session):
        """Fifty customers owe; some paid what no invoice took, in euros, and in yuan nobody owes."""
        (one,) = company(1, documents=1)["invoices"]
        amounts = dict.fromkeys(("net_minor", "gross_minor", "net_base_minor"), 500)
        common = {**one, **amounts, "kind": "invoice", "settlement": "known", "currency": "EUR"}
        invoices = [
            {**common, "gross_base_minor": 500, "invoice_id": n, "customer_id": n,
             "issued_on": date(2026, 6, 1), "due_on": date(2026, 6, 20)}
            for n in range(1, 51)
        ]  # fmt: skip

        def told(euros: int, yuan: int) -> dict[str, Any]:
            payments = [
                {"payment_id": n, "customer_id": n, "org_node_id": 3, "owner_id": None,
                 "source_id": 1, "received_on": AS_OF, "amount_minor": 7, "amount_base_minor": 7,
                 "currency": "EUR" if n <= euros else "CNY"}
                for n in range(1, euros + yuan + 1)
            ]  # fmt: skip
            rows = {"invoices": invoices, "allocations": [], "payments": payments,
                    "exchange_rates": company(1, documents=1)["exchange_rates"]}  # fmt: skip
            found = shown(session, rows, "ageing", per="total")
            return {row["currency"]: (row["open_minor"], row["unapplied_minor"]) for row in found}

        assert told(LEAST, LEAST) == {"EUR": (50 * 500, 70), "CNY": (0, 70)}
        assert told(LEAST - 1, LEAST - 1) == {"EUR": (50 * 500, None), "CNY": (0, None)}
        assert told(1, 0) == {"EUR": (50 * 500, None)}
