"""Imports on the page: a file in, its questions, its run, its rejected rows, and its way back."""

import csv
from collections.abc import Mapping
from contextlib import AbstractContextManager
from io import StringIO
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.test import Client
from django.urls import reverse

from clientela.audit.models import Event
from clientela.intake.models import Mapping as SavedMapping
from clientela.intake.models import Run
from clientela.intake.tasks import carry_on
from clientela.records.models import Source
from clientela.security.roles import Role
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.web.world import World

SALES = """Invoice,Product,Qty,Price,Date,Client,Note
1001,A-1,2,10.50,2026-03-01,C1,
1001,A-2,1,5.00,2026-03-01,C1,
1002,A-1,many,10.50,2026-03-02,C2,
1003,A-1,3,10.50,2026-03-03,C3,
"""
PEOPLE = (
    "Customer No,Name,Kind,Email,Birth date\n"
    "P1,Ana Ruiz,person,=not an address,1990-02-30\nP2,Bea,person,b@x.es,1990-02-28\n"
)
ANSWERS = {
    "column:Invoice": "document_number", "column:Product": "product_code",
    "column:Qty": "quantity", "column:Price": "unit_price", "column:Date": "issued_on",
    "column:Client": "customer_key", "column:Note": "ignore", "set:currency": "EUR",
}  # fmt: skip


def look() -> AbstractContextManager[None]:
    """Let the test itself see everything: row security holds for it too."""
    return system_context("a test looks")


def send(
    world: World, text: str = SALES, *, who: str = "data_steward", name: str = "sales.csv",
    **more: str,
) -> HttpResponse:  # fmt: skip
    """Post a file for a new source of the steward's branch."""
    body: dict[str, object] = {
        "new_source": "till", "node": world.objects["madrid"], "settlement": "unknown",
        "file": SimpleUploadedFile(name, text.encode()), **more,
    }  # fmt: skip
    with look():
        if Source.objects.filter(name="till").exists():
            body |= {"source": "till", "new_source": ""}
    return world.client(who).post("/imports/new", body)


def run_of(answer: HttpResponse) -> Run:
    assert answer.status_code == 302, answer.content.decode()
    with look():
        return Run.objects.get(public_id=answer["Location"].rpartition("/")[2])


def again(run: Run) -> Run:
    """Return the run as it stands now."""
    with look():
        return Run.objects.get(pk=run.pk)


def change(run: Run, **values: object) -> None:
    with look():
        Run.objects.filter(pk=run.pk).update(**values)


def invoices() -> set[str]:
    """Return the numbers of the invoices in force that the tests' source brought."""
    with look():
        found = Invoice.objects.filter(source__name="till", voided_at=None)
        return set(found.values_list("number", flat=True))


def nothing_came() -> bool:
    with look():
        return not Run.objects.exists() and not Source.objects.filter(name="till").exists()


def place(name: str, run: Run) -> str:
    return reverse(f"imports:{name}", args=[run.public_id])


def answered(world: World, run: Run, answers: Mapping[str, str] = ANSWERS) -> Run:
    answer = world.client("data_steward").post(place("answers", run), answers)
    assert answer.status_code == 302, answer.content.decode()
    return again(run)


def checked(world: World, **more: str) -> Run:
    """Bring the file of sales to where a person looks at it."""
    run = answered(world, run_of(send(world, kind="sales_lines", **more)))
    carry_on(run.pk, False)
    return again(run)


def loaded(world: World) -> Run:
    run = checked(world)
    assert world.client("data_steward").post(place("confirm", run)).status_code == 302
    carry_on(run.pk, True)
    return again(run)


def text(world: World, run: Run, who: str = "data_steward", name: str = "run") -> str:
    return world.client(who).get(place(name, run)).content.decode()


class TestNewImport:
    def test_keeps_the_file_and_asks_what_its_columns_are(self, world: World) -> None:
        run = run_of(send(world, kind="sales_lines"))
        assert (run.state, run.source.name, run.file_name) == ("needs_answers", "till", "sales.csv")
        shown = text(world, run)
        assert 'name="column:Qty"' in shown
        assert "Lines of sales documents need: Document number, Quantity, Date of issue" in shown
        assert "<code>10.50</code>" in shown

    def test_asks_the_kind_first_where_the_columns_leave_it_open(self, world: World) -> None:
        run = run_of(send(world, "Number,Date,Amount\n1,2026-03-01,5.00\n2,2026-03-02,7.00\n"))
        assert "What is in a row of this file?" in text(world, run)
        run = answered(world, run, {"kind": "payments", "take_sure": "1"})
        assert run.kind == "payments"
        assert run.definition["columns"]["amount"] == "Amount"

    def test_takes_a_sure_kind_shows_it_and_lets_it_be_changed(self, world: World) -> None:
        run = run_of(send(world))
        assert run.kind == "sales_lines"
        assert '<option value="sales_lines" selected>' in text(world, run)
        run = answered(world, run, {"kind": "invoices", **ANSWERS})
        assert (run.kind, run.state) == ("invoices", "needs_answers")
        assert '<option value="invoices" selected>' in text(world, run)

    def test_of_a_bad_file_says_why_and_leaves_only_the_event(self, world: World) -> None:
        answer = send(world, "%PDF-1.7 nothing", name="sales.pdf")
        assert answer.status_code == 422
        assert "This is no table (a PDF)" in answer.content.decode()
        assert nothing_came()
        event = Event.objects.latest("id")
        assert event.act == "web.request.refused"
        assert event.reasons[0]["code"] == "not_a_table"

    @pytest.mark.parametrize("change", [{"file": ""}, {"kind": "wishes"}, {"mapping": "none"},
                                        {"source": "erp", "new_source": ""}, {"new_source": "a b"},
                                        {"new_source": "Desk"}, {"new_source": "desk", "dry_run": "1"}])  # fmt: skip
    def test_refuses_what_it_does_not_know(self, world: World, change: dict[str, str]) -> None:
        assert send(world, **change).status_code == 422
        assert nothing_came()

    def test_of_the_same_file_again_changes_nothing(self, world: World) -> None:
        run = loaded(world)
        before = invoices()
        answer = send(world, kind="sales_lines")
        assert run_of(answer) == run
        client = world.client("data_steward")
        client.post(place("mapping", run), {"name": "till-lines"})
        assert run_of(send(world, mapping="till-lines")) == run
        assert invoices() == before

    def test_keeps_no_mapping_under_a_name_with_blanks(self, world: World) -> None:
        """The page comes back with the name, and the rule beside it."""
        run, client = loaded(world), world.client("data_steward")
        answer = client.post(place("mapping", run), {"name": "mi mapa"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="mi mapa"' in text
        assert 'aria-invalid="true"' in text
        assert "A mapping cannot be named “mi mapa”: its name has letters, digits" in text
        assert "Every row accounted for" in text
        with system_context("a look"):
            assert not SavedMapping.objects.exists()


class TestQuestions:
    def test_left_open_are_asked_anew_and_answers_stay(self, world: World) -> None:
        given = {k: v for k, v in ANSWERS.items() if k != "set:currency"}
        run = answered(world, run_of(send(world, kind="sales_lines")), given)
        assert [q["id"] for q in run.questions] == ["set:currency"]
        run = answered(world, run, {**given, "set:currency": "EUR"})
        assert (run.state, run.questions) == ("received", [])

    def test_take_a_correction_in_a_later_round(self, world: World) -> None:
        wrong = {**ANSWERS, "column:Price": "net_amount", "set:currency": ""}
        run = answered(world, run_of(send(world, kind="sales_lines")), wrong)
        assert run.definition["columns"]["net_amount"] == "Price"
        run = answered(world, run)
        assert run.definition["columns"]["unit_price"] == "Price"
        assert "net_amount" not in run.definition["columns"]

    def test_refuse_a_value_that_cannot_be_read_and_change_nothing(self, world: World) -> None:
        run = run_of(send(world, kind="sales_lines"))
        body = {**ANSWERS, "set:currency": "Euronen"}
        answer = world.client("data_steward").post(place("answers", run), body)
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert "cannot be used for this field: Currency" in shown
        assert 'value="quantity" selected' in shown
        assert again(run).state == "needs_answers"

    def test_show_the_rows_only_to_who_sent_them(self, world: World) -> None:
        run = run_of(send(world, PEOPLE, name="people.csv", kind="customers"))
        assert "Ana Ruiz" in text(world, run)
        assert "Ana Ruiz" not in text(world, run, "auditor")
        change(run, owner_id=world.company.users["colleague"].pk)
        assert "Ana Ruiz" not in text(world, run)


class TestRun:
    def test_shows_how_far_it_is_until_it_comes_to_a_stop(self, world: World) -> None:
        run = answered(world, run_of(send(world, kind="sales_lines")))
        assert "Waiting for its turn" in text(world, run)
        assert "<progress" in text(world, run, name="progress")
        carry_on(run.pk, False)
        answer = world.client("data_steward").get(place("progress", run))
        assert answer["HX-Refresh"] == "true"

    def test_accounts_for_every_row_before_anything_is_loaded(self, world: World) -> None:
        run = checked(world)
        assert (run.read, run.accepted, run.rejected, run.skipped) == (4, 3, 1, 0)
        shown = text(world, run)
        assert "Load 3 rows" in shown
        assert "€57.50" in shown  # 2 × 10.50 + 5.00 + 3 × 10.50
        assert "This is not a number." in shown
        assert invoices() == set()

    def test_loads_what_was_confirmed(self, world: World) -> None:
        run = loaded(world)
        assert (run.state, run.written["invoices"]) == ("done", 2)
        assert "Invoices and credit notes" in text(world, run)
        assert invoices() == {"1001", "1003"}

    def test_cancelled_loads_nothing(self, world: World) -> None:
        run = checked(world)
        client = world.client("data_steward")
        assert client.post(place("cancel", run)).status_code == 302
        assert client.post(place("confirm", run)).status_code == 409
        assert "Nothing of it is in the books" in text(world, run)
        assert invoices() == set()

    def test_being_loaded_asks_before_it_is_cancelled(self, world: World) -> None:
        run, client = checked(world), world.client("data_steward")
        assert client.get(place("cancel", run))["Location"] == place("run", run)  # nothing to lose
        change(run, state="loading", to_load=2, loaded=1)
        assert f'href="{place("cancel", run)}"' in text(world, run)
        asked = client.get(place("cancel", run)).content.decode()
        assert "What is in the books of it by now is taken back" in asked
        assert again(run).state == "loading"
        assert client.post(place("cancel", run)).status_code == 302
        assert again(run).state == "cancelled"

    def test_on_trial_writes_nothing(self, world: World) -> None:
        run = checked(world, dry_run="1")
        assert run.state == "done"
        shown = text(world, run)
        assert "A trial: everything was checked, nothing was loaded." in shown
        assert place("take_back", run) not in shown
        assert invoices() == set()

    def test_that_failed_says_why(self, world: World) -> None:
        run = checked(world)
        error = {"code": "act_not_permitted", "params": {"act": "import.run"}}
        change(run, state="failed", error=error, staging_key=None)
        assert "Your roles do not allow this: import files." in text(world, run)

    def test_is_listed_with_its_totals_newest_first(self, world: World) -> None:
        loaded(world)
        send(world, PEOPLE, name="people.csv", kind="customers")
        shown = world.client("auditor").get("/imports/").content.decode()
        assert shown.index("people.csv") < shown.index("sales.csv")
        only = world.client("auditor").get("/imports/?state=done").content.decode()
        assert "people.csv" not in only
        assert world.client("auditor").get("/imports/?state=odd").status_code == 422


class TestRejectedRows:
    def test_of_persons_show_no_value_in_the_list(self, world: World) -> None:
        run = run_of(send(world, PEOPLE, name="people.csv", kind="customers"))
        answered(world, run, {"take_sure": "1"})
        carry_on(run.pk, False)
        shown = text(world, run, name="rejected")
        assert "There is no such day." in shown
        assert "<code>***</code>" in shown
        for hidden in ("not an address", "1990-02-30"):
            assert hidden not in shown + text(world, run, "auditor", "rejected")

    def test_come_out_as_they_came_with_one_event(self, world: World) -> None:
        run = run_of(send(world, PEOPLE, name="people.csv", kind="customers"))
        answered(world, run, {"take_sure": "1"})
        carry_on(run.pk, False)
        answer = world.client("data_steward").post(place("download", run))
        content = b"".join(answer).decode("utf-8-sig")
        header, row = list(csv.reader(StringIO(content)))
        assert header == [
            "Rejected line", "Rejected because", "Customer No", "Name", "Kind", "Email",
            "Birth date",
        ]  # fmt: skip
        assert row[:2] == ["2", "Birth date: There is no such day."]
        # behind an apostrophe no spreadsheet runs it
        assert row[2:] == ["P1", "Ana Ruiz", "person", "'=not an address", "1990-02-30"]
        event = Event.objects.get(act="intake.rejected.downloaded")
        assert (event.rows, event.object_id) == (1, str(run.public_id))
        assert event.fields_read["email"] == "S2"
        assert "Ana" not in str(Event.objects.values())

    def test_are_filtered_by_their_reason(self, world: World) -> None:
        run = loaded(world)
        client = world.client("data_steward")
        there = client.get(place("rejected", run) + "?code=not_a_number").content.decode()
        assert "1002" in there
        other = client.get(place("rejected", run) + "?code=required").content.decode()
        assert "1002" not in other


class TestTakingBack:
    def test_says_first_what_it_will_do_then_does_it(self, world: World) -> None:
        run = loaded(world)
        client = world.client("data_steward")
        assert "Take this import back?" in client.get(place("take_back", run)).content.decode()
        assert client.post(place("take_back", run), {"reason": " "}).status_code == 422
        assert again(run).state == "done"
        client.post(place("take_back", run), {"reason": "wrong month"})
        assert again(run).state == "taken_back"
        assert invoices() == set()
        assert "took this import back on" in text(world, run)
        back = client.get(place("take_back", run))  # the way back of the browser
        assert (back.status_code, back["Location"]) == (302, place("run", run))
        assert client.post(place("take_back", run), {"reason": "again"}).status_code == 409


# route -> method -> who may; the others get 403
READERS, STEWARDS = {"data_steward", "auditor"}, {"data_steward"}
TABLE = {
    "list": ("GET", READERS, 200), "new": ("GET", STEWARDS, 200), "run": ("GET", READERS, 200),
    "progress": ("GET", READERS, 200), "rejected": ("GET", READERS, 200),
    "take_back": ("GET", STEWARDS, 200), "answers": ("POST", STEWARDS, 409),
    "confirm": ("POST", STEWARDS, 409), "cancel": ("POST", STEWARDS, 409),
    "mapping": ("POST", STEWARDS, 302), "download": ("POST", STEWARDS, 200),
}  # fmt: skip


def address(route: str, run: Run) -> str:
    return reverse(f"imports:{route}", args=[] if route in ("list", "new") else [run.public_id])


def ask(client: Client, method: str, url: str) -> tuple[int, list[tuple[str, int]]]:
    """Return the status of a request that is undone, and what it wrote: its event, mappings."""
    with transaction.atomic():
        before = set(Event.objects.values_list("id", flat=True))
        body = "name=kept" if url.endswith("/mapping") else ""
        answer = client.generic(method, url, body, "application/x-www-form-urlencoded")
        acts = Event.objects.exclude(id__in=before).values_list("act", flat=True)
        wrote = [(act, SavedMapping.objects.count()) for act in acts]
        transaction.set_rollback(True)
    if isinstance(answer, FileResponse):
        assert b"".join(answer).count(b"\n") == 2  # read to its end, the file is closed
    return answer.status_code, wrote


class TestMatrix:
    def test_names_every_route(self) -> None:
        from clientela.web.imports.urls import urlpatterns

        assert {one.name for one in urlpatterns} == TABLE.keys()

    def test_holds_for_every_role(self, world: World) -> None:
        run, wrong = loaded(world), []
        clients = {role.value: world.client(role.value) for role in Role}
        for route, (method, allowed, status) in TABLE.items():
            for role, client in clients.items():
                want = status if role in allowed else 403
                got, wrote = ask(client, method, address(route, run))
                if got != want or (want == 403 and wrote != [("web.request.refused", 0)]):
                    wrong.append((route, role, got, want, wrote))
            if ask(world.client(None), method, address(route, run))[0] != 302:
                wrong.append((route, "nobody", 302, 0, []))
            if ask(clients["data_steward"], "PUT", address(route, run))[0] != 405:
                wrong.append((route, "PUT", 405, 0, []))
        assert not wrong, "\n".join(map(str, wrong))

    def test_refuses_a_write_without_the_right_whatever_is_sent(self, world: World) -> None:
        run, wrong = loaded(world), []
        posts = {r for r, (method, _, _) in TABLE.items() if method == "POST"} | {
            "new",
            "take_back",
        }
        for route in sorted(posts):
            for role in sorted({role.value for role in Role} - TABLE[route][1]):
                for body in ({}, {"is_admin": "1"}, {"name": ""}):
                    got = world.client(role).post(address(route, run), body).status_code
                    if got != 403:
                        wrong.append((route, role, body, got))
        assert not wrong, "\n".join(map(str, wrong))

    def test_hides_runs_of_other_branches(self, world: World) -> None:
        run = loaded(world)
        change(run, org_node=world.company.nodes["sevilla"])
        for route, (method, _, _) in TABLE.items():
            if route in ("list", "new"):
                continue
            answer = world.client("data_steward").generic(method, address(route, run))
            assert answer.status_code == 404, route
        assert "sales.csv" not in unquote(
            world.client("data_steward").get("/imports/").content.decode()
        )
