"""An import that an error stops which nobody foresaw: it ends, and its page says what to do."""

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.intake.services import loading, staging
from clientela.intake.tasks import carry_on, end_left_runs
from clientela.security.models import User
from tests.web.test_imports import (
    again,
    answered,
    change,
    checked,
    invoices,
    look,
    place,
    run_of,
    send,
    text,
)  # fmt: skip
from tests.web.world import World

SALES = "Invoice,Product,Qty,Price,Date,Client,Note\n" + "".join(
    f"{n},A-1,1,10.50,2026-03-01,C{n},\n" for n in range(1, 8)
)
JOB = """insert into procrastinate_jobs (task_name, queue_name, args, status, lock)
         values ('clientela.intake.tasks.carry_on', 'imports', '{}',
                 %s::procrastinate_job_status, %s)"""


@pytest.fixture
def world(world: World, settings, monkeypatch) -> World:
    settings.AFTER_IMPORT = ()
    monkeypatch.setattr(loading, "UNITS", 3)
    return world


@pytest.fixture
def breaks(monkeypatch):
    """Return a function: let a step of the imports raise an error once it was taken so often."""

    def at(module, name: str, error: Exception, *, after: int = 0) -> None:
        real, times = getattr(module, name), iter(range(1000))

        def broken(*args, **more):
            if next(times) >= after:
                raise error
            return real(*args, **more)

        monkeypatch.setattr(module, name, broken)

    return at


def received(world: World) -> Run:
    return answered(world, run_of(send(world, SALES, kind="sales_lines")))


def half_loaded(world: World, breaks) -> Run:
    """Return a run whose job met an error behind the first part of its documents."""
    run = checked(world, text=SALES)
    breaks(loading, "_load_batch", TypeError("unsupported operand: María López"), after=1)
    assert world.client("data_steward").post(place("confirm", run)).status_code == 302
    with pytest.raises(TypeError):
        carry_on(run.pk, True)
    return again(run)


def queued(run: Run, *states: str) -> None:
    """Let the jobs of a run stand so, and no others."""
    with look(), connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where lock = %s", [f"run {run.pk}"])
        for state in states:
            cursor.execute(JOB, [state, f"run {run.pk}"])


class TestAnErrorThatNobodyForesaw:
    def test_ends_a_run_that_waits_as_failed(self, world: World, breaks) -> None:
        run = received(world)
        breaks(staging, "units_of", TypeError("María López"))
        with pytest.raises(TypeError):
            carry_on(run.pk, False)
        run = again(run)
        assert (run.state, run.error) == (
            "failed", {"code": "import_broke", "params": {"error": "TypeError"}},
        )  # fmt: skip
        assert run.finished_at is not None
        with look():
            events = Event.objects.filter(act="intake.run.failed", object_id=str(run.public_id))
            assert events.count() == 1

    def test_takes_back_what_was_loaded_by_then(self, world: World, breaks) -> None:
        run = half_loaded(world, breaks)
        assert run.state == "failed"
        assert 3 in run.undone["voided"].values()
        assert (run.read, run.accepted, run.skipped) == (7, 0, 7)
        assert invoices() == set()

    def test_is_no_end_of_the_file_which_may_come_again(self, world, breaks, monkeypatch) -> None:
        with monkeypatch.context():
            half_loaded(world, breaks)
        monkeypatch.undo()
        run = checked(world, text=SALES)
        assert world.client("data_steward").post(place("confirm", run)).status_code == 302
        carry_on(run.pk, True)
        assert again(run).state == "done"
        assert len(invoices()) == 7

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("en", "Send the file again. If it stops again, tell the administrator"),
            ("zh-hans", "请重新发送文件。如果再次中止，请告知管理员"),
            ("es", "Envíe el archivo de nuevo. Si vuelve a detenerse, avise al administrador"),
        ],
    )
    def test_is_told_on_the_page_with_what_to_do(self, world, breaks, language, said) -> None:
        run = half_loaded(world, breaks)
        with look():
            User.objects.filter(username="data_steward").update(language=language)
        page = text(world, run)
        assert said in page
        assert "López" not in page

    @pytest.mark.parametrize("error", [OperationalError("deadlock"), OSError("no space")])
    def test_is_none_that_may_pass(self, world: World, breaks, error) -> None:
        run = received(world)
        breaks(staging, "units_of", error)
        with pytest.raises(type(error)):
            carry_on(run.pk, False)
        assert again(run).state == "received"


class TestARunWhoseJobWasGivenUp:
    def test_ends_as_failed(self, world: World) -> None:
        run = received(world)
        queued(run, "failed")
        assert end_left_runs(at=timezone.now()) == [run.pk]
        run = again(run)
        assert (run.state, run.error["code"]) == ("failed", "import_given_up")
        assert "It was tried several times" in text(world, run)
        assert end_left_runs(at=timezone.now()) == []

    @pytest.mark.parametrize(
        "states", [(), ("todo",), ("doing",), ("failed", "todo"), ("succeeded",)]
    )
    def test_is_none_that_is_waited_for(self, world: World, states) -> None:
        run = received(world)
        queued(run, *states)
        assert end_left_runs(at=timezone.now()) == []
        assert again(run).state == "received"

    @pytest.mark.parametrize("state", ["ready", "done", "needs_answers", "cancelled", "failed"])
    def test_is_none_that_waits_for_a_person_or_has_ended(self, world: World, state) -> None:
        run = received(world)
        queued(run, "failed")
        change(run, state=state)
        assert end_left_runs(at=timezone.now()) == []
