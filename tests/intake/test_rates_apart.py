"""Rates far from those beside them: refused with both, until somebody says that they are right."""

from datetime import date
from decimal import Decimal

import pytest

from clientela.intake.services.rates_file import bring_rates
from clientela.kernel.reasons import Invalid
from clientela.security.selectors import context_of
from clientela.store.context import database_context
from clientela.trade.models import ExchangeRate
from clientela.trade.services import GivenRate, enter_rates
from tests.factories import NOON, make_company

FAR = "rate_far_from_others"


@pytest.fixture
def steward(db):
    access = make_company().access("data_steward")
    with database_context(context_of(access)):
        yield access


def given(day: str, rate: str, currency: str = "USD") -> GivenRate:
    on_day = date.fromisoformat(day)
    return GivenRate(currency=currency, base="EUR", on_day=on_day, rate=Decimal(rate))


def enter(access, *rates: tuple[str, str], **how):
    return enter_rates(
        access=access, rates=[given(*one) for one in rates], origin="test", at=NOON, **how
    )


def told(refused) -> list[tuple[str, ...]]:
    assert {reason.code for reason in refused.value.reasons} == {FAR}
    return [
        tuple(reason.params[name] for name in ("day", "rate", "near", "other"))
        for reason in refused.value.reasons
    ]


class TestARateFarFromTheOneBesideIt:
    @pytest.mark.parametrize("rate", ["9.2", "0.092", "1.0870", "1.0121"])
    def test_is_refused_with_both(self, steward, rate):
        enter(steward, ("2026-04-01", "0.92"))
        with pytest.raises(Invalid) as refused:
            enter(steward, ("2026-04-08", rate))
        near = ("2026-04-01", "0.92")
        assert told(refused) == [("2026-04-08", format(Decimal(rate).normalize(), "f"), *near)]
        assert ExchangeRate.objects.count() == 1

    def test_is_taken_by_who_says_that_it_is_right(self, steward):
        enter(steward, ("2026-04-01", "0.92"))
        assert enter(steward, ("2026-04-08", "9.2"), confirmed=True).added == 1

    def test_is_refused_in_a_trial_too(self, steward):
        enter(steward, ("2026-04-01", "0.92"))
        with pytest.raises(Invalid):
            enter(steward, ("2026-04-08", "9.2"), dry_run=True)

    def test_is_compared_with_the_next_one_where_none_is_before(self, steward):
        enter(steward, ("2026-04-20", "0.92"))
        with pytest.raises(Invalid) as refused:
            enter(steward, ("2026-04-01", "1.1"))
        assert told(refused) == [("2026-04-01", "1.1", "2026-04-20", "0.92")]

    def test_among_those_given_together_is_found(self, steward):
        rates = [("2026-04-01", "0.92"), ("2026-04-02", "9.21"), ("2026-04-03", "0.93")]
        with pytest.raises(Invalid) as refused:
            enter(steward, *rates)
        assert told(refused) == [("2026-04-02", "9.21", "2026-04-01", "0.92")]

    def test_is_found_among_all_that_are_the_other_way_round(self, steward):
        enter(steward, ("2026-04-01", "0.92"))
        with pytest.raises(Invalid) as refused:
            enter(steward, ("2026-04-02", "1.087"), ("2026-04-03", "1.075"))
        assert [day for day, *_ in told(refused)] == ["2026-04-02", "2026-04-03"]

    def test_does_not_accuse_those_that_put_a_series_right(self, steward):
        days = [f"2026-04-{day:02}" for day in range(1, 9)]
        enter(steward, *((day, "1.087") for day in days))
        assert enter(steward, *((day, "0.92") for day in days)).corrected == 8

    def test_is_asked_about_though_another_such_one_was_confirmed_before(self, steward):
        enter(steward, ("2026-04-01", "0.9"))
        enter(steward, ("2026-04-02", "9"), ("2026-04-05", "0.91"), confirmed=True)
        with pytest.raises(Invalid) as refused:
            enter(steward, ("2026-04-07", "9.05"))
        assert told(refused) == [("2026-04-07", "9.05", "2026-04-05", "0.91")]

    def test_once_taken_may_be_put_right(self, steward):
        enter(steward, ("2026-04-01", "0.92"))
        enter(steward, ("2026-04-08", "9.2"), confirmed=True)
        assert enter(steward, ("2026-04-08", "0.92")).corrected == 1

    def test_that_stands_so_is_not_asked_about_again(self, steward):
        rates = [("2026-04-01", "0.92"), ("2026-04-08", "9.2")]
        enter(steward, *rates, confirmed=True)
        assert enter(steward, *rates).unchanged == 2


class TestARateThatIsTaken:
    @pytest.mark.parametrize("rate", ["1.012", "0.8364"])
    def test_lies_a_tenth_away_at_most(self, steward, rate):
        enter(steward, ("2026-04-01", "0.92"))
        assert enter(steward, ("2026-04-08", rate)).added == 1

    def test_has_none_beside_it_within_a_month(self, steward):
        enter(steward, ("2026-03-01", "0.92"))
        assert enter(steward, ("2026-04-02", "9.2")).added == 1

    def test_is_not_compared_with_another_currency(self, steward):
        enter(steward, ("2026-04-01", "0.92"))
        assert enter(steward, ("2026-04-02", "0.0061", "JPY")).added == 1


def test_a_file_with_one_names_its_lines_and_is_taken_once_it_is_said_to_be_right(
    steward, tmp_path
):
    path = tmp_path / "rates.csv"
    path.write_text(
        "day,from,to,rate\n2026-04-03,USD,EUR,0.93\n2026-04-01,USD,EUR,0.92\n2026-04-02,USD,EUR,92\n"
    )
    bring = {"access": steward, "path": path, "name": path.name, "at": NOON}
    done = bring_rates(**bring)
    assert done.entered is None
    assert [(one.line, one.column, one.reason.code) for one in done.bad] == [
        (4, "rate", FAR),
    ]
    assert ExchangeRate.objects.count() == 0
    assert bring_rates(**bring, confirmed=True).entered.added == 3
