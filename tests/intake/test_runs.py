"""What a run says of its rows, asks only once, and leaves behind: against a real database."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from clientela.audit.models import Event
from clientela.intake.models import Mapping, RejectedRow, Run
from clientela.intake.selectors import rejected_rows, report_of, with_fault
from clientela.intake.selectors.given_back import write_rejected
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.intake.services import (
    advance,
    answer_questions,
    receive_file,
    save_mapping,
    take_back,
)
from clientela.kernel.reasons import Conflict, Invalid
from clientela.records.models import Customer, RecordVersion, Source
from clientela.records.selectors import taken_back
from clientela.records.services import source_for_import
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from clientela.trade.models import Invoice, InvoiceLine
from tests.factories import NOON, Company
from tests.intake.giving import company_with_a_till

OF_FIRMS = ["customer_kind=company"]
SOON = NOON + timedelta(minutes=1)
HEAD = "Invoice No,Product Code,Quantity,Unit Price,Invoice Date,Customer ID,Currency\n"


@pytest.fixture
def company(db) -> Company:
    return company_with_a_till()


@pytest.fixture
def give(company, tmp_path: Path):
    """Return a function: the run of a file with this content, as it is received."""

    def receive(content: str | bytes, *, name="sales.csv", source="till", **more) -> Run:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        access = company.access("data_steward")
        with system_context("a file for a test"):
            origin = source_for_import(
                access=access, name=source, at=NOON, trial=more.get("dry_run", False)
            )
            said = {"kind": "sales_lines", "take_sure": True} | more
            run, _ = receive_file(
                access=access, source=origin, path=path, name=name, at=NOON, **said
            )
        return run

    return receive


def load(company: Company, run: Run, *, at=SOON) -> Run:
    assert run.questions == []
    return advance(run, company.access("data_steward"), at=at, confirmed=True)


def report(run: Run):
    with system_context("a test looks"):
        return report_of(run)


class TestFlags:
    def test_tell_by_column_what_characters_were_read_otherwise(self, company, give):
        rows = (
            "1,Ｐ１,2,5.00,2026-03-01,C\u200b1,EUR\n"
            "1,P2,２,5.00,2026-03-01,C1,EUR\n"
            "2,Ｐ１,many,5.00,2026-03-01,C1,EUR\n"
        )
        run = load(company, give(HEAD + rows))
        assert (run.accepted, run.rejected) == (2, 1)
        shown = {one["code"]: one for one in report(run).as_json()["flagged"]}
        assert shown["full_width_converted"] == {
            "code": "full_width_converted", "rows": 2,
            "columns": {"Product Code": 1, "Quantity": 1},
        }  # fmt: skip
        assert shown["zero_width_removed"]["columns"] == {"Customer ID": 1}
        with system_context("a test looks"):
            assert set(InvoiceLine.objects.values_list("flags", flat=True)) == {""}

    def test_of_one_line_all_fit_into_the_books(self, company, give):
        rows = "A9,P1,-1,-0.0012,1948-01-01,,JPY\n"
        header = HEAD.replace("Currency", "Currency,Description,Net Amount,Country")
        rows = rows.replace("JPY\n", "JPY,caf\ufffd,7.0015,Unspecified\n")
        run = load(company, give(header + rows, settings=["document_kind=A:adjustment"]))
        assert (run.state, run.accepted) == ("done", 1)
        with system_context("a test looks"):
            flags = InvoiceLine.objects.get().flags.split(",")
        assert len(",".join(flags)) > 80
        assert {"date_before_1949", "country_not_said", "amount_differs"} <= set(flags)


class TestReasons:
    def test_count_a_row_under_each_of_its_faults(self, company, give):
        rows = (
            "1,P1,many,5.00,2026-02-30,C1,EUR\n"
            "2,P1,many,5.00,2026-03-01,C1,EUR\n"
            "3,P1,,5.00,,C1,EUR\n"
        )
        sound = "".join(f"{n},P1,1,5.00,2026-03-01,C1,EUR\n" for n in range(4, 10))
        run = load(company, give(HEAD + rows + sound))
        found = {one.code: one.rows for one in report(run).by_reason}
        assert found == {"not_a_number": 2, "no_such_day": 1, "required": 1}
        assert (run.read, run.accepted, run.rejected, run.skipped) == (9, 6, 3, 0)
        with system_context("a test looks"):
            rows = rejected_rows(company.access("data_steward"), run)
            for code, where in (("no_such_day", [1]), ("not_a_number", [1, 2]), ("required", [3])):
                numbers = with_fault(rows, code).order_by("row_no").values_list("row_no", flat=True)
                assert list(numbers) == where
            assert not with_fault(rows, "no_such").exists()


class TestBrokenLine:
    def test_is_told_by_its_column_and_takes_its_document_along(self, company, give):
        rows = "".join(f"{n},P1,1,5.00,2026-03-01,Peña {n},EUR\n" for n in range(1, 6))
        broken = b"5,P\xa5,1,5.00,2026-03-01,C1,EUR\n"
        run = load(company, give((HEAD + rows).encode() + broken, settings=OF_FIRMS))
        assert run.description["layout"]["encoding"] == "utf-8"
        with system_context("a test looks"):
            bad = RejectedRow.objects.get(run=run, code="invalid_bytes")
            assert (bad.column, bad.value, bad.unit) == ("Product Code", "***", "5")
            assert RejectedRow.objects.get(run=run, code="document_incomplete").unit == "5"
            numbers = set(Invoice.objects.values_list("number", flat=True))
        assert numbers == {"1", "2", "3", "4"}

    def test_is_given_back_byte_for_byte_and_set_aside_again_untouched(self, company, give):
        head = "Customer ID,Name,City,Type\n"
        rows = "".join(f"C{n},Peña {n},León,company\n" for n in range(9))
        broken = b"D2,Dos,Ma\xff\xfedrid,company\n"
        run = load(company, give((head + rows).encode() + broken, kind="customers"))
        assert (run.accepted, run.rejected) == (9, 1)
        out = BytesIO()
        access = company.access("data_steward")
        with system_context("a test takes the rejected rows"):
            write_rejected(out, rejected_as_given(access, str(run.public_id), at=NOON))
        assert b",D2,Dos,Ma\xff\xfedrid,company" in out.getvalue()
        again = load(company, give(out.getvalue(), kind="customers"))
        assert (again.accepted, again.rejected) == (0, 1)
        with system_context("a test looks"):
            assert RejectedRow.objects.get(run=again).code == "invalid_bytes"
            assert not Customer.objects.filter(city__contains="\ufffd").exists()


class TestTrial:
    def test_for_a_new_source_makes_none(self, company, give):
        content = HEAD + "1,P1,1,5.00,2026-03-01,C1,EUR\n"
        run = load(company, give(content, source="web-shop", dry_run=True))
        assert (run.state, run.dry_run, run.accepted) == ("done", True, 1)
        assert (run.source_id, run.source_name, run.source_title) == (None, "web-shop", "web-shop")
        with system_context("a test looks"):
            assert not Source.objects.filter(name="web-shop").exists()
            assert not Event.objects.filter(
                act="records.source.added", after__name="web-shop"
            ).exists()
            assert not Customer.objects.exists()
        done = load(company, give(content, source="web-shop"))
        assert (done.state, done.source.name) == ("done", "web-shop")

    def test_of_a_name_that_cannot_be_is_refused(self, give):
        with pytest.raises(Invalid, match="source_name_invalid"):
            give(HEAD + "1,P1,1,5.00,2026-03-01,C1,EUR\n", source="a b!", dry_run=True)


NAMED = HEAD.replace("Customer ID", "Customer Name") + (
    "1,P1,1,5.00,2026-03-01,Bar Luz,EUR\n2,P1,1,5.00,2026-03-02,Bar Luz,EUR\n"
)


class TestCustomersWithoutAKey:
    def test_are_told_apart_by_their_names_where_somebody_says_so(self, company, give):
        run = give(NAMED, settings=OF_FIRMS)
        (asked,) = run.questions
        assert (asked["id"], asked["code"]) == ("customers:key", "customer_key_missing")
        assert asked["choices"] == ["name", "anonymous"]
        run = give(NAMED, answers={"customers:key": "name"})
        assert run.definition["customers"] == "name"
        run = load(company, run)
        assert "anonymous_sale" not in report(run).flagged
        with system_context("a test looks"):
            assert [c.name for c in Customer.objects.all()] == ["Bar Luz"]
            assert Invoice.objects.filter(customer__isnull=False).count() == 2

    def test_have_anonymous_sales_where_somebody_says_so(self, company, give):
        run = load(company, give(NAMED, answers={"customers:key": "anonymous"}))
        assert run.definition["customers"] == "anonymous"
        assert report(run).flagged["anonymous_sale"] == 2
        with system_context("a test looks"):
            assert not Customer.objects.exists()


class TestToldAgain:
    def test_a_customer_that_was_taken_back_lives_again(self, company, give):
        people = "Customer No,Name,Kind\nC1,Bar Luz,company\n"
        access = company.access("data_steward")
        first = load(company, give(people, name="people.csv", kind="customers"))
        with system_context("a test takes back"):
            take_back(access=access, public_id=str(first.public_id), at=SOON)
            gone = Customer.objects.get()
            assert gone.archived_at is not None
            assert taken_back(gone) is not None
        later = SOON + timedelta(minutes=5)
        load(company, give(HEAD + "1,P1,1,5.00,2026-03-01,C1,EUR\n"), at=later)
        with system_context("a test looks"):
            again = Customer.objects.get()
            assert (again.pk, again.archived_at, taken_back(again)) == (gone.pk, None, None)
            assert Invoice.objects.get().customer_id == gone.pk
            told = RecordVersion.objects.order_by("-id").first()
            assert (told.run_id != first.pk, told.author) == (True, "data_steward")


class TestTheSameFileGivenAgain:
    CONTENT = HEAD.replace("\n", ",Colour,Size\n") + "1,P1,1,5.00,2026-03-01,C1,EUR,red,4\n"

    def test_keeps_what_was_answered_before(self, company, give):
        first = give(self.CONTENT, answers={"column:Colour": "ignore"})
        assert [q["id"] for q in first.questions] == ["column:Size"]
        again = give(self.CONTENT, answers={"column:Size": "ignore"})
        assert (again.pk, again.questions) == (first.pk, [])
        assert load(company, again).accepted == 1

    def test_as_another_kind_keeps_nothing_of_it(self, give):
        give(self.CONTENT, answers={"column:Colour": "ignore"})
        again = give(self.CONTENT, kind="products")
        assert again.kind == "products"
        assert "column:Colour" in {q["id"] for q in again.questions}

    def test_may_be_answered_in_one_place_alone(self, company, give):
        run = give(self.CONTENT)
        access = company.access("data_steward")
        answers = {"column:Colour": "ignore", "column:Size": "ignore"}
        said = {"access": access, "public_id": str(run.public_id), "answers": answers, "at": SOON}
        with system_context("a test answers in two windows"):
            run = answer_questions(**said, take_sure=True)
            run = load(company, run)
            with pytest.raises(Conflict, match="run_asks_nothing"):
                answer_questions(**said, take_sure=True)
        assert run.accepted == 1


class TestKind:
    def test_that_is_sure_is_taken_and_may_be_changed(self, company, give):
        run = give(HEAD + "1,P1,1,5.00,2026-03-01,C1,EUR\n", kind=None, take_sure=False)
        assert run.kind == "sales_lines"
        assert "kind" not in {q["id"] for q in run.questions}
        with system_context("a test answers"):
            run = answer_questions(
                access=company.access("data_steward"), public_id=str(run.public_id), at=SOON,
                answers={"kind": "invoices"},
            )  # fmt: skip
        assert run.kind == "invoices"


class TestSavedMapping:
    def test_of_one_source_is_left_alone_by_another_that_takes_its_name(self, company, give):
        with system_context("another source for a test"):
            node = company.nodes["madrid"].pk
            make_source(name="shop", node_id=node, at=NOON, by="test", settlement="unknown")
        access, row = company.access("data_steward"), "1,P1,1,5.00,2026-03-01,C1,EUR\n"
        with system_context("a test keeps mappings"):
            for source, settings in (("till", []), ("shop", ["document_kind=A:adjustment"])):
                run = give(HEAD + row, source=source, settings=settings)
                save_mapping(access=access, public_id=str(run.public_id), name="lines", at=NOON)
            kept = {one.source.name: one.definition for one in Mapping.objects.all()}
        assert kept.keys() == {"till", "shop"}
        assert kept["till"] != kept["shop"]
        again = give(HEAD + row.replace("5.00", "6.00"), mapping="lines")
        with system_context("a test looks"):
            again.refresh_from_db()
        assert again.definition == kept["till"]
