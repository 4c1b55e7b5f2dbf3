"""Every analysis with every choice, on every engine: the same rows, types and order."""

from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from clientela.analysis.expressions.spec import POPULATION, Analysis
from clientela.analysis.registry import ANALYSES
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.sources import table_from
from tests.library.trade import company

AS_OF = date(2026, 6, 30)
CHOICES: dict[str, list[dict[str, Any]]] = {
    "abc": [{}, {"a_until_percent": 40, "b_until_percent": 70}],
    "rfm": [{}],
    "sales": [{"by": by} for by in ANALYSES["sales"].parameters[0].choices],
    "cohorts": [{}, {"region": "2"}, {"customer_class": "B"}],
    "ageing": [{"per": "customer"}, {"per": "total"}],
    "punctuality": [{}],
    "dso": [{"per": "customer"}, {"per": "total"}],
}
ASKED = [(name, given) for name, choices in CHOICES.items() for given in choices]
KEYS = {
    "customer_id": 1,
    "group_key": "2026-05",
    "cohort": "2025-03",
    "month_number": 2,
    "currency": "EUR",
}


def questions(analysis: Analysis, tables: dict[str, ir.Table], given: dict[str, Any]) -> Any:
    """The answer, its population, the documents of one row and those that lack a rate."""
    period = analysis.period(AS_OF)
    row = {figure.name: KEYS[figure.name] for figure in analysis.figures if figure.is_key}
    lacking = analysis.unconverted(tables, period, given)
    return {
        **({} if lacking is None else {"unconverted": lacking.order_by("currency")}),
        "rows": analysis.rows(tables, period, given),
        "population": analysis.counted(tables, period, given),
        "documents": analysis.behind(tables, period, row, given),
    }


@pytest.fixture(scope="module")
def tables() -> dict[str, ir.Table]:
    return {name: table_from(rows, CONTRACTS[name]) for name, rows in company(11).items()}


def test_every_analysis_is_asked():
    assert CHOICES.keys() == ANALYSES.keys()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "given"), ASKED, ids=lambda value: str(value))
class TestEngines:
    def test_agree_row_by_row(
        self, name, given, tables, duckdb_session, postgres_session, sail_session
    ):
        for what, expr in questions(ANALYSES[name], tables, given).items():
            ours = duckdb_session.arrow(expr)
            for other in (postgres_session, sail_session):
                theirs = other.arrow(expr)
                assert theirs.schema.types == ours.schema.types, what
                assert theirs.to_pylist() == ours.to_pylist(), what


@pytest.mark.parametrize(
    "dialect",
    [
        "duckdb",
        *(pytest.param(other, marks=pytest.mark.slow) for other in ("postgres", "databricks")),
    ],
)
@pytest.mark.parametrize(("name", "given"), ASKED, ids=lambda value: str(value))
class TestExpressions:
    def test_compile(self, name, given, dialect):
        analysis = ANALYSES[name]
        unbound = {contract.name: contract.unbound() for contract in analysis.reads}
        for expr in questions(analysis, unbound, given).values():
            assert "SELECT" in ibis.to_sql(expr, dialect=dialect)


@pytest.mark.parametrize("name", ANALYSES)
class TestAnalysis:
    def test_gives_the_columns_and_types_it_says(self, name):
        analysis = ANALYSES[name]
        unbound = {contract.name: contract.unbound() for contract in analysis.reads}
        found = questions(analysis, unbound, CHOICES[name][0])
        assert {k: str(v) for k, v in found["rows"].schema().items()} == {
            figure.name: figure.type for figure in analysis.figures
        }
        assert {k: str(v) for k, v in found["population"].schema().items()} == POPULATION

    def test_has_an_order_that_leaves_nothing_to_chance(self, name):
        analysis = ANALYSES[name]
        keys = {figure.name for figure in analysis.figures if figure.is_key}
        assert keys <= {column.removeprefix("-") for column in analysis.order}

    def test_shows_no_amount_of_a_class_below_what_it_reads(self, name):
        # Whoever may not read a column of class S3 may not see a figure made from it.
        analysis = ANALYSES[name]
        read = {
            contract.columns[column].field_class
            for contract, columns in analysis.reads.items()
            for column in columns
        }
        if "S3" in read:
            plain = {"customer_id", "currency", "documents"}
            shown = {f.name for f in analysis.figures if f.field_class != "S3"}
            assert shown <= plain
