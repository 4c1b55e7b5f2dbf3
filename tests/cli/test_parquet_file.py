"""What stands in a Parquet file of an answer: types, not texts, and what it was taken over."""

import json
from dataclasses import replace
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clientela.analysis.registry import ANALYSES
from clientela.analysis.results import Column
from clientela.analysis.services.presenting import columns_of
from clientela.cli.parquet_file import NOTES, write_parquet


@pytest.fixture
def full(answer):
    columns = [
        *answer.columns[:2],
        Column(name="source_keys", type="array<string>"),
        *answer.columns[2:],
        Column(name="is_complete", type="boolean"),
        Column(name="share", type="float64"),
    ]
    row = {**answer.rows[0], "source_keys": ["erp/1", "shop/2"], "is_complete": True, "share": 0.5}
    nothing = dict.fromkeys(row)
    return replace(answer, columns=columns, rows=[row, nothing])


class TestParquetFile:
    def test_holds_decimals_lists_and_nothing_where_there_is_nothing(self, full, tmp_path):
        path = tmp_path / "abc.parquet"
        write_parquet(full, path)
        table = pq.read_table(path)
        first, second = table.to_pylist()
        assert first["net_sales"] == Decimal("1234567.89")
        assert first["source_keys"] == ["erp/1", "shop/2"]
        assert (first["rank"], first["is_complete"], first["share"]) == (1, True, 0.5)
        assert set(second.values()) == {None}

    def test_can_be_added_up_by_another_program(self, full, tmp_path):
        path = tmp_path / "abc.parquet"
        write_parquet(full, path)
        total, kind = duckdb.sql(
            f"select sum(net_sales), any_value(typeof(net_sales)) from '{path}'"
        ).fetchone()
        assert (total, kind) == (Decimal("1234567.8900"), "DECIMAL(38,4)")

    def test_says_what_it_was_taken_over(self, full, tmp_path):
        path = tmp_path / "abc.parquet"
        write_parquet(full, path)
        notes = json.loads(pq.read_schema(path).metadata[NOTES])
        assert notes["as_of"] == "2026-06-30"
        assert notes["population"]["amounts"] == [{"amount": "1234.50", "currency": "EUR"}]
        assert "rows" not in notes

    def test_of_no_row_keeps_the_columns(self, full, tmp_path):
        path = tmp_path / "none.parquet"
        write_parquet(replace(full, rows=[]), path)
        schema = pq.read_schema(path)
        assert schema.names == [column.name for column in full.columns]
        assert schema.field("net_sales").type == pa.decimal128(38, 4)

    @pytest.mark.parametrize("name", sorted(ANALYSES))
    def test_has_a_type_for_every_column_of_an_analysis(self, answer, tmp_path, name):
        columns = columns_of(ANALYSES[name].figures)
        write_parquet(replace(answer, columns=columns, rows=[]), tmp_path / "a.parquet")
        assert pq.read_schema(tmp_path / "a.parquet").names == [one.name for one in columns]
