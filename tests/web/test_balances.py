"""A balance stands on one day: it has no beginning, on no way to it."""

import json
from datetime import date

import pytest
from typer import Typer
from typer.testing import CliRunner

from clientela.analysis import ageing, dso
from clientela.analysis.expressions.spec import BadQuestion
from clientela.analysis.registry import ANALYSES
from clientela.cli.analysing import analyse
from tests.web.test_analyses import Trade

BALANCES = ("ageing", "dso")
FROM = {"as_of": "2026-05-01", "from": "2026-04-01"}


def command(*arguments: str):
    app = Typer()
    app.command()(analyse)
    return CliRunner().invoke(app, [*arguments, "--as", "credit_manager"])


class TestBalance(Trade):
    def test_is_what_is_owed_and_nothing_else(self):
        assert {name for name, one in ANALYSES.items() if one.is_balance} == set(BALANCES)

    def test_offers_no_first_day_and_tells_none(self, trade):
        client = trade.client("credit_manager")
        for name in ANALYSES:
            text = client.get(f"/analyses/{name}", {"as_of": "2026-05-01"}).content.decode()
            assert ('name="from"' in text) is (name not in BALANCES), name
            assert ("<dt>From</dt>" in text) is (name not in BALANCES), name

    def test_takes_no_first_day_on_page_api_or_command(self, trade):
        client = trade.client("credit_manager")
        for name in BALANCES:
            page = client.get(f"/analyses/{name}", FROM)
            assert page.status_code == 422
            assert "there is no first day to choose" in page.content.decode()
            told = client.get(f"/api/v1/analyses/{name}", FROM)
            assert told.status_code == 422
            assert [r["code"] for r in told.json()["reasons"]] == ["balance_has_no_from"]
            said = command(name, "--as-of", "2026-05-01", "--from", "2026-04-01")
            assert said.exit_code == 2, said.output
            assert "balance_has_no_from" in said.output

    def test_is_answered_without_one(self, trade):
        said = command("ageing", "--as-of", "2026-05-01", "--format", "json")
        assert said.exit_code == 0, said.output
        assert json.loads(said.stdout)["from"] is None
        table = command("ageing", "--as-of", "2026-05-01")
        assert "at the end of" in table.stdout
        assert "the beginning" not in table.stdout

    @pytest.mark.parametrize("asked", [ageing, dso])
    def test_takes_none_in_a_notebook(self, asked):
        with pytest.raises(BadQuestion, match="has no beginning"):
            asked(as_of=date(2026, 5, 1), from_on=date(2026, 4, 1))
