"""The documents behind a row add up to its figure, in every analysis, on trade made by chance."""

from datetime import date

import pytest

from clientela.analysis.registry import ANALYSES
from clientela.tables.registry import CONTRACTS
from clientela.warehouse.session import Session
from clientela.warehouse.sources import table_from
from tests.library.trade import company
from tests.spec.test_engines_agree import ASKED

AS_OF = date(2026, 6, 17)
ROWS = 20  # of each answer, from all over it


@pytest.fixture(scope="module")
def session():
    with Session.duckdb() as opened:
        yield opened


@pytest.fixture(scope="module")
def tables():
    return {name: table_from(rows, CONTRACTS[name]) for name, rows in company(5).items()}


@pytest.mark.parametrize(("name", "given"), ASKED, ids=lambda value: str(value))
class TestDocumentsBehind:
    def test_add_up_to_the_figure_they_open(self, session, tables, name, given):
        analysis = ANALYSES[name]
        period = analysis.period(AS_OF)
        rows = session.rows(analysis.rows(tables, period, given))
        keys = [figure.name for figure in analysis.figures if figure.is_key]
        assert rows
        for row in rows[:: max(1, len(rows) // ROWS)]:
            key = {key: row[key] for key in keys}
            found = session.rows(analysis.behind(tables, period, key, given))
            assert sum(one["amount_minor"] for one in found) == row[analysis.opens], key
            assert len({one["document_id"] for one in found}) == len(found)
            if "documents" in row:
                assert len(found) == row["documents"], key

    def test_are_opened_from_a_figure_in_the_base_currency(self, session, tables, name, given):
        analysis = ANALYSES[name]
        (figure,) = [f for f in analysis.figures if f.name == analysis.opens]
        assert figure.unit == "minor_base"
