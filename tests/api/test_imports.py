"""Imports by the API: the same file again, and rejected rows that were corrected."""

import csv
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.intake.reading.own_columns import NAMES
from clientela.intake.reading.workbook import cells_of
from clientela.intake.services import running
from clientela.intake.services.units import make_units
from clientela.intake.tasks import carry_on
from clientela.store.context import system_context

SALES = (
    "Ticket,Goods,How many,Each,When,Who\nT1,Tea,2,5,2026-03-04,C1\nT2,Cup,many,5,2026-03-04,C2\n"
)
ANSWERS = {
    "column:Ticket": "document_number", "column:Goods": "product_name",
    "column:How many": "quantity", "column:Each": "unit_price", "column:When": "issued_on",
    "column:Who": "customer_key", "set:currency": "EUR",
}  # fmt: skip


@pytest.fixture
def steward(caller, settings):
    settings.AFTER_IMPORT = ()
    return caller("data_steward")


def upload(steward, content, **more):
    steward.keys += 1
    headers = steward._headers() | {"Idempotency-Key": f"upload-{steward.keys}"}
    file = SimpleUploadedFile("sales.csv", content.encode())
    answer = steward.client.post(
        "/api/v1/imports", {"file": file, "source": "till", **more}, headers=headers
    )
    assert answer.status_code == 202, answer.content
    return answer.json()


def load(report):
    with system_context("a test carries an import on"):
        run = Run.objects.get(public_id=report["run"])
    carry_on(run.pk, True)
    with system_context("a test looks"):
        run.refresh_from_db()
    return run


@pytest.fixture
def brought(steward):
    report = upload(steward, SALES, kind="sales_lines")
    answer = steward.send("POST", f"/imports/{report['run']}/answers", {"answers": ANSWERS})
    assert answer.json()["questions"] == []
    return load(report)


class TestBetweenSteps:
    def test_a_file_that_is_read_and_not_yet_checked_has_no_totals(self, steward, monkeypatch):
        """Checking takes its time in a transaction of its own, and programs ask meanwhile."""
        report = upload(steward, SALES, kind="sales_lines")
        steward.send("POST", f"/imports/{report['run']}/answers", {"answers": ANSWERS})
        seen = []

        def stopped(run):
            seen.append(steward.get(f"/imports/{report['run']}"))
            return make_units(run)

        monkeypatch.setattr(running, "make_units", stopped)
        done = load(report)
        (answer,) = seen
        assert answer.status_code == 200
        assert answer.json()["state"] == "working"
        assert answer.json()["totals"] == dict.fromkeys(
            ("read", "accepted", "rejected", "skipped"), 0
        )
        assert (done.read, done.accepted, done.rejected) == (2, 1, 1)


class TestAnswers:
    def test_that_a_question_does_not_offer_is_refused(self, steward):
        days = SALES.replace("2026-03-04", "03/04/2026")
        report = upload(steward, days, kind="sales_lines")
        asked = steward.send("POST", f"/imports/{report['run']}/answers", {"answers": ANSWERS})
        (question,) = asked.json()["questions"]
        assert (question["id"], question["choices"]) == ("dates:When", ["dmy", "mdy"])
        for answer, status in (("xxx", 422), ("dmy", 200)):
            body = {"answers": {"dates:When": answer}}
            said = steward.send("POST", f"/imports/{report['run']}/answers", body)
            assert said.status_code == status, answer
            if status == 422:
                assert said.json()["reasons"][0]["code"] == "answer_not_offered"
        assert said.json()["questions"] == []

    def test_to_no_question_is_refused(self, steward):
        report = upload(steward, SALES, kind="sales_lines")
        place = f"/imports/{report['run']}/answers"
        for id_, value, code in (
            ("made:up", "x", "question_not_asked"), ("encoding", "x", "question_not_asked"),
            ("dates:Nowhere", "dmy", "question_not_asked"),
            ("column:Nowhere", "ignore", "question_not_asked"),
            ("column:When", "nonsense", "answer_not_offered"),
            ("field:issued_on", "Nowhere", "answer_not_offered"),
            ("dates:When", "nonsense", "answer_not_offered"),  # said before it is asked
            ("numbers:When", "dmy", "answer_not_offered"), ("scale:When", "none", "answer_not_offered"),
        ):  # fmt: skip
            said = steward.send("POST", place, {"answers": {**ANSWERS, id_: value}})
            assert said.status_code == 422, id_
            (reason,) = said.json()["reasons"]
            assert (reason["code"], reason["params"]["question"]) == (code, id_)
            known = {"column:When": "issued_on", "dates:When": "ymd", "scale:When": "take",
                     "numbers:When": "decimal_point"}  # fmt: skip
            assert known.get(id_, "When") in reason["params"]["known"], id_
            assert id_ in reason["text"]
        said = steward.send("POST", place, {"answers": {**ANSWERS, "set:made_up": "x"}})
        assert (said.status_code, "made_up" in said.json()["reasons"][0]["text"]) == (422, True)
        with system_context("a test looks"):
            assert Run.objects.get().answers["answers"] == {"kind": "sales_lines"}
        assert steward.send("POST", place, {"answers": ANSWERS}).json()["questions"] == []

    def test_that_give_a_column_two_fields_are_refused_with_both(self, steward):
        report = upload(steward, SALES, kind="sales_lines")
        place = f"/imports/{report['run']}/answers"
        twice = {**ANSWERS, "column:Each": "tax_amount", "field:unit_price": "Each"}
        said = steward.send("POST", place, {"answers": twice})
        (reason,) = said.json()["reasons"]
        assert (said.status_code, reason["code"], reason["params"]) == (
            422, "column_filled_twice",
            {"column": "Each", "field": "unit_price", "fills": "tax_amount"},
        )  # fmt: skip
        assert steward.send("POST", place, {"answers": ANSWERS}).json()["questions"] == []


class TestSaidWithTheFile:
    """What is to be taken unasked is said once, with the file."""

    @pytest.mark.parametrize(("confirmed", "state"), [("true", "working"), ("false", "ready")])
    def test_to_be_loaded_is_at_work_until_it_is(self, steward, confirmed, state):
        said = {"kind": "sales_lines", "take_sure": "true", "confirmed": confirmed}
        report = upload(steward, SALES, settings="customer_kind=person", **said)
        with system_context("a test looks"):
            assert Run.objects.filter(public_id=report["run"]).update(state="ready") == 1
        assert steward.get(f"/imports/{report['run']}").json()["state"] == state

    def test_is_kept_for_the_answers(self, steward):
        report = upload(steward, SALES, kind="sales_lines", take_sure="true", confirmed="true")
        asked = {question["id"] for question in report["questions"]}
        answers = {id_: value for id_, value in ANSWERS.items() if id_ in asked}
        assert set(ANSWERS) - set(answers)  # the sure ones were taken
        later = steward.send("POST", f"/imports/{report['run']}/answers", {"answers": answers})
        assert later.json()["questions"] == []
        assert self.queued()[-1] is True

    def test_may_be_said_otherwise_later(self, steward):
        report = upload(steward, SALES, kind="sales_lines", take_sure="true", confirmed="true")
        body = {"answers": {}, "take_sure": False, "confirmed": False}
        later = steward.send("POST", f"/imports/{report['run']}/answers", body).json()
        assert len(later["questions"]) > len(report["questions"])
        later = steward.send("POST", f"/imports/{report['run']}/answers", {"answers": ANSWERS})
        assert later.json()["questions"] == []
        assert self.queued()[-1] is False

    def queued(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "select (args ->> 'confirmed')::boolean from procrastinate_jobs"
                " where task_name like '%carry_on' order by id"
            )
            return [row[0] for row in cursor.fetchall()]


class TestState:
    def test_is_the_same_in_the_list(self, steward, brought):
        def both(report):
            rows = {row["run"]: row["state"] for row in steward.get("/imports").json()["items"]}
            return rows[report["run"]], steward.get(f"/imports/{report['run']}").json()["state"]

        assert both({"run": str(brought.public_id)}) == ("done", "done")
        other = SALES.replace("T1", "T9")
        tried = upload(steward, other, kind="sales_lines", dry_run="true")
        assert both(tried) == ("needs_answers", "needs_answers")
        steward.send("POST", f"/imports/{tried['run']}/answers", {"answers": ANSWERS})
        assert both(tried) == ("working", "working")
        load(tried)
        assert both(tried) == ("dry_run", "dry_run")
        with system_context("a test asks in an old run"):
            old = Run.objects.get(pk=brought.pk)
            old.pk, old.public_id = None, "11111111-1111-4111-8111-111111111111"
            old.state = "ready"
            old.save(force_insert=True)
        steward.send("POST", f"/imports/{old.public_id}/confirm")
        assert both({"run": str(old.public_id)}) == ("already_imported", "already_imported")

    def test_says_where_an_import_stands_from_its_receipt_to_its_end(self, steward):
        def now():
            return steward.get(address).json()["state"]

        report = upload(steward, SALES, kind="sales_lines")
        address = f"/imports/{report['run']}"
        assert (report["state"], now()) == ("needs_answers", "needs_answers")
        answer = steward.send("POST", f"{address}/answers", {"answers": ANSWERS}).json()
        assert (answer["state"], now()) == ("working", "working")
        with system_context("a test carries an import on"):
            run = Run.objects.get(public_id=report["run"])
        carry_on(run.pk, False)
        assert now() == "ready"
        steward.send("POST", f"{address}/confirm")
        carry_on(run.pk, True)
        assert now() == "done"
        steward.send("POST", f"{address}/take-back", {"reason": "anew"})
        assert now() == "taken_back"

    def test_says_that_one_was_cancelled(self, steward):
        address = f"/imports/{upload(steward, SALES, kind='sales_lines')['run']}"
        steward.send("POST", f"{address}/cancel")
        assert steward.get(address).json()["state"] == "cancelled"


class TestKey:
    @pytest.mark.parametrize("other", [{"confirmed": "true"}, {"sheet": "B"}, {"dry_run": "true"}])
    def test_of_another_request_is_refused(self, steward, other):
        upload(steward, SALES, kind="sales_lines")
        steward.keys -= 1
        headers = steward._headers() | {"Idempotency-Key": f"upload-{steward.keys + 1}"}
        file = SimpleUploadedFile("sales.csv", SALES.encode())
        body = {"file": file, "source": "till", "kind": "sales_lines", **other}
        answer = steward.client.post("/api/v1/imports", body, headers=headers)
        assert answer.status_code in (409, 422)
        assert answer.json()["reasons"][0]["code"] == "idempotency_key_reused"


class TestTheSameFile:
    @pytest.mark.parametrize("more", [{}, {"kind": "sales_lines"}, {"settings": "currency=USD"}])
    def test_is_known_before_it_asks(self, steward, brought, more):
        report = upload(steward, SALES, **more)
        assert (report["state"], report["run"]) == ("already_imported", str(brought.public_id))
        assert report["questions"] == []
        assert report["totals"] == {"read": 2, "accepted": 0, "rejected": 0, "skipped": 2}
        assert report["imported"]["code"] == "imported_already"
        assert report["imported"]["params"]["day"] == brought.finished_at.date().isoformat()
        with system_context("a test looks"):
            assert Run.objects.count() == 1

    def test_is_another_file_as_another_kind_or_once_taken_back(self, steward, brought):
        assert upload(steward, SALES, kind="customers")["state"] == "needs_answers"
        steward.send("POST", f"/imports/{brought.public_id}/take-back", {"reason": "anew"})
        report = upload(steward, SALES, kind="sales_lines")
        assert (report["state"], report["run"] != str(brought.public_id)) == ("needs_answers", True)

    def test_answered_twice_is_brought_once(self, steward, brought):
        with system_context("a test asks in an old run"):
            old = Run.objects.get(pk=brought.pk)
            old.pk, old.public_id = None, "11111111-1111-4111-8111-111111111111"
            old.state = "ready"
            old.save(force_insert=True)
        report = steward.send("POST", f"/imports/{old.public_id}/confirm").json()
        assert (report["state"], report["run"]) == ("already_imported", str(brought.public_id))


class TestRejectedRows:
    @pytest.mark.parametrize("language", list(NAMES))
    def test_come_in_again_without_a_question(self, steward, brought, language):
        (line, why), header = NAMES[language], SALES.splitlines()[0]
        content = f"{line},{why},{header}\n3,not a number,T2,Cup,4,5,2026-03-04,C2\n"
        report = upload(steward, content)
        assert (report["state"], report["questions"]) == ("working", [])
        run = load(report)
        assert (run.accepted, run.rejected) == (1, 0)

    def test_are_corrected_by_the_run_that_took_them_until_it_is_taken_back(self, steward, brought):
        def state():
            (row,) = steward.get(f"/imports/{brought.public_id}/rejected").json()["items"]
            assert row["text"] == "This is not a number."
            return row["state"], row["corrected_by"]

        assert state() == ("open", None)
        line, why = NAMES["en"]
        head = f"{line},{why},{SALES.splitlines()[0]}\n"
        assert load(upload(steward, f"{head}3,no,T2,Cup,few,5,2026-03-04,C2\n")).rejected == 1
        assert state() == ("open", None)  # wrong again
        run = load(upload(steward, f"{head}3,no,T2,Cup,4,5,2026-03-04,C2\n"))
        assert (run.accepted, run.rejected) == (1, 0)
        assert state() == ("corrected", str(run.public_id))
        steward.send("POST", f"/imports/{run.public_id}/take-back", {"reason": "wrong"})
        assert state() == ("open", None)


class TestTakenBack:
    def test_says_how_much_it_was(self, steward, brought):
        address = f"/imports/{brought.public_id}"
        assert "taken_back" not in steward.get(address).json()
        steward.send("POST", f"{address}/take-back", {"reason": "anew"})
        told = steward.get(address).json()
        assert told["taken_back"] == {"loaded": 1, "customers": 1, "documents": {"invoices": 1}}
        assert (told["progress"]["loaded"], told["progress"]["to_load"]) == (0, 1)


class TestFileOfRejectedRows:
    def test_goes_to_who_brought_them_with_an_event(self, steward, caller, brought):
        answer = steward.get(f"/imports/{brought.public_id}/rejected/file")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.status_code == 200
        assert f"rejected-{brought.public_id}.csv" in answer["Content-Disposition"]
        content = b"".join(answer.streaming_content).decode("utf-8-sig")
        header, row = csv.reader(StringIO(content))
        assert header[2:] == SALES.splitlines()[0].split(",")
        assert row == ["3", "How many: This is not a number.", *SALES.splitlines()[2].split(",")]
        event = Event.objects.get(act="intake.rejected.downloaded")
        assert (event.rows, event.channel, event.object_id) == (1, "api", str(brought.public_id))

    def test_goes_to_nobody_else(self, steward, caller, brought, company):
        place = f"/imports/{brought.public_id}/rejected/file"
        assert caller("auditor").get(place).status_code == 403
        with system_context("a test gives the run to somebody else"):
            Run.objects.filter(pk=brought.pk).update(owner_id=company.users["auditor"].pk)
        answer = steward.get(place)
        assert answer.status_code == 403
        assert answer.json()["reasons"][0]["code"] == "rows_go_to_who_brought_them"
        assert not Event.objects.filter(act="intake.rejected.downloaded").exists()


def test_raw_rows_of_a_workbook_keep_their_types():
    kept = '["a\\tb",{"n":"1.5"},{"d":"2026-03-04"},{"e":"error_cell","s":"#N/A"}]'
    cells = cells_of(kept.encode())
    assert [str(cell) for cell in cells] == ["a\tb", "1.5", "2026-03-04", "#N/A"]
    assert cells_of(b"as\tformerly") == ["as", "formerly"]
