"""A contact that cannot be read keeps no customer out: it is left out, and said where and why.

What tells customers apart, and days, still refuse their row. Every row is accounted for.
"""

import csv
import io

import pytest

from clientela.intake.models import RejectedRow, Run
from clientela.intake.selectors import report_of
from clientela.intake.services import advance, receive_file
from clientela.records.models import Customer
from clientela.records.services import source_for_import
from clientela.store.context import system_context
from tests.factories import NOON, make_company

HEAD = "Customer ID,Name,Customer Type,Country,Tax Number,Phone,Email,Birth Date,Gender\n"
GOOD = "A-1,Ana Gil,person,ES,,+34 912 345 678,ana@sur.es,1980-02-29,F\n"
NO_PHONE = "A-2,Luis Paz,person,ES,,99887766554433,luis@sur.es,,M\n"
NOTHING_READ = "A-3,Eva Sol,person,Atlantis,,912345678,eva sol@sur.es,,dragon\n"
NO_DAY = "A-4,Pau Riu,person,ES,,77665544332211,pau@sur.es,1980-02-30,M\n"
NO_NUMBER = "A-5,Casa Nueva SA,company,ES,B58818502,+34 913 456 789,casa@nueva.es,,\n"
ALL = HEAD + GOOD + NO_PHONE + NOTHING_READ + NO_DAY + NO_NUMBER


@pytest.fixture
def give(db, tmp_path):
    """Return a function: the run of a file of customers, as far as it goes."""
    company = make_company()
    access = company.access("data_steward")
    files = iter(range(100))

    def receive(content: str, **more) -> Run:
        path = tmp_path / f"{next(files)}.csv"
        path.write_text(content, encoding="utf-8")
        with system_context("a file for a test"):
            source = source_for_import(access=access, name="crm", at=NOON)
            run, _ = receive_file(
                access=access, source=source, path=path, name=path.name, at=NOON,
                kind="customers", take_sure=True, **more,
            )  # fmt: skip
        return advance(run, access, at=NOON, confirmed=True) if not run.questions else run

    return receive


def told(run: Run) -> dict:
    with system_context("a test looks"):
        return report_of(run).as_json()


def by_key() -> dict[str, Customer]:
    with system_context("a test looks"):
        links = Customer.objects.filter(links__ended_at=None)
        found = links.values_list("links__source_record__key", "pk")
        return {key: Customer.objects.get(pk=pk) for key, pk in found}


class TestContactThatCannotBeRead:
    def test_keeps_no_customer_out_and_every_row_is_accounted_for(self, give):
        run = give(ALL)
        counted = len(list(csv.DictReader(io.StringIO(ALL))))  # by no code of the product
        answer = told(run)
        totals = {"read": counted, "accepted": 3, "rejected": 2, "skipped": 0}
        assert (run.state, answer["totals"]) == ("done", totals)
        customers = by_key()
        assert customers.keys() == {"A-1", "A-2", "A-3"}
        assert {"phone", "email", "country"} <= customers["A-1"].facts.keys()
        assert "phone" not in customers["A-2"].facts
        assert "email" in customers["A-2"].facts
        assert {"phone", "email", "country", "sex"}.isdisjoint(customers["A-3"].facts)

    def test_is_told_with_its_row_its_column_and_a_mask(self, give):
        flags = {one["code"]: one for one in told(give(ALL))["flagged"]}
        assert flags["phone_invalid"] == {
            "code": "phone_invalid", "rows": 1, "columns": {"Phone": 1},
            "shown": [{"row": 2, "column": "Phone", "value": "***", "rows": 1}],
        }  # fmt: skip
        rows = {code: [(one["row"], one["column"]) for one in flag.get("shown", [])]
                for code, flag in flags.items()}  # fmt: skip
        assert rows == {
            "phone_invalid": [(2, "Phone")], "email_invalid": [(3, "Email")],
            "country_unknown": [(3, "Country")], "phone_country_missing": [(3, "Phone")],
            "not_a_choice": [(3, "Gender")],
        }  # fmt: skip
        assert "99887766554433" not in str(flags)

    def test_is_told_beside_what_refuses_its_row(self, give):
        run = give(ALL)
        with system_context("a test looks"):
            rows = {r.row_no: (r.code, r.column, r.value, r.params.get("others"))
                    for r in RejectedRow.objects.filter(run=run)}  # fmt: skip
        assert rows == {
            4: ("no_such_day", "Birth Date", "***", "phone_invalid"),
            5: ("register_number_invalid", "Tax Number", "***", ""),
        }

    def test_is_brought_by_the_row_put_right(self, give):
        give(HEAD + GOOD + NO_PHONE)
        again = give(HEAD + GOOD + NO_PHONE.replace("99887766554433", "+34 913 456 789"))
        assert again.written["versions"] == 1
        assert "phone" in by_key()["A-2"].facts

    def test_shows_so_many_rows_and_counts_all(self, give):
        rows = "".join(f"B-{n},Casa {n} SA,company,ES,,12345,,,\n" for n in range(30))
        run = give(HEAD + rows, answers={"column:Phone": "phone"})
        assert run.questions == []
        (flag,) = told(run)["flagged"]
        assert (flag["code"], flag["rows"], len(flag["shown"])) == ("phone_invalid", 30, 20)
        assert [one["row"] for one in flag["shown"]] == list(range(1, 21))


class TestSecondNumber:
    def test_comes_in_under_its_name(self, give):
        head = "Customer ID,Name,Customer Type,Country,Phone,Mobile,Phone 2,Email,Email 2\n"
        row = "M-1,Ana Gil,person,ES,912 345 678,600 111 222,99887766554433,a@sur.es,b@sur.es\n"
        run = give(head + row)
        (left_out,) = [f for f in told(run)["flagged"] if f["code"] == "phone_invalid"]
        assert (run.accepted, left_out["columns"]) == (1, {"Phone 2": 1})
        facts = by_key()["M-1"].facts
        assert {key for key in facts if "#" in key or key in ("phone", "email")} == {
            "phone", "phone#mobile", "email", "email#2",
        }  # fmt: skip

    def test_is_the_first_where_there_is_no_other(self, give):
        give("Customer ID,Name,Customer Type,Country,Mobile\nM-2,Eva Sol,person,ES,600111222\n")
        assert {key for key in by_key()["M-2"].facts if key.startswith("phone")} == {"phone"}


class TestSeveralPhones:
    SEVERAL = HEAD + "A-1,Ana Gil,person,ES,,912345678 / 913456789,,,F\n"

    def test_are_asked_about_once(self, give):
        run = give(self.SEVERAL)
        (question,) = run.questions
        assert (question["id"], question["choices"]) == ("several:Phone", ["first", "none"])

    @pytest.mark.parametrize(("answer", "has"), [("first", True), ("none", False)])
    def test_are_taken_as_answered(self, give, answer, has):
        run = give(self.SEVERAL, answers={"several:Phone": answer})
        assert (run.state, run.accepted) == ("done", 1)
        assert ("phone" in by_key()["A-1"].facts) is has
