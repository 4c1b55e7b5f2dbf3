"""Exchange rates for programs: entered once, listed by day, told of where they are missing."""

import pytest

from tests.api.test_problems import reasons

RATE = {"currency": "USD", "base": "EUR", "day": "2026-04-01", "rate": "0.92"}


class TestRates:
    def test_are_entered_once_under_one_key(self, caller) -> None:
        steward = caller("data_steward")
        for _ in range(2):
            answer = steward.send("POST", "/rates", {"rates": [RATE]}, key="once")
            assert (answer.status_code, answer.json()["added"]) == (201, 1)
        (item,) = steward.get("/rates").json()["items"]
        assert item == {**RATE, "origin": "api"}
        assert steward.get("/rates/missing").json() == {"items": []}

    def test_are_entered_all_or_none(self, caller) -> None:
        steward = caller("data_steward")
        bad = {**RATE, "day": "2026-04-02", "base": "GBP"}
        answer = steward.send("POST", "/rates", {"rates": [RATE, bad]})
        assert reasons(answer, 422) == ["rate_not_in_base"]
        assert steward.get("/rates").json()["items"] == []

    def test_given_twice_for_a_day_are_refused(self, caller) -> None:
        steward = caller("data_steward")
        answer = steward.send("POST", "/rates", {"rates": [RATE, {**RATE, "rate": "0.93"}]})
        assert reasons(answer, 422) == ["rate_given_twice"]
        assert steward.get("/rates").json()["items"] == []

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [({"rate": "0,92"}, "field_not_a_decimal"), ({"day": "0001-01-01"}, "date_too_early")],
    )
    def test_that_cannot_be_are_refused_in_a_trial_too(self, caller, wrong, code) -> None:
        body = {"rates": [RATE | wrong], "dry_run": True}
        assert reasons(caller("data_steward").send("POST", "/rates", body), 422) == [code]

    def test_far_from_the_one_beside_them_are_taken_once_confirmed(self, caller) -> None:
        steward, far = caller("data_steward"), {**RATE, "day": "2026-04-02", "rate": "9.2"}
        body = {"rates": [RATE, far, {**RATE, "day": "2026-04-03"}]}
        answer = steward.send("POST", "/rates", body)
        assert reasons(answer, 422) == ["rate_far_from_others"]
        assert answer.json()["reasons"][0]["params"]["day"] == "2026-04-02"
        assert steward.send("POST", "/rates", body | {"confirmed": True}).status_code == 201

    def test_of_a_trial_are_not_kept(self, caller) -> None:
        steward = caller("data_steward")
        answer = steward.send("POST", "/rates", {"rates": [RATE], "dry_run": True})
        assert (answer.status_code, answer.json()["added"]) == (201, 1)
        assert steward.get("/rates").json()["items"] == []
