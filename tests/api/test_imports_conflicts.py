"""What an import is asked that its state does not allow is a conflict (409), the same for each act;
and nothing is changed by it."""

import pytest

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.store.context import system_context
from tests.api.test_imports import brought, steward

__all__ = ["brought", "steward"]  # fixtures of this module too

ACTS = {
    "take-back": ("run_cannot_be_taken_back", {"reason": "anew"}),
    "cancel": ("run_cannot_be_cancelled", {}),
    "confirm": ("run_is_not_ready", {}),
    "answers": ("run_asks_nothing", {"answers": {"kind": "sales_lines"}}),
}
# State -> the acts that it does not allow.
NOT_ALLOWED = {
    "needs_answers": {"take-back", "confirm"},
    "ready": {"take-back", "answers"},
    "loading": {"take-back", "confirm", "answers"},
    "done": {"cancel", "confirm", "answers"},
    "failed": set(ACTS),
    "cancelled": set(ACTS),
    "taken_back": set(ACTS),
}


@pytest.mark.parametrize(
    ("state", "act"), [(state, act) for state, acts in NOT_ALLOWED.items() for act in sorted(acts)]
)
def test_is_answered_409_with_its_reason(steward, brought, state: str, act: str) -> None:
    code, body = ACTS[act]
    with system_context("a run in a state"):
        Run.objects.filter(pk=brought.pk).update(state=state)
        before = Run.objects.filter(pk=brought.pk).values().get()
        events = Event.objects.filter(result="done").count()
    answer = steward.send("POST", f"/imports/{brought.public_id}/{act}", body)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["status"], told["title"]) == (409, "Refused")
    assert [one["code"] for one in told["reasons"]] == [code]
    assert told["reasons"][0]["params"] == {"state": state}
    assert told["reasons"][0]["text"].endswith(").")
    with system_context("a test looks"):
        assert Run.objects.filter(pk=brought.pk).values().get() == before
        assert Event.objects.filter(result="done").count() == events


def test_taking_back_twice_is_one_with_one_effect(steward, brought) -> None:
    address = f"/imports/{brought.public_id}/take-back"
    assert steward.send("POST", address, {"reason": "anew"}).status_code == 200
    assert steward.send("POST", address, {"reason": "anew"}).status_code == 409
    with system_context("a test looks"):
        assert Event.objects.filter(act="intake.run.taken_back").count() == 1


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " \n\t"}])
def test_taking_back_without_a_reason_takes_nothing_back(steward, brought, body) -> None:
    answer = steward.send("POST", f"/imports/{brought.public_id}/take-back", body)
    told = [(one["code"], one["params"]) for one in answer.json()["reasons"]]
    assert (answer.status_code, told) == (422, [("value_missing", {"field": "reason"})])
    with system_context("a test looks"):
        assert Run.objects.get(pk=brought.pk).state == "done"
        assert not Event.objects.filter(act="intake.run.taken_back").exists()
