"""Payments into a source that is said to tell none: asked on the page, changed where it may be."""

from clientela.intake.tasks import carry_on
from clientela.records.models import Source
from clientela.security.permits import Access, ActReach
from tests.web.test_imports import again, answered, look, place, run_of, send, text
from tests.web.world import World

PAYMENTS = """Payment No,Received On,Customer No,Amount,Currency
P-1,2026-04-20,C1,40.00,EUR
"""
SURE = {"take_sure": "1"}
QUESTION = (
    "The source till is said to tell of no payments. Does it tell of all payments of its invoices?"
)


def known() -> str:
    with look():
        return str(Source.objects.get(name="till").settlement)


class TestPayments:
    def test_ask_in_words_and_the_answer_changes_the_source(self, world: World) -> None:
        run = answered(world, run_of(send(world, PAYMENTS, kind="payments")), SURE)
        shown = text(world, run)
        assert QUESTION in shown
        assert "Yes: its invoices are owed until they are paid" in shown
        assert "No: leave them out of what is owed" in shown
        assert known() == "unknown"
        run = answered(world, run, {**SURE, "settlement": "known"})
        assert (run.state, run.questions, known()) == ("received", [], "unknown")  # not loaded yet
        carry_on(run.pk, True)
        assert (again(run).state, known()) == ("done", "known")

    def test_left_as_it_is_say_so(self, world: World) -> None:
        run = answered(world, run_of(send(world, PAYMENTS, kind="payments")), SURE)
        run = answered(world, run, {**SURE, "settlement": "unknown"})
        carry_on(run.pk, True)
        run = again(run)
        assert (run.state, known()) == ("done", "unknown")
        said = (
            "Payments of a source that is said to tell none: its invoices are not counted as owed"
        )
        assert said in text(world, run)

    def test_may_only_be_left_by_who_may_not_change_the_source(self, world: World, monkeypatch):
        run = run_of(send(world, PAYMENTS, kind="payments"))
        reach = Access.reach
        monkeypatch.setattr(
            Access, "reach", lambda a, act: ActReach() if act == "source.write" else reach(a, act)
        )
        run = answered(world, run, {"column:Amount": "amount"})
        shown = text(world, run)
        assert "A data steward of its branch can say otherwise under Sources." in shown
        assert "Leave it as it is" in shown
        assert "Yes: its invoices are owed" not in shown
        client = world.client("data_steward")
        assert client.post(place("answers", run), {"settlement": "known"}).status_code == 422
        assert known() == "unknown"
