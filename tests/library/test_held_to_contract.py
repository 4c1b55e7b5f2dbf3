"""A caller's table that breaks its contract is refused, with what is wrong and what is allowed."""

import sys
import time
from datetime import date

import duckdb
import ibis
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clientela.analysis import abc, ageing, cohorts, dso, rfm, sales
from clientela.analysis.registry import ANALYSES, QUESTIONS
from clientela.tables.contract import ContractBroken
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.engines import is_the_products
from clientela.warehouse.session import Session
from tests.library.trade import company

AS_OF = "2026-06-30"
NAN = float("nan")
ROWS = company(5)
PURCHASE = {
    "purchase_id": 1, "customer_id": 1, "sold_by_id": 1, "kind": "invoice",
    "purchased_on": date(2026, 5, 5), "currency": "EUR", "net_base_minor": 100,
    "is_purchase": True,
}  # fmt: skip
INVOICE = {
    "invoice_id": 1, "customer_id": 1, "kind": "invoice", "settlement": "known",
    "issued_on": date(2026, 5, 1), "due_on": None, "currency": "EUR",
    "gross_minor": 100, "gross_base_minor": 100,
}  # fmt: skip
ALLOCATION = {
    "allocation_id": 1, "invoice_id": 1, "payment_id": 1, "credit_note_id": None,
    "allocated_on": date(2026, 5, 9), "amount_minor": 30, "amount_base_minor": 30,
}  # fmt: skip


def purchases(**wrong):
    return [PURCHASE, {**PURCHASE, "purchase_id": 2, **wrong}]


def invoices(**wrong):
    return [INVOICE, {**INVOICE, "invoice_id": 2, **wrong}]


def required():
    """Yield every column that an analysis reads and that may not be null."""
    for name, analysis in ANALYSES.items():
        for contract, columns in analysis.reads.items():
            for column in columns:
                if contract.columns[column].required:
                    yield name, contract.name, column


def asked(name, table, rows):
    """Ask an analysis over the trade, with other rows in one table."""
    tables = {c.name: ROWS[c.name] for c in ANALYSES[name].reads} | {table: rows}
    return QUESTIONS[name](**tables, as_of=AS_OF)


class TestRows:
    @pytest.mark.parametrize(("name", "table", "column"), list(required()))
    def test_with_a_null_that_is_not_allowed_are_refused(self, name, table, column):
        rows = [dict(row) for row in ROWS[table]]
        rows[1][column] = None
        with pytest.raises(
            ContractBroken, match=rf"{table}\.{column}: null in 1 of {len(rows)} rows"
        ):
            asked(name, table, rows)

    @pytest.mark.parametrize("name", ANALYSES)
    def test_may_be_null_where_the_contract_says_so(self, name):
        tables = {}
        for contract, columns in ANALYSES[name].reads.items():
            rows = tables[contract.name] = [dict(row) for row in ROWS[contract.name]]
            for column in columns:
                if not contract.columns[column].required and not column.endswith("_base_minor"):
                    rows[1][column] = None
        assert QUESTIONS[name](**tables, as_of=AS_OF).count().to_pyarrow().as_py()

    def test_say_column_number_example_and_what_is_allowed(self):
        with pytest.raises(ContractBroken) as refused:
            abc(purchases(kind="Invoice", currency=None), as_of=AS_OF)
        assert str(refused.value).splitlines() == [
            "purchases.kind: 'Invoice' in 1 of 2 rows. "
            "Allowed: one of invoice, credit_note, adjustment",
            "purchases.currency: null in 1 of 2 rows, such as purchase_id 2. "
            "Allowed: three capital letters, such as EUR, and no null",
        ]

    def test_with_another_word_are_refused(self):
        for wrong in ("Known", "", " known"):
            with pytest.raises(ContractBroken, match=r"settlement: .*Allowed: one of known, unkn"):
                ageing(invoices(settlement=wrong), [ALLOCATION], as_of=AS_OF)
        for wrong in ("eur", "EURO", "€", "EUR\n"):
            with pytest.raises(ContractBroken, match=r"purchases\.currency: .* in 1 of 2 rows"):
                rfm(purchases(currency=wrong), as_of=AS_OF)

    def test_with_a_number_that_is_too_small_are_refused(self):
        wrong = {**ALLOCATION, "allocation_id": 2, "amount_minor": 0}
        with pytest.raises(ContractBroken, match=r"amount_minor: 0 in 1 of 2 rows.*at least 1"):
            ageing([INVOICE], [ALLOCATION, wrong], as_of=AS_OF)

    @pytest.mark.parametrize(("name", "table"), [
        (name, contract.name) for name, one in ANALYSES.items() for contract in one.reads
    ])  # fmt: skip
    def test_of_one_key_are_refused(self, name, table):
        (key,) = CONTRACTS[table].one_row_per
        rows = [*ROWS[table], ROWS[table][0]]
        with pytest.raises(ContractBroken, match=rf"{table}\.{key}: given more than once, 1 of"):
            asked(name, table, rows)

    def test_that_settle_what_is_given_by_a_payment_that_is_not_are_refused(self):
        settling = [a for a in ROWS["allocations"] if a["payment_id"] is not None]
        payments = [p for p in ROWS["payments"] if p["payment_id"] != settling[0]["payment_id"]]
        told = rf"not in payments, such as {settling[0]['payment_id']}\. Give these payments too"
        with pytest.raises(ContractBroken, match=told):
            asked("punctuality", "payments", payments)
        others = {a["invoice_id"] for a in settling if a["payment_id"] == settling[0]["payment_id"]}
        some = [i for i in ROWS["invoices"] if i["invoice_id"] not in others]
        tables = {**ROWS, "invoices": some, "payments": payments}
        given = {c.name: tables[c.name] for c in ANALYSES["punctuality"].reads}
        QUESTIONS["punctuality"](**given, as_of=AS_OF)

    def test_need_no_key_that_the_analysis_does_not_read(self):
        rows = [{n: v for n, v in ALLOCATION.items() if n != "allocation_id"}] * 2
        assert ageing([INVOICE], rows, as_of=AS_OF).to_pyarrow()["open_minor"].to_pylist() == [40]

    def test_with_numbers_that_are_none_are_refused(self):
        for wrong in (NAN, float("inf"), 1.5):
            rows = purchases(net_base_minor=wrong)
            for given in (rows, pl.DataFrame(rows, strict=False), pa.Table.from_pylist(rows)):
                with pytest.raises(ContractBroken, match=r"net_base_minor: \S+ in 1 of 2 rows"):
                    abc(given, as_of=AS_OF)

    def test_of_a_frame_with_a_column_twice_are_refused(self):
        frame = pd.DataFrame(purchases())
        twice = pd.concat([frame, frame[["kind"]]], axis=1)
        with pytest.raises(ContractBroken, match=r"^purchases: columns given twice: kind$"):
            abc(twice, as_of=AS_OF)

    def test_in_no_form_that_is_read_are_told_the_forms(self):
        with pytest.raises(ContractBroken, match=r"of dict\. Give a pandas or polars"):
            abc({"purchase_id": [1]}, as_of=AS_OF)

    def test_with_values_of_several_kinds_are_refused(self):
        rows = purchases(kind=7)
        with pytest.raises(ContractBroken, match=r"purchases\.kind: values of several kinds"):
            abc(rows, as_of=AS_OF)
        with pytest.raises(ContractBroken, match="kind"):
            abc(pd.DataFrame(rows), as_of=AS_OF)

    def test_with_a_day_that_is_none_are_refused(self):
        rows = purchases(purchased_on="31.12.2025")
        rows[0] = rows[0] | {"purchased_on": "2025-12-31"}
        with pytest.raises(ContractBroken, match=r"purchased_on: '31\.12\.2025' in 1 of 2 rows"):
            abc(rows, as_of=AS_OF)
        with pytest.raises(ContractBroken, match=r"31\.12\.2025") as refused:
            abc(ibis.memtable(pa.Table.from_pylist(rows)), as_of=AS_OF)
        assert "\n" not in str(refused.value)


class TestMissingAmounts:
    @pytest.mark.parametrize("analysis", [abc, rfm, sales, cohorts])
    def test_that_figures_stand_on_are_refused(self, analysis):
        rows = purchases(net_base_minor=None)
        for given in (rows, pd.DataFrame(rows)):
            with pytest.raises(ContractBroken, match=r"purchases\.net_base_minor: .* 1 in EUR \(s"):
                analysis(given, as_of=AS_OF)

    def test_of_what_is_left_out_are_allowed(self):
        for other in ({"customer_id": None}, {"purchased_on": date(2026, 7, 1)}):
            rows = purchases(net_base_minor=None, **other)
            assert abc(rows, as_of=AS_OF).to_pyarrow()["net_sales_minor"].to_pylist() == [100]

    def test_of_balances_in_one_currency_are_allowed(self):
        rows = [{**one, "gross_base_minor": None} for one in invoices()]
        for analysis, column in ((ageing, "open_base_minor"), (dso, "receivables_minor")):
            found = analysis(rows, [ALLOCATION], as_of=AS_OF).to_pyarrow()
            assert found[column].to_pylist() == [170]

    def test_of_days_of_sales_in_several_are_refused(self):
        rows = invoices(gross_base_minor=None, currency="USD")
        with pytest.raises(ContractBroken, match=r"invoices\.gross_base_minor.* 1 in USD"):
            dso(rows, [ALLOCATION], as_of=AS_OF)


class TestTables:
    def test_of_any_kind_are_looked_at(self, tmp_path):
        rows = purchases(purchase_id=1)
        arrow = pa.Table.from_pylist(rows)
        pq.write_table(arrow, tmp_path / "p.parquet")
        backend = ibis.duckdb.connect(":memory:")
        for given in (
            rows, arrow, pd.DataFrame(rows), pl.DataFrame(rows), pl.LazyFrame(rows),
            duckdb.from_arrow(arrow), ibis.memtable(arrow), backend.create_table("p", arrow),
            tmp_path / "p.parquet",
        ):  # fmt: skip
            with pytest.raises(ContractBroken, match="purchase_id: given more than once"):
                abc(given, as_of=AS_OF)
            with pytest.raises(ContractBroken, match="purchase_id: given more than once"):
                abc.population(given, as_of=AS_OF)

    def test_that_only_have_a_shape_and_those_of_the_product_are_not_read(self, monkeypatch):
        unbound = CONTRACTS["purchases"].unbound()
        assert "class" in abc(unbound, as_of=AS_OF).columns
        backend = ibis.duckdb.connect(":memory:")
        table = backend.create_table("p", pa.Table.from_pylist(purchases(purchase_id=1)))
        backend.is_clientelas = True
        monkeypatch.setattr(backend, "to_pyarrow", None)
        assert "class" in abc(table, as_of=AS_OF).columns

    @pytest.mark.slow
    def test_of_the_database_are_the_products(self, postgres_dsn):
        with Session.postgres(postgres_dsn) as session:
            assert is_the_products(session.engine.backend)
        with Session.duckdb() as session:
            assert not is_the_products(session.engine.backend)

    def test_of_a_million_rows_are_looked_at_in_no_time(self, capsys):
        n = 1_000_000
        day = pa.array(np.full(n, np.datetime64("2026-05-05")), pa.date32())
        table = pa.table({
            "purchase_id": np.random.default_rng(1).permutation(n),
            "customer_id": np.arange(n) % 50_000,
            "kind": ["invoice"] * n, "purchased_on": day, "currency": ["EUR"] * (n - 1) + ["eur"],
            "net_base_minor": np.full(n, 100),
        })  # fmt: skip
        began = time.process_time()
        with pytest.raises(ContractBroken, match="'eur' in 1 of 1000000 rows"):
            abc(table, as_of=AS_OF)
        took = time.process_time() - began
        with capsys.disabled():
            sys.stdout.write(f"\n1,000,000 rows: {took:.2f} s of processor time\n")
        assert took < 3


class TestPolars:
    ROWS = [row | {"purchased_on": "2026-05-05"} for row in purchases()]

    @pytest.mark.parametrize("given", [
        pl.DataFrame(ROWS),
        pl.LazyFrame(ROWS),
        pl.DataFrame(ROWS).with_columns(pl.col("kind").cast(pl.Categorical)),
        pl.DataFrame(ROWS).with_columns(pl.col("kind").cast(pl.Enum(["invoice", "other"]))),
        pl.concat([pl.DataFrame(ROWS[:1]), pl.DataFrame(ROWS[1:])], rechunk=False),
        pd.DataFrame(ROWS).astype({"kind": "category"}),
    ], ids=["texts", "lazy", "categories", "enum", "chunks", "pandas"])  # fmt: skip
    def test_frames_with_texts_are_taken(self, given):
        found = abc(given, as_of=AS_OF).to_pyarrow().to_pylist()
        assert [row["net_sales_minor"] for row in found] == [200]


class TestFiles:
    @pytest.mark.parametrize(("name", "content", "told"), [
        ("gone.parquet", None, r"purchases: the file \S+gone\.parquet does not exist"),
        ("gone-*.parquet", None, r"purchases: no file matches \S+gone-\*\.parquet"),
        ("p.csv", b"a,b\n1,2\n", r"is a CSV file; .*pandas\.read_csv\('.*p\.csv'\) and pass the"),
        ("p.xlsx", b"PK\3\4", r"is a workbook; .*pandas\.read_excel"),
        ("p.parquet", b"no parquet", r"is no Parquet file; .*pandas, polars or DuckDB"),
        ("cut.parquet", b"PAR1 cut off", r"cannot be read as Parquet files"),
    ], ids=["gone", "pattern", "csv", "workbook", "other", "cut"])  # fmt: skip
    @pytest.mark.parametrize("many", [False, True])
    def test_that_are_none_are_told_apart(self, name, content, told, many, tmp_path):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ContractBroken, match=told):
            abc([str(path)] if many else path, as_of=AS_OF)

    def test_that_are_folders_are_told_and_patterns_are_taken(self, tmp_path, monkeypatch):
        with pytest.raises(ContractBroken, match=r"is a folder\. Name the files in it: '.*\*\.par"):
            abc(tmp_path, as_of=AS_OF)
        for n, row in enumerate(purchases()):
            pq.write_table(pa.Table.from_pylist([row]), tmp_path / f"{n}.parquet")
        found = abc(str(tmp_path / "*.parquet"), as_of=AS_OF).to_pyarrow()
        assert found["net_sales_minor"].to_pylist() == [200]
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ContractBroken, match=rf"gone\.parquet does not exist in {tmp_path}"):
            abc("gone.parquet", as_of=AS_OF)
