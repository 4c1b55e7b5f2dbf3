"""Laws of the analyses, whatever the trade."""

import random
from collections import Counter
from datetime import date, timedelta
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientela.analysis import abc, ageing, cohorts, punctuality, rfm, sales
from clientela.analysis.rules import (
    AGEING_BUCKETS,
    POINT_PARTS,
    PUNCTUALITY_POINTS,
    SEGMENTS,
    ageing_bucket,
    buying_score,
    punctuality_parts,
    punctuality_slopes,
    segment_of,
)
from clientela.records.rules import RFM_SEGMENTS
from clientela.tables.exchange_rates import rates_of
from clientela.warehouse.session import Session
from tests.examples import examples
from tests.library.trade import company

AS_OF = date(2026, 6, 30)
SESSION = Session.duckdb()
EXAMPLES = settings(max_examples=examples(15), deadline=None)
FEWER = settings(max_examples=examples(5), deadline=None)  # of several questions each
amounts = st.one_of(st.sampled_from([0, 1, 100, -100]), st.integers(-10_000, 10_000))
purchase = st.tuples(st.integers(1, 8), st.integers(0, 500), amounts)
trades = st.lists(purchase, min_size=1, max_size=40)


def purchases(trade, shuffled=None):
    rows = [
        {
            "purchase_id": number,
            "customer_id": customer,
            "kind": "invoice" if amount >= 0 else "credit_note",
            "purchased_on": AS_OF - timedelta(days=days),
            "currency": "EUR",
            "org_node_id": 1,
            "sold_by_id": 1,
            "net_base_minor": amount,
            "is_purchase": amount > 0,
        }
        for number, (customer, days, amount) in enumerate(trade)
    ]
    if shuffled is not None:
        random.Random(shuffled).shuffle(rows)
    return _table(rows)


debts = st.lists(
    st.tuples(st.sampled_from(["EUR", "CNY", "USD"]), st.integers(1, 10_000), st.integers(0, 9)),
    min_size=1,
    max_size=12,
)


def owing(debts):
    """Each debt with what was paid of it: some tenths, so that something may be left."""
    return [(currency, amount, amount * tenths // 10) for currency, amount, tenths in debts]


def debtors(debts, own):
    """Invoices and allocations, with their base amounts at the documents' own rates."""
    invoices, allocations = [], []
    for number, (currency, amount, paid) in enumerate(owing(debts), start=1):
        one = {"invoice_id": number, "customer_id": 1, "currency": currency}
        rate, day = own.get(currency, 1), AS_OF - timedelta(days=number)
        invoices.append(
            {
                **one, "kind": "invoice", "settlement": "known", "issued_on": day, "due_on": day,
                "delay_is_ours": False,
                "gross_minor": amount, "gross_base_minor": amount * rate,
            }
        )  # fmt: skip
        allocations.append(
            {
                **one, "allocated_on": day, "amount_minor": paid, "amount_base_minor": paid * rate,
                "payment_id": number, "credit_note_id": None, "delay_is_ours": False,
            }
        )  # fmt: skip
    paid = _table(allocations).filter(pc.field("amount_minor") > 0)
    return {"invoices": _table(invoices), "allocations": paid}


def balance(debts, rates, own):
    """What is open in all, at the rates of the day; `own` are the documents' own."""
    day = [(c, "EUR", AS_OF, rate) for c, rate in rates.items() if c != "EUR"]
    given = {**debtors(debts, own), "exchange_rates": _table(rates_of(day))}
    (row,) = SESSION.rows(ageing.population(**given, as_of=AS_OF))
    added = sum(r["open_base_minor"] for r in SESSION.rows(ageing(**given, as_of=AS_OF)))
    assert row["amount_minor"] == added
    return added


def book_value(debts, own):
    """What is open at the documents' own rates, as punctuality weighs it: credit notes settle."""
    tables = {**debtors(debts, own), "payments": _table([{"payment_id": 0, "received_on": AS_OF}])}
    settled = tables["allocations"]
    by_notes = pa.nulls(settled.num_rows, pa.int64())
    place = settled.schema.get_field_index("payment_id")
    tables["allocations"] = settled.set_column(place, "payment_id", by_notes)
    (row,) = SESSION.rows(punctuality(**tables, as_of=AS_OF)) or ({"judged_minor": 0},)
    return row["judged_minor"]


def _table(rows):
    return pa.Table.from_pylist(rows)


class TestAbc:
    @given(trades)
    @EXAMPLES
    def test_classes_fall_with_sales_and_cover_everybody(self, trade):
        rows = SESSION.rows(abc(purchases(trade), as_of=AS_OF, from_on=date(2020, 1, 1)))
        assert {row["customer_id"] for row in rows} == {customer for customer, _, _ in trade}
        ranked = [row for row in rows if row["class"] != "inactive"]
        assert [row["class"] for row in ranked] == sorted(row["class"] for row in ranked)
        assert all(row["net_sales_minor"] <= 0 for row in rows if row["class"] == "inactive")
        assert [row["rank"] for row in ranked] == list(range(1, len(ranked) + 1))
        assert not ranked or (ranked[0]["class"], ranked[-1]["running_share"]) == ("A", 1.0)

    @given(trades)
    @EXAMPLES
    def test_equal_sales_are_of_one_class(self, trade):
        rows = SESSION.rows(abc(purchases(trade), as_of=AS_OF))
        assert len({(r["net_sales_minor"], r["class"]) for r in rows}) == len(
            {r["net_sales_minor"] for r in rows}
        )

    @given(trades, st.integers(0, 99))
    @EXAMPLES
    def test_does_not_depend_on_the_order_of_rows(self, trade, seed):
        one, other = purchases(trade), purchases(trade, shuffled=seed)
        for question in (abc, rfm, sales, cohorts):
            assert SESSION.rows(question(one, as_of=AS_OF)) == SESSION.rows(
                question(other, as_of=AS_OF)
            )


class TestRfm:
    @given(trades)
    @EXAMPLES
    def test_equal_values_share_a_quintile_and_more_is_never_less(self, trade):
        rows = SESSION.rows(rfm(purchases(trade), as_of=AS_OF))
        for value, score, sign in (("recency_days", "r", -1), ("frequency", "f", 1)):
            pairs = sorted({(sign * row[value], row[score]) for row in rows})
            assert len(pairs) == len({pair[0] for pair in pairs})
            assert [pair[1] for pair in pairs] == sorted(pair[1] for pair in pairs)

    @given(trades, st.integers(2, 1000))
    @EXAMPLES
    def test_scores_do_not_depend_on_the_unit_of_money(self, trade, factor):
        scaled = [(customer, days, amount * factor) for customer, days, amount in trade]
        scores = [
            [(r["customer_id"], r["r"], r["f"], r["m"]) for r in SESSION.rows(rfm(p, as_of=AS_OF))]
            for p in (purchases(trade), purchases(scaled))
        ]
        assert scores[0] == scores[1]

    def test_segments_cover_every_score_once(self):
        for r, fm in product(range(1, 6), repeat=2):
            inside = [
                s.name for s in SEGMENTS if s.r_from <= r <= s.r_to and s.fm_from <= fm <= s.fm_to
            ]
            assert len(inside) == 1, (r, fm, inside)
        assert [s.name for s in SEGMENTS] == list(RFM_SEGMENTS)  # as the customer file knows them

    @given(trades)
    @EXAMPLES
    def test_segment_of_an_expression_is_that_of_the_rule(self, trade):
        for row in SESSION.rows(rfm(purchases(trade), as_of=AS_OF)):
            assert row["segment"] == segment_of(row["r"], row["f"], row["m"])

    def test_scores_outside_one_to_five_are_refused(self):
        for scores in ((0, 1, 1), (1, 0, 1), (1, 1, 6), (6, 1, 1)):
            with pytest.raises(ValueError, match="scores go from 1 to 5"):
                segment_of(*scores)
        assert (buying_score(1, 2), buying_score(2, 2), buying_score(5, 4)) == (2, 2, 5)


class TestCohorts:
    @given(trades)
    @EXAMPLES
    def test_retention_is_one_at_first_and_never_more(self, trade):
        rows = SESSION.rows(cohorts(purchases(trade), as_of=AS_OF))
        assert all(0 <= row["retention"] <= 1 for row in rows)
        assert all(row["retention"] == 1 for row in rows if row["month_number"] == 0)
        bought = {customer for customer, _, amount in trade if amount > 0}
        assert sum(r["customers"] for r in rows if r["month_number"] == 0) == len(bought)

    @given(trades)
    @EXAMPLES
    def test_have_a_cell_for_every_month_until_the_cut_off(self, trade):
        cells = Counter(r["cohort"] for r in SESSION.rows(cohorts(purchases(trade), as_of=AS_OF)))
        for cohort, months in cells.items():
            year, month = map(int, cohort.split("-"))
            assert months == (AS_OF.year - year) * 12 + AS_OF.month - month + 1


class TestSales:
    @given(trades)
    @EXAMPLES
    def test_parts_add_up_to_net_sales(self, trade):
        for row in SESSION.rows(sales(purchases(trade), as_of=AS_OF, by="customer")):
            parts = row["invoiced_minor"] - row["credited_minor"] + row["adjusted_minor"]
            assert parts == row["net_sales_minor"]


class TestReceivables:
    @pytest.mark.parametrize("seed", range(4))
    def test_ageing_adds_up_to_what_is_open(self, seed):
        rows = company(seed, documents=150)
        expr = ageing(_table(rows["invoices"]), _table(rows["allocations"]), as_of=AS_OF)
        for row in SESSION.rows(expr):
            buckets = [row[f"{name}_minor"] for name, _ in AGEING_BUCKETS]
            assert sum(buckets) == row["open_minor"]
            assert row["overdue_minor"] == row["open_minor"] - row["not_due_minor"]

    @pytest.mark.parametrize("seed", range(4))
    def test_customers_add_up_to_all(self, seed):
        rows = company(seed, documents=150)
        given = (_table(rows["invoices"]), _table(rows["allocations"]))
        whole = {
            row["currency"]: row["open_minor"]
            for row in SESSION.rows(ageing(*given, as_of=AS_OF, per="total"))
        }
        added: Counter[str] = Counter()
        for row in SESSION.rows(ageing(*given, as_of=AS_OF)):
            added[row["currency"]] += row["open_minor"]
        assert whole == added

    @given(debts, st.integers(2, 1000))
    @FEWER
    def test_at_the_documents_own_rates_the_balance_is_the_book_value(self, debts, factor):
        rates = {"EUR": 1, "CNY": 3, "USD": factor}
        by_hand = sum(rates[currency] * (amount - paid) for currency, amount, paid in owing(debts))
        assert balance(debts, rates, own=rates) == book_value(debts, rates) == by_hand

    @given(debts, st.integers(2, 1000))
    @FEWER
    def test_the_balance_scales_with_the_rates_and_not_with_the_documents(self, debts, factor):
        foreign = [debt for debt in debts if debt[0] != "EUR"] or [("CNY", 5, 2)]
        rates = {"CNY": 3, "USD": 7}
        scaled = {currency: rate * factor for currency, rate in rates.items()}
        one = balance(foreign, rates, own=rates)
        assert balance(foreign, scaled, own=rates) == factor * one
        assert balance(foreign, rates, own=scaled) == one

    @pytest.mark.parametrize("seed", range(4))
    def test_scores_lie_between_the_ends_of_the_scale(self, seed):
        rows = company(seed, documents=150)
        tables = {n: _table(rows[n]) for n in ("invoices", "allocations", "payments")}
        scores = [row["score"] for row in SESSION.rows(punctuality(**tables, as_of=AS_OF))]
        assert any(score is not None for score in scores)
        assert all(score is None or 20 <= score <= 100 for score in scores)

    @given(st.integers(-200, 400))
    def test_later_is_never_better_by_more_than_a_point_and_a_half(self, days):
        fall = punctuality_parts(days) - punctuality_parts(days + 1)
        assert 0 <= fall <= 1.5 * POINT_PARTS

    def test_named_days_earn_their_named_points(self):
        for days, points in PUNCTUALITY_POINTS:
            assert punctuality_parts(days) == points * POINT_PARTS
        assert punctuality_parts(-500) == 100 * POINT_PARTS
        assert punctuality_parts(500) == 20 * POINT_PARTS
        assert len(punctuality_slopes()) == len(PUNCTUALITY_POINTS) - 1

    @given(st.integers(-400, 800))
    def test_every_day_falls_into_one_bucket(self, days):
        bounds = [0, 30, 60, 90, 180]
        names = [name for name, _ in AGEING_BUCKETS]
        assert names.index(ageing_bucket(days)) == sum(days > bound for bound in bounds)
