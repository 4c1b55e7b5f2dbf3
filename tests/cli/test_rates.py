"""`clientela rates` as a program runs it: what is printed, and how it ends."""

import json
import re

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from clientela.cli.rates import app
from clientela.security.services.founding import found
from clientela.store.context import system_context
from clientela.trade.models import ExchangeRate


@pytest.fixture
def ran(fresh_database, monkeypatch):
    """Return a function: the end of a command in a group that counts in euros."""
    monkeypatch.setattr("clientela.runtime.database.is_private", lambda: False)
    with system_context("a new installation"):
        found(name="Group", base_currency="EUR", at=timezone.now())
    return lambda *words: CliRunner().invoke(app, list(words))


class TestRates:
    def test_are_set_corrected_and_listed(self, ran) -> None:
        for rate, told in (("0.92", (1, 0)), ("0.93", (0, 1)), ("0.93", (0, 0))):
            ended = ran("set", "usd", "EUR", rate, "--on", "2026-04-01", "--format", "json")
            answer = json.loads(ended.stdout)
            assert (ended.exit_code, answer["added"], answer["corrected"]) == (0, *told)
        answer = json.loads(ran("--format", "json").stdout)
        assert answer["missing"] == []
        assert [(r["currency"], r["day"], r["rate"]) for r in answer["rates"]] == [
            ("USD", "2026-04-01", "0.93")
        ]
        assert ExchangeRate.objects.count() == 2
        assert "0.93" in ran().stdout

    def test_are_shown_by_the_newest_of_each_currency(self, ran) -> None:
        for currency, rate, day in (
            ("USD", "0.91", "2026-04-01"), ("USD", "0.92", "2026-04-02"), ("JPY", "0.006", "2026-04-01"),
        ):  # fmt: skip
            assert ran("set", currency, "EUR", rate, "--on", day).exit_code == 0
        told = json.loads(ran("--format", "json").stdout)["rates"]
        assert [(r["currency"], r["rate"]) for r in told] == [("JPY", "0.006"), ("USD", "0.92")]
        assert len(json.loads(ran("--all", "--format", "json").stdout)["rates"]) == 3

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("set", "USD", "EUR", "1,2", "--on", "2026-04-01"), 2),
            (("set", "USD", "EUR", "1e3", "--on", "2026-04-01"), 2),
            (("set", "USD", "EUR", "0.9", "--on", "2026-04-31"), 2),
            (("set", "USD", "GBP", "0.9", "--on", "2026-04-01"), 1),
            (("import", "/there/is/none.csv"), 2),
        ],
    )
    def test_that_cannot_be_end_with_the_promised_code(self, ran, words, code) -> None:
        ended = ran(*words)
        assert ended.exit_code == code, ended.output
        assert not ExchangeRate.objects.exists()

    def test_far_from_the_one_beside_them_are_taken_after_yes_alone(self, ran, tmp_path) -> None:
        path = tmp_path / "ecb.csv"
        path.write_text("day,from,to,rate\n2026-04-03,USD,EUR,92\n")
        assert ran("set", "USD", "EUR", "0.92", "--on", "2026-04-01").exit_code == 0
        for words in (("set", "USD", "EUR", "9.2", "--on", "2026-04-02"), ("import", str(path))):
            ended = ran(*words)
            assert ended.exit_code == 1, ended.output
            assert "tenth away" in " ".join(re.sub("[│┃]", " ", ended.output).split())
            assert ran(*words, "--yes").exit_code == 0
        assert ExchangeRate.objects.count() == 3

    def test_of_a_file_are_all_taken_or_none(self, ran, tmp_path) -> None:
        path = tmp_path / "ecb.csv"
        path.write_text("day,from,to,rate\n2026-04-01,USD,EUR,0.9\n2026-04-02,USD,EUR,x\n")
        ended = ran("import", str(path), "--format", "json")
        answer = json.loads(ended.stdout)
        assert ended.exit_code == 1
        assert [(one["line"], one["column"], one["code"]) for one in answer["bad"]] == [
            (3, "rate", "not_a_number")
        ]
        assert not ExchangeRate.objects.exists()
        path.write_text("day,from,to,rate\n2026-04-01,USD,EUR,0.9\n2026-04-02,USD,EUR,0.91\n")
        tried = json.loads(ran("import", str(path), "--dry-run", "--format", "json").stdout)
        assert (tried["added"], tried["dry_run"]) == (2, True)
        assert not ExchangeRate.objects.exists()
        assert json.loads(ran("import", str(path), "--format", "json").stdout)["added"] == 2
        again = json.loads(ran("import", str(path), "--format", "json").stdout)
        assert (again["added"], again["unchanged"]) == (0, 2)
