"""The same file again: known before it asks anything, brought once, readable anew after a way
back; another kind or sheet of it is another file to the books."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.intake.tasks import carry_on
from clientela.records.models import Source
from clientela.web import formats
from clientela.worklist.models import WorkItem
from tests.web.test_imports import (
    ANSWERS,
    SALES,
    again,
    answered,
    change,
    checked,
    invoices,
    loaded,
    look,
    place,
    run_of,
    send,
)
from tests.web.world import World

OTHERWISE = ANSWERS | {"column:Qty": "unit_price", "column:Price": "quantity"}


@pytest.fixture
def world(world: World, settings: Any) -> World:
    settings.AFTER_IMPORT = ()  # a second job of its name would break the test's transaction
    return world


def states() -> list[str]:
    with look():
        return list(Run.objects.order_by("id").values_list("state", flat=True))


def back(world: World, run: Run) -> None:
    answer = world.client("data_steward").post(place("take_back", run), {"reason": "anew"})
    assert answer.status_code == 302


class TestOnThePage:
    @pytest.mark.parametrize("more", [{}, {"kind": "sales_lines"}, {"dry_run": "1"}])
    def test_is_known_before_it_asks(self, world: World, more: dict[str, str]) -> None:
        run = loaded(world)
        before = invoices()
        client = world.client("data_steward")
        with look():
            source = Source.objects.get(name="till").name
        file = SimpleUploadedFile("other-name.csv", SALES.encode())
        answer = client.post("/imports/new", {"source": source, "file": file, **more})
        assert answer["Location"] == place("run", run)
        page = client.get(answer["Location"]).content.decode()
        day = formats.day(again(run).finished_at.date())
        assert f"imported already, on {day} by data_steward." in page
        assert "All of its rows (4) were skipped and nothing was changed." in page
        assert "take that import back first" in page
        assert states() == ["done"]
        assert invoices() == before

    def test_is_known_at_the_first_answer_of_a_run_that_asked_meanwhile(self, world: World) -> None:
        asking = run_of(send(world, kind="sales_lines"))
        change(asking, owner_id=world.company.users["colleague"].pk)  # who asked for it
        run = loaded(world)
        assert run != asking
        client = world.client("data_steward")
        answer = client.post(place("answers", asking), OTHERWISE)
        assert answer["Location"] == place("run", run)
        ended = again(asking)
        assert (ended.state, ended.error["code"]) == ("cancelled", "imported_already")
        assert (ended.questions, ended.samples, ended.file_path) == ([], None, "")
        with look():
            open_ = WorkItem.objects.filter(kind="import_questions", state="open")
            assert str(asking.public_id) not in set(open_.values_list("subject_id", flat=True))
            assert Event.objects.filter(act="intake.run.repeated").count() == 1
        page = client.get(place("run", asking)).content.decode()
        assert "imported already" in page
        assert place("run", run) in page

    def test_is_loaded_once_by_two_who_checked_it(self, world: World) -> None:
        mine = checked(world)
        theirs = run_of(send(world, kind="sales_lines", name="mine-too.csv"))
        assert theirs == mine  # on its way already
        with look():
            copy = Run.objects.get(pk=mine.pk)
            copy.pk, copy.public_id = None, "11111111-1111-4111-8111-111111111111"
            copy.save(force_insert=True)
        client = world.client("data_steward")
        assert client.post(place("confirm", mine)).status_code == 302
        answer = client.post(place("confirm", copy))
        assert answer["Location"] == place("run", mine)
        page = client.get(answer["Location"]).content.decode()
        assert "This very file is being imported already." in page
        assert sorted(states()) == ["cancelled", "loading"]

    def test_may_be_read_anew_once_it_was_taken_back(self, world: World) -> None:
        run = loaded(world)
        back(world, run)
        other = run_of(send(world, kind="sales_lines"))
        assert other != run
        assert other.state == "needs_answers"
        answered(world, other, OTHERWISE)
        carry_on(other.pk, False)
        carry_on(confirmed(world, other).pk, True)
        assert again(other).state == "done"
        assert run_of(send(world)) == other

    def test_of_a_trial_a_failed_or_a_cancelled_run_is_no_repetition(self, world: World) -> None:
        trial = checked(world, dry_run="1")
        assert trial.state == "done"
        first = run_of(send(world, kind="sales_lines"))
        with look():
            Run.objects.filter(pk=first.pk).update(state="failed")
        second = run_of(send(world, kind="sales_lines"))
        world.client("data_steward").post(place("cancel", second))
        third = run_of(send(world, kind="sales_lines"))
        assert len({trial.pk, first.pk, second.pk, third.pk}) == 4
        with look():
            items = WorkItem.objects.filter(kind="import_questions", state="open")
            assert str(second.public_id) not in set(items.values_list("subject_id", flat=True))

    def test_may_hold_rows_of_another_kind_as_well(self, world: World) -> None:
        run = loaded(world)
        other = run_of(send(world, kind="customers"))
        assert (other != run, other.state, other.kind) == (True, "needs_answers", "customers")


def confirmed(world: World, run: Run) -> Run:
    assert world.client("data_steward").post(place("confirm", run)).status_code == 302
    return again(run)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("March", "April"):
        page = book.create_sheet(name)
        page.append(["Invoice", "Product", "Qty", "Price", "Date", "Client", "Note"])
        page.append([f"{name}-1", "A-1", 2, 10.5, "2026-03-01", "C1", "x"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestWorkbook:
    def sent(self, world: World, content: bytes, **more: str) -> Run:
        body: dict[str, object] = {"file": SimpleUploadedFile("book.xlsx", content), **more}
        with look():
            known = Source.objects.filter(name="till").exists()
        body |= {"source": "till"} if known else {
            "new_source": "till", "node": world.objects["madrid"]}  # fmt: skip
        return run_of(world.client("data_steward").post("/imports/new", body))

    def brought(self, world: World, content: bytes, sheet: str) -> Run:
        run = self.sent(world, content, kind="sales_lines", sheet=sheet)
        answered(world, run)
        carry_on(run.pk, False)
        carry_on(confirmed(world, run).pk, True)
        return again(run)

    def test_brings_each_of_its_sheets_once(self, world: World) -> None:
        content = workbook()
        march = self.brought(world, content, "March")
        assert (march.state, march.sheet) == ("done", "March")
        assert self.sent(world, content) == march  # before it asks which sheet
        page = world.client("data_steward").get(place("run", march)).content.decode()
        assert "/imports/new?source=till&amp;sheet=April" in page
        april = self.brought(world, content, "April")
        assert invoices() == {"March-1", "April-1"}
        assert self.sent(world, content, sheet="March") == march
        assert self.sent(world, content, sheet="April", kind="sales_lines") == april
        assert states() == ["done", "done"]


class TestSource:
    def test_is_not_chosen_beforehand(self, world: World) -> None:
        send(world)
        page = world.client("data_steward").get("/imports/new").content.decode()
        select = page[page.index('id="n-source"') : page.index("</select>", page.index("n-source"))]
        assert re.findall(r'<option value="([^"]*)"( selected)?', select)[0] == ("", "")
        assert "selected" not in select

    def test_has_to_be_said(self, world: World) -> None:
        answer = send(world, new_source="")
        assert answer.status_code == 422
        assert "Say where the records come from" in answer.content.decode()
        with look():
            assert not Run.objects.exists()

    def test_is_said_once(self, world: World) -> None:
        with look():
            Source.objects.filter(name="erp").update(org_node=world.company.nodes["madrid"])
        answer = send(world, source="erp")
        assert answer.status_code == 422
        assert "not both" in answer.content.decode()
        assert 'value="till"' in answer.content.decode()
        with look():
            assert not Source.objects.filter(name="till").exists()

    def test_of_a_new_name_needs_its_branch(self, world: World) -> None:
        answer = send(world, node="")
        assert answer.status_code == 422
        assert "which branch" in answer.content.decode()
