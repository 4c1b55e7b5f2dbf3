"""What a company may set of its analyses: said by them, with limits, and held to one another."""

from datetime import UTC, datetime, timedelta

import pytest

from clientela.analysis.defaults import STANDING, Dated, against_others, value_at
from clientela.analysis.registry import ANALYSES

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
A, B = "analysis.abc.a_until_percent", "analysis.abc.b_until_percent"


def on(name: str, value: int, days: int = 0) -> Dated:
    return Dated(name=name, value=value, valid_from=NOON + timedelta(days=days))


def codes(new: Dated, *dated: Dated) -> list[str]:
    return [reason.code for reason in against_others(new, dated)]


class TestWhatMayBeSet:
    def test_is_what_the_analyses_say(self) -> None:
        assert {name: one.parameter.default for name, one in STANDING.items()} == {
            A: 85, B: 95, "analysis.abc.months": 12, "analysis.sales.months": 12,
            "analysis.punctuality.least_invoices": 3, "analysis.punctuality.months": 12,
        }  # fmt: skip

    def test_has_limits_and_a_unit(self) -> None:
        for one in STANDING.values():
            parameter = one.parameter
            assert parameter.unit is not None
            assert parameter.checked(parameter.default) == parameter.default
            assert None not in (parameter.least, parameter.most)

    def test_becomes_the_default_of_its_analysis_and_of_those_that_follow(self) -> None:
        values = {A: 70, B: 90, "analysis.abc.months": 24}
        abc = ANALYSES["abc"].with_companys(values)
        assert abc.settings({}) == {"a_until_percent": 70, "b_until_percent": 90}
        assert abc.settings({"a_until_percent": 60})["a_until_percent"] == 60
        assert abc.period(NOON.date()).months == 24
        cohorts = ANALYSES["cohorts"].with_companys(values).settings({})
        assert cohorts == {"region": None, "customer_class": None, "a_until_percent": 70,
                           "b_until_percent": 90, "class_months": 24}  # fmt: skip
        assert ANALYSES["abc"].settings({}) == {"a_until_percent": 85, "b_until_percent": 95}
        assert ANALYSES["rfm"].with_companys(values) == ANALYSES["rfm"]


class TestValueAtAnInstant:
    def test_is_the_latest_that_was_set_by_then(self) -> None:
        dated = [on(A, 80, -2), on(A, 70, 0), on(B, 90, 1)]
        found = [value_at(A, dated, NOON + timedelta(days=n)) for n in (-3, -2, -1, 0, 1)]
        assert found == [85, 80, 80, 70, 70]
        assert value_at(B, dated, NOON) == 95


class TestOneAgainstTheOther:
    @pytest.mark.parametrize(("value", "code"), [(94, []), (95, ["parameter_not_under"]),
                                                 (96, ["parameter_not_under"])])  # fmt: skip
    def test_lower_is_under_upper(self, value: int, code: list[str]) -> None:
        assert codes(on(A, value)) == code

    @pytest.mark.parametrize(("value", "code"), [(86, []), (85, ["parameter_not_over"])])
    def test_upper_is_over_lower(self, value: int, code: list[str]) -> None:
        assert codes(on(B, value)) == code

    def test_says_what_to_change(self) -> None:
        (reason,) = against_others(on(A, 96), [])
        assert reason.params == {"field": "value", "against": "b_until_percent", "limit": "95"}

    def test_holds_for_what_is_to_come(self) -> None:
        assert codes(on(A, 90), on(B, 88, 3)) == ["parameter_not_under"]
        assert codes(on(A, 87), on(B, 88, 3)) == []

    def test_ends_where_another_value_takes_over(self) -> None:
        assert codes(on(A, 90), on(A, 80, 2), on(B, 88, 3)) == []
        assert codes(on(A, 90), on(A, 80, 3), on(B, 88, 3)) == []
        assert codes(on(A, 90), on(A, 80, 4), on(B, 88, 3)) == ["parameter_not_under"]

    def test_is_by_what_holds_then(self) -> None:
        assert codes(on(A, 96, 2), on(B, 97, 1)) == []
        assert codes(on(A, 96, 1), on(B, 97, 2)) == ["parameter_not_under"]

    def test_leaves_the_others_alone(self) -> None:
        assert codes(on("analysis.abc.months", 24), on(B, 97, 1)) == []
