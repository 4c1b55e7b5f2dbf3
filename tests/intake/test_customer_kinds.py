"""Customers whom sales name: companies or persons, and what of a person then stands open."""

from pathlib import Path

import pytest
from django.db import connection

from clientela.intake.models import Mapping, RejectedRow, Run
from clientela.intake.selectors import report_of, samples_of
from clientela.intake.services import advance, answer_questions, receive_file, save_mapping
from clientela.intake.services import take_back as take_run_back
from clientela.records.models import Customer, RecordVersion, SealKey, SourceRecord
from clientela.records.services import source_for_import
from clientela.records.services.desk import correct_customer
from clientela.records.services.sources import make_source
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from clientela.trade.models import Invoice
from tests.factories import NOON, Company, make_company

HEAD = (
    "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer ID,Customer Name,Currency\n"
)
SALES = HEAD + (
    "1,P1,2,5.00,2026-03-01,C1,María López,EUR\n2,P1,1,5.00,2026-03-02,C2,Aceros S.L.,EUR\n"
)
FIRMS = HEAD + (
    "1,P1,2,5.00,2026-03-01,C1,Hierros Luz S.A.,EUR\n2,P1,1,5.00,2026-03-02,C2,Aceros S.L.,EUR\n"
)
ASKED = "set:customer_kind"
BY_NAME = (
    "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer Name,Currency\n"
    "1,P1,2,5.00,2026-03-01,María López,EUR\n2,P1,1,5.00,2026-03-02,Ana Ruiz,EUR\n"
    "3,P1,1,5.00,2026-03-02,ana ruiz,EUR\n"
)


@pytest.fixture
def company(db) -> Company:
    company = make_company()
    with system_context("a source for a test"):
        make_source(name="shop", node_id=company.nodes["madrid"].pk, at=NOON, by="test")
    return company


@pytest.fixture
def give(company, tmp_path: Path):
    """Return a function: the run of a file with this content, as far as it goes."""
    return giver(company, tmp_path)


def giver(company: Company, folder: Path):
    """Return what brings files of the source `shop` in."""

    def receive(content: str, *, kind="sales_lines", take_sure=True, **more) -> Run:
        path = folder / "file.csv"
        path.write_text(content, encoding="utf-8")
        access = company.access("data_steward")
        with system_context("a file for a test"):
            source = source_for_import(access=access, name="shop", at=NOON)
            run, _ = receive_file(
                access=access, source=source, path=path, name=path.name, at=NOON, kind=kind,
                take_sure=take_sure, **more,
            )  # fmt: skip
        if run.state == "received":
            run = advance(run, access, at=NOON, confirmed=True)
        return run

    return receive


@pytest.fixture
def answer(company):
    """Return a function: the run after an answer, as far as it goes."""

    def answered(run: Run, **answers) -> Run:
        access = company.access("data_steward")
        with system_context("an answer for a test"):
            run = answer_questions(
                access=access, public_id=str(run.public_id), at=NOON, take_sure=True,
                answers={name.replace("__", ":"): value for name, value in answers.items()},
            )  # fmt: skip
        goes_on = run.state in ("received", "staging")
        return advance(run, access, at=NOON, confirmed=True) if goes_on else run

    return answered


def flagged(run: Run) -> dict[str, dict]:
    with system_context("a test looks"):
        return {one["code"]: one for one in report_of(run).as_json()["flagged"]}


def kinds() -> dict[str, str]:
    with system_context("a test looks"):
        return dict(SourceRecord.objects.values_list("key", "kind"))


def everything_kept() -> str:
    """Return all that the ledger, the trade and the runs hold, as text."""
    tables = ("records_recordversion", "records_sourcerecord", "trade_invoice", "intake_run",
              "intake_rejectedrow", "audit_event")  # fmt: skip
    with system_context("a test looks"), connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"select to_jsonb(t)::text from {table} t")
            found += [row[0] for row in cursor.fetchall()]
        return "\n".join(found)


class TestKindOfTheCustomersOfSales:
    def test_is_asked_where_they_have_names(self, give):
        run = give(SALES)
        assert [(q["id"], q["code"]) for q in run.questions] == [
            (ASKED, "sales_customer_kind_missing")
        ]
        assert run.questions[0]["choices"] == ["person", "company"]
        assert kinds() == {}

    def test_is_asked_of_invoices_as_well(self, give):
        head = "Invoice No,Invoice Date,Net Amount,Customer ID,Customer Name,Currency\n"
        run = give(head + "1,2026-03-01,5.00,C1,María López,EUR\n", kind="invoices")
        assert [q["id"] for q in run.questions] == [ASKED]

    def test_is_taken_unasked_where_every_name_is_a_companys(self, give):
        run = give(FIRMS)
        assert (run.state, run.definition["constants"]["customer_kind"]) == ("done", "company")
        assert kinds() == {"C1": "company", "C2": "company"}

    def test_is_only_suggested_where_nothing_is_taken_unasked(self, give):
        run = give(FIRMS, take_sure=False)
        (asked,) = [q for q in run.questions if q["id"] == ASKED]
        assert (asked["choices"][0], asked["params"]["likely"]) == ("company", "company")

    def test_is_not_asked_of_keys_alone_which_are_taken_for_persons_and_say_so(self, give):
        run = give(SALES.replace(",Customer Name", "").replace(",María López", "").replace(
            ",Aceros S.L.", ""))  # fmt: skip
        assert run.state == "done"
        assert kinds() == {"C1": "person", "C2": "person"}
        found = flagged(run)["customer_kind_assumed"]
        assert found["rows"] == 2
        assert found["shown"][0] == {"row": 1, "column": "Customer ID", "value": "C1", "rows": 1}

    def test_is_not_asked_where_the_sales_stay_anonymous(self, give, answer):
        run = give(BY_NAME, answers={"customers:key": "anonymous"})
        assert run.state == "done"
        assert kinds() == {}

    def test_can_be_set_for_all_rows(self, give):
        assert give(SALES, settings=["customer_kind=companies"]).state == "done"
        assert set(kinds().values()) == {"company"}

    def test_may_stand_in_a_column(self, give):
        rows = SALES.replace("Currency", "Currency,Customer Type").replace(
            "López,EUR", "López,EUR,"
        )
        run = give(rows.replace("S.L.,EUR", "S.L.,EUR,company"))
        assert run.state == "done"
        assert kinds() == {"C1": "person", "C2": "company"}
        assert flagged(run)["customer_kind_not_said"]["rows"] == 1

    def test_is_not_taken_from_a_column_that_says_something_else(self, give):
        rows = SALES.replace("Currency", "Currency,Customer Type").replace(
            "López,EUR", "López,EUR,retail"
        )
        run = give(rows.replace("S.L.,EUR", "S.L.,EUR,wholesale"))
        assert {q["id"] for q in run.questions} == {"column:Customer Type", ASKED}

    def test_may_stand_in_a_column_that_somebody_points_at(self, give):
        rows = SALES.replace("Currency", "Currency,Xy").replace("López,EUR", "López,EUR,particular")
        run = give(rows.replace("S.L.,EUR", "S.L.,EUR,b2b"), answers={"field:customer_kind": "Xy"})
        assert run.state == "done"
        assert kinds() == {"C1": "person", "C2": "company"}

    def test_is_kept_with_the_mapping(self, company, give, answer):
        run = answer(give(SALES), set__customer_kind="person")
        assert run.state == "done"
        with system_context("a test saves"):
            save_mapping(
                access=company.access("data_steward"), public_id=str(run.public_id), name="till",
                at=NOON,
            )  # fmt: skip
            assert Mapping.objects.get().definition["constants"]["customer_kind"] == "person"
        more = SALES.replace("\n1,", "\n8,").replace("\n2,", "\n9,").replace("C1", "C8")
        assert give(more, mapping="till").state == "done"
        assert kinds()["C8"] == "person"


class TestPersonOfAFileOfSales:
    def test_has_a_sealed_name_like_one_of_a_file_of_customers(self, give):
        run = give(SALES, settings=["customer_kind=person"])
        assert run.state == "done"
        with system_context("a test looks"):
            stated = [set(v.attributes["name"]) for v in RecordVersion.objects.all()]
            assert stated == [{"key", "cipher", "digest"}] * 2
            assert SealKey.objects.count() == 2
            assert set(Customer.objects.values_list("kind", "name")) == {
                ("person", "María López"), ("person", "Aceros S.L."),
            }  # fmt: skip
        assert "López" not in everything_kept()

    def test_whom_only_a_name_tells_apart_has_a_key_that_does_not_tell_it(self, give):
        answers = {"customers:key": "name", ASKED: "person"}
        run = give(BY_NAME, answers=answers)
        assert run.state == "done"
        assert len(kinds()) == 3
        assert all(key.startswith("name:") for key in kinds())
        with system_context("a test looks"):
            assert Customer.objects.filter(name="María López", kind="person").count() == 1
            assert Invoice.objects.filter(customer_id=None).count() == 0
        assert "López" not in everything_kept()
        assert "ana ruiz" not in everything_kept().lower()
        assert flagged(run)["key_like_another"]["rows"] == 2

    def test_is_the_same_when_sales_come_again(self, give):
        answers = {"customers:key": "name", ASKED: "person"}
        give(BY_NAME, answers=answers)
        give(BY_NAME.replace("\n1,", "\n7,").replace("\n2,", "\n8,").replace("\n3,", "\n9,"),
             answers=answers)  # fmt: skip
        assert len(kinds()) == 3
        with system_context("a test looks"):
            assert Customer.objects.get(name="María López").pk
            assert Invoice.objects.count() == 6

    def test_whose_name_stands_as_the_number_is_kept_as_one_without(self, give):
        rows = BY_NAME.replace("Customer Name", "Customer ID")
        run = give(rows)
        assert [q["id"] for q in run.questions if q["id"] == ASKED] == [ASKED]
        run = give(rows, answers={ASKED: "person"}, settings=[])
        assert run.state == "done"
        assert all(key.startswith("name:") for key in kinds())
        assert "López" not in everything_kept()


class TestCustomerThatIsThere:
    def test_stays_of_its_kind_and_the_difference_is_flagged(self, give):
        give(FIRMS)
        run = give(FIRMS.replace("\n1,", "\n7,"), settings=["customer_kind=person"])
        assert kinds() == {"C1": "company", "C2": "company"}
        assert flagged(run)["customer_kind_differs"]["rows"] == 1

    def test_whose_kind_was_assumed_takes_the_one_that_its_source_states(self, give):
        give(SALES.replace(",Customer Name", "").replace(",María López", "").replace(
            ",Aceros S.L.", ""))  # fmt: skip
        give("Customer ID,Name,Type\nC2,Aceros S.L.,company\nC1,María López,person\n",
             kind="customers")  # fmt: skip
        assert kinds() == {"C1": "person", "C2": "company"}
        with system_context("a test looks"):
            assert dict(Customer.objects.values_list("name", "kind")) == {
                "María López": "person", "Aceros S.L.": "company",
            }  # fmt: skip

    def test_may_be_said_otherwise_once_its_import_was_taken_back(self, company, give):
        run = give(SALES, settings=["customer_kind=company"])
        with system_context("a test takes back"):
            take_run_back(
                access=company.access("data_steward"), public_id=str(run.public_id), at=NOON,
                reason="companies they are not",
            )  # fmt: skip
        give(SALES, settings=["customer_kind=person"])
        assert set(kinds().values()) == {"person"}
        with system_context("a test looks"):
            last = RecordVersion.objects.order_by("-id").first()
            assert set(last.attributes["name"]) == {"key", "cipher", "digest"}


class TestKindOfAFileOfCustomers:
    def test_is_taken_unasked_where_every_name_is_a_companys_as_in_sales(self, give):
        run = give("Customer ID,Name\nC1,Aceros S.L.\nC2,上海光明有限公司\n", kind="customers")
        assert (run.state, run.definition["constants"]["kind"]) == ("done", "company")
        assert kinds() == {"C1": "company", "C2": "company"}
        assert flagged(run) == {}

    def test_is_asked_where_one_may_be_a_persons(self, give, answer):
        run = give("Customer ID,Name\nC1,Aceros S.L.\nC2,María López\n", kind="customers")
        assert [q["id"] for q in run.questions] == ["set:kind"]
        assert kinds() == {}
        assert answer(run, set__kind="person").state == "done"
        assert set(kinds().values()) == {"person"}


CUSTOMERS = "Customer ID,Name,Type\nC1,Aceros S.L.,company\nC2,María López,person\n"
RENAMED = "Customer ID,Name,Type,City\nC1,Hierros S.L.,company,Lugo\nC2,Ana Ruiz,person,Vigo\nC3,Bar S.A.,company,Vigo\n"


class TestKnownKeyUnderAnotherName:
    def names(self) -> list[str]:
        with system_context("a test looks"):
            return sorted(Customer.objects.values_list("name", flat=True))

    def test_is_asked_before_anything_is_written_over(self, give):
        give(CUSTOMERS, kind="customers")
        run = give(RENAMED, kind="customers")
        assert run.state == "needs_answers"
        assert [(q["id"], q["code"]) for q in run.questions] == [
            ("names:changed", "customer_renamed")
        ]
        assert self.names() == ["Aceros S.L.", "María López"]
        found = flagged(run)["customer_named_otherwise"]
        assert (found["rows"], found["shown"][0]["row"]) == (2, 1)
        assert [one["value"] for one in found["shown"]] == ["C1", "C2"]

    def test_shows_the_names_that_stand_and_those_that_come_to_who_brought_them(
        self, give, company
    ):
        give(CUSTOMERS, kind="customers")
        run = give(RENAMED, kind="customers")
        told = {}
        for who in ("data_steward", "auditor"):
            access = company.access(who)
            with database_context(context_of(access)):
                samples = samples_of(access, run, at=NOON)
                (asked,) = report_of(run, samples=samples).as_json()["questions"]
            told[who] = asked.get("previews")
        assert told == {
            "data_steward": {
                "keep": "1: Aceros S.L.\n2: M*", "take": "1: Hierros S.L.\n2: Ana Ruiz",
            },
            "auditor": None,
        }  # fmt: skip
        with connection.cursor() as cursor:  # and nothing of it lies open
            cursor.execute(
                "select questions::text, samples::text from intake_run where id = %s", [run.pk]
            )
            assert "Ana" not in str(cursor.fetchone())

    def test_keeps_its_name_and_takes_the_rest(self, give, answer):
        give(CUSTOMERS, kind="customers")
        run = answer(give(RENAMED, kind="customers"), names__changed="keep")
        assert (run.state, run.accepted, run.read) == ("done", 3, 3)
        assert self.names() == ["Aceros S.L.", "Bar S.A.", "María López"]
        with system_context("a test looks"):
            assert Customer.objects.get(name="Aceros S.L.").city == "Lugo"
        assert flagged(run)["customer_named_otherwise"]["rows"] == 2

    def test_says_of_which_customers_a_person_has_said_the_name(self, give, answer, company):
        give(CUSTOMERS, kind="customers")
        with system_context("a person corrects a name"):
            one = Customer.objects.get(name="Aceros S.L.")
            correct_customer(
                access=company.access("data_steward"), public_id=str(one.public_id),
                changes={"name": "Aceros del Norte S.L."}, at=NOON,
            )  # fmt: skip
        run = answer(give(RENAMED, kind="customers"), names__changed="take")
        assert self.names() == ["Aceros del Norte S.L.", "Ana Ruiz", "Bar S.A."]
        found = flagged(run)
        assert found["customer_named_otherwise"]["rows"] == 2
        assert found["name_kept_as_corrected"]["rows"] == 1
        assert found["name_kept_as_corrected"]["shown"] == [
            {"row": 1, "column": "Customer ID", "value": "C1", "rows": 1}
        ]

    def test_takes_the_new_name_where_somebody_says_so(self, give, answer):
        give(CUSTOMERS, kind="customers")
        run = answer(give(RENAMED, kind="customers"), names__changed="take")
        assert run.state == "done"
        assert self.names() == ["Ana Ruiz", "Bar S.A.", "Hierros S.L."]

    def test_is_set_aside_where_somebody_says_so(self, give, answer):
        give(CUSTOMERS, kind="customers")
        run = answer(give(RENAMED, kind="customers"), names__changed="refuse")
        assert (run.state, run.read, run.accepted, run.rejected) == ("done", 3, 1, 2)
        assert "customer_named_otherwise" not in flagged(run)
        with system_context("a test looks"):
            aside = RejectedRow.objects.order_by("row_no").values_list(
                "row_no", "column", "value", "code"
            )
            assert list(aside) == [
                (1, "Name", "***", "known_by_another_name"),
                (2, "Name", "***", "known_by_another_name"),
            ]

    def test_is_not_asked_where_it_was_answered_with_the_file(self, give):
        give(CUSTOMERS, kind="customers")
        assert give(RENAMED, kind="customers", answers={"names:changed": "keep"}).state == "done"

    def test_is_not_asked_of_the_same_name(self, give):
        give(CUSTOMERS, kind="customers")
        again = CUSTOMERS.replace("Type\n", "Type,City\n").replace("company\n", "company,Lugo\n")
        run = give(again.replace("person\n", "person,Vigo\n"), kind="customers")
        assert run.state == "done"
        assert "customer_named_otherwise" not in flagged(run)

    def test_is_flagged_in_sales_which_change_no_name(self, give):
        give(FIRMS)
        run = give(FIRMS.replace("\n1,", "\n7,").replace("Hierros", "Cobres"))
        assert flagged(run)["customer_named_otherwise"]["shown"] == [
            {"row": 1, "column": "Customer ID", "value": "C1", "rows": 1}
        ]
        assert self.names() == ["Aceros S.L.", "Hierros Luz S.A."]
