"""Table contracts: what they refuse, and what a notebook may bring."""

from datetime import date, datetime
from pathlib import Path

import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clientela.analysis import abc, rfm
from clientela.analysis.expressions.spec import BadQuestion
from clientela.analysis.questions import day_of
from clientela.kernel.scope import FIELD_CLASSES
from clientela.tables.contract import Column, ContractBroken, TableContract
from clientela.tables.customers import CUSTOMERS
from clientela.tables.invoices import INVOICES
from clientela.tables.purchases import PURCHASES, purchases_of
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.checking import hold_to_contract
from clientela.warehouse.session import Session
from clientela.warehouse.sources import table_from, tables_from
from tests.library.trade import company

AS_OF = date(2026, 6, 30)
ROWS = company(5)
NEEDED = (*("purchase_id", "customer_id", "kind", "purchased_on"), "currency", "net_base_minor")


@pytest.fixture(scope="module")
def session():
    with Session.duckdb() as opened:
        yield opened


@pytest.fixture(scope="module")
def arrow() -> pa.Table:
    return pa.Table.from_pylist(ROWS["purchases"])


@pytest.fixture(scope="module")
def expected(session, arrow):
    return session.rows(rfm(arrow, as_of=AS_OF))


class TestContract:
    @pytest.mark.parametrize("contract", CONTRACTS.values(), ids=lambda c: c.name)
    def test_says_of_every_column_what_it_means_and_who_may_see_it(self, contract):
        for name, column in contract.columns.items():
            assert column.meaning.endswith("."), name
            assert column.field_class in FIELD_CLASSES
            assert column.type in ("int64", "string", "date", "boolean")
            assert name.endswith("_minor") <= (column.unit is not None)
            assert (not column.required) >= ("null" in column.meaning) or name == "owner_id"
        assert contract.columns[contract.one_row_per[0]].type == "int64"

    def test_carries_no_name_of_a_person(self):
        assert not [name for name in CUSTOMERS.columns if "name" in name or "phone" in name]

    def test_refuses_a_missing_column_and_names_it(self):
        table = ibis.table({"purchase_id": "int64"}, name="t")
        with pytest.raises(ContractBroken, match="'customer_id'"):
            PURCHASES.check(table)

    def test_asks_only_for_the_columns_needed(self):
        table = ibis.table({"purchase_id": "int64", "more": "string"}, name="t")
        assert PURCHASES.check(table, "purchase_id").columns == ("purchase_id",)
        with pytest.raises(ContractBroken, match="not columns of the contract"):
            PURCHASES.check(table, "more")

    @pytest.mark.parametrize("given", ["float64", "decimal(18, 2)", "boolean"])
    def test_refuses_an_amount_that_is_no_whole_number(self, given):
        with pytest.raises(ContractBroken, match="net_base_minor"):
            PURCHASES.check(ibis.table({"net_base_minor": given}, name="t"), "net_base_minor")

    @pytest.mark.parametrize(
        ("given", "name"), [("int32", "customer_id"), ("timestamp", "purchased_on")]
    )
    def test_casts_what_loses_nothing(self, given, name):
        checked = PURCHASES.check(ibis.table({name: given}, name="t"), name)
        assert str(checked[name].type()) == PURCHASES.columns[name].type

    def test_refuses_a_grain_that_is_no_column(self):
        with pytest.raises(ContractBroken, match="'b'"):
            TableContract("t", "A table.", ("b",), {"a": Column("int64", "It.")})

    @pytest.mark.parametrize("name", ROWS)
    def test_finds_no_fault_in_sound_rows(self, name):
        contract = CONTRACTS[name]
        hold_to_contract(table_from(ROWS[name], contract), contract, tuple(contract.columns))

    def test_rollup_of_invoices_is_the_purchases(self, session):
        rollup = session.rows(purchases_of(table_from(ROWS["invoices"], INVOICES)))
        assert sorted(rollup, key=lambda r: r["purchase_id"]) == ROWS["purchases"]


class TestNotebook:
    def test_brings_any_frame_and_gets_the_same_answer(self, session, arrow, expected, tmp_path):
        pq.write_table(arrow, tmp_path / "a.parquet")
        pq.write_table(arrow.slice(0, 100), tmp_path / "1.parquet")
        pq.write_table(arrow.slice(100), tmp_path / "2.parquet")
        parts = [tmp_path / "1.parquet", str(tmp_path / "2.parquet")]
        frames = [arrow.to_pandas(), pl.from_arrow(arrow), arrow.to_batches()[0], ROWS["purchases"]]
        for frame in frames:
            assert session.rows(rfm(frame, as_of=AS_OF)) == expected
        assert rfm(ibis.memtable(arrow), as_of=AS_OF).to_pyarrow().to_pylist() == expected
        for paths in (tmp_path / "a.parquet", parts):
            assert rfm(paths, as_of=AS_OF).to_pyarrow().to_pylist() == expected

    def test_needs_only_the_columns_that_the_analysis_reads(self, session, arrow):
        narrow = arrow.select(list(NEEDED))
        assert session.rows(abc(narrow, as_of=AS_OF)) == session.rows(abc(arrow, as_of=AS_OF))

    def test_gets_a_frame_with_the_columns_it_expects(self, arrow):
        frame = rfm(arrow, as_of=AS_OF).to_pandas()
        assert isinstance(frame, pd.DataFrame)
        assert list(frame.columns)[-1] == "segment"

    def test_says_over_what_an_answer_was_taken(self, session, arrow):
        (row,) = session.rows(abc.population(arrow, as_of=AS_OF))
        assert row["documents"] > 0

    def test_is_told_of_an_amount_with_a_fraction(self):
        rows = [{"customer_id": 1, "net_base_minor": 1.5}]
        for frame in (pd.DataFrame(rows), pl.DataFrame(rows)):
            with pytest.raises(ContractBroken, match="net_base_minor"):
                table_from(frame, PURCHASES)

    @pytest.mark.parametrize("given", [7, ["a.parquet", 7], object()])
    def test_is_told_of_what_is_no_table(self, given):
        with pytest.raises(ContractBroken):
            table_from(given, PURCHASES)

    def test_finds_the_analyses_by_their_names(self):
        import clientela.analysis

        assert {"abc", "rfm", "ageing", "dso"} <= set(dir(clientela.analysis))

    def test_is_told_of_a_table_under_no_contract(self):
        with pytest.raises(ContractBroken, match="sails"):
            tables_from({"sails": []}, CONTRACTS)

    def test_may_name_tables_and_parameters(self, session, arrow):
        by_name = abc(purchases=arrow, as_of=AS_OF, a_until_percent="50", from_on=date(2026, 1, 1))
        assert session.rows(by_name)[0]["class"] == "A"

    def test_is_told_of_what_cannot_be_asked(self, arrow):
        for wrong, message in (
            ({"sort": 1}, "no parameter"),
            ({"a_until_percent": 100}, "from 1 to 99"),
            ({"a_until_percent": "most"}, "is no whole number"),
            ({"a_until_percent": 85.5}, "is no whole number"),
            ({"purchases": arrow}, "given twice"),
        ):
            with pytest.raises(BadQuestion, match=message):
                abc(arrow, as_of=AS_OF, **wrong)
        with pytest.raises(BadQuestion, match="needs the tables"):
            abc(as_of=AS_OF)
        with pytest.raises(BadQuestion, match="reads only"):
            rfm(arrow, arrow, as_of=AS_OF)

    def test_may_not_open_a_row_by_other_than_its_keys(self, arrow):
        analysis = rfm.analysis
        tables = {"purchases": table_from(arrow, PURCHASES)}
        with pytest.raises(BadQuestion, match="named by"):
            analysis.behind(tables, analysis.period(AS_OF), {"customer": 1})

    def test_asks_for_what_there_is(self):
        import clientela.analysis

        assert "recently" in rfm.__doc__ or "lately" in rfm.__doc__
        assert "rfm" in repr(rfm)
        with pytest.raises(AttributeError):
            _ = clientela.analysis.horoscope

    def test_empty_rows_make_an_empty_table(self, session):
        assert session.rows(table_from([], CUSTOMERS)) == []


def test_paths_may_be_of_either_kind(tmp_path: Path):
    pq.write_table(pa.Table.from_pylist(ROWS["products"]), tmp_path / "p.parquet")
    for path in (tmp_path / "p.parquet", str(tmp_path / "p.parquet")):
        table = table_from(path, CONTRACTS["products"])
        assert table.count().to_pyarrow().as_py() == len(ROWS["products"])


class TestDay:
    def test_may_be_a_text_and_is_named_where_it_is_none(self):
        with pytest.raises(BadQuestion, match=r"as_of is no day: '31\.12\.2025'"):
            abc(purchases=[], as_of="31.12.2025")
        assert day_of("2025-12-31", "as_of") == date(2025, 12, 31)
        assert day_of(datetime(2025, 12, 31, 23), "as_of") == date(2025, 12, 31)  # noqa: DTZ001
