"""A customer that several imports name, of which some are taken back: what the others said stands.

The law is drawn as a table: who names the customer how, and in which order they are taken back.
After each step the customer goes by the name it had, if anybody who counts gave it; else by the
first that counts; and is put away where nobody is left. The expected names are worked out here in
plain Python.
"""

from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from django.db import transaction

from clientela.intake.models import Run
from clientela.intake.services import advance, receive_file
from clientela.intake.services import take_back as take_run_back
from clientela.records.models import Customer, Mention, RecordVersion
from clientela.records.results import Statement
from clientela.records.services import rebuild, source_for_import, state
from clientela.records.services.sources import make_source
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.store.sealing import is_sealed
from tests.factories import NOON, make_company

HEAD = "invoice_no,invoice_date,customer_code,customer_name,currency,net\n"
ONE, TWO, THREE = "Panadería Uno S.L.", "Panadería Dos S.L.", "Panadería Tres S.L."
KEY = "pan K1"  # what it is called by whom nobody names


class Bakery:
    """Imports of invoices to one customer, each by its letter, an hour apart."""

    def __init__(self, company, folder: Path, kind: str) -> None:
        self.access = company.access("data_steward")
        self.folder, self.kind, self.at = folder, kind, NOON
        self.runs: dict[str, Run] = {}
        with system_context("a source for a test"):
            self.source = make_source(
                name="pan", node_id=company.nodes["madrid"].pk, at=NOON, by="test"
            )

    def import_(self, letter: str, name: str, *, content: str = "", kind: str = "invoices") -> Run:
        self.at += timedelta(hours=1)
        path = self.folder / f"{letter}.csv"
        path.write_text(content or f"{HEAD}{letter}1,2026-03-01,K1,{name},EUR,100.00\n", "utf-8")
        of = "kind" if kind == "customers" else "customer_kind"
        with system_context("a file for a test"):
            source = source_for_import(access=self.access, name="pan", at=self.at)
            run, _ = receive_file(
                access=self.access, source=source, path=path, name=path.name, at=self.at,
                kind=kind, take_sure=True, settings=[f"{of}={self.kind}"],
                answers={"names:changed": "take"} if kind == "customers" else {},
            )  # fmt: skip
        run = advance(run, self.access, at=self.at, confirmed=True)
        assert run.state == "done", (run.questions, run.error)
        self.runs[letter] = run
        return run

    def take_back(self, letter: str) -> None:
        self.at += timedelta(hours=1)
        with system_context("a test takes back"):
            take_run_back(
                access=self.access, public_id=str(self.runs[letter].public_id), at=self.at
            )

    @property
    def customer(self) -> Customer:
        with system_context("a test looks"):
            return Customer.objects.get(name__istartswith="pan")

    def differences(self) -> int:
        with system_context("a test rebuilds"):
            return rebuild(at=self.at, check_only=True).differences


@pytest.fixture(params=["company", "person"])
def bakery(request, db, tmp_path) -> Bakery:
    return Bakery(make_company(), tmp_path, request.param)


def worked_out(said: dict[str, str], gone: list[str], before: str) -> str:
    """Return the name by which the customer goes: see the top of this file."""
    left = [name or KEY for letter, name in said.items() if letter not in gone]
    if before in left:
        return before
    return next((name for name in left if name != KEY), KEY)


SAID = {
    "the same": {"a": ONE, "b": ONE, "c": ONE},
    "another last": {"a": ONE, "b": ONE, "c": TWO},
    "another second": {"a": ONE, "b": TWO, "c": ONE},
    "another first": {"a": ONE, "b": TWO, "c": TWO},
    "each its own": {"a": ONE, "b": TWO, "c": THREE},
    "no name in the second": {"a": ONE, "b": "", "c": ONE},
    "no name in the first": {"a": "", "b": ONE, "c": TWO},
}


class TestInvoicesThatNameOneCustomer:
    @pytest.mark.parametrize("said", SAID.values(), ids=SAID)
    def test_keep_its_name_as_long_as_one_of_them_counts(self, bakery, said):
        for letter, name in said.items():
            bakery.import_(letter, name)
        first = said["a"] or KEY
        assert bakery.customer.name == first
        for order in permutations("abc"):
            with transaction.atomic():
                self.taken_back_in(order, bakery, said, first)
                transaction.set_rollback(True)

    def taken_back_in(self, order, bakery: Bakery, said: dict[str, str], name: str) -> None:
        public_id, gone = bakery.customer.public_id, []
        for letter in order:
            bakery.take_back(letter)
            gone.append(letter)
            name = worked_out(said, gone, name)
            customer = bakery.customer
            assert (customer.name, customer.public_id) == (name, public_id), gone
            assert (customer.archived_at is None) == (len(gone) < 3), gone
            assert bakery.differences() == 0, gone

    def test_write_one_version_however_often_they_repeat_it(self, bakery):
        for letter in "abcd":
            bakery.import_(letter, ONE)
        with system_context("a test looks"):
            assert RecordVersion.objects.count() == 1
            assert Mention.objects.filter(attributes__isnull=True, in_passing=False).count() == 3
            assert Mention.objects.count() == 3

    def test_keep_the_content_of_another_name_once(self, bakery):
        for letter, name in (("a", ONE), ("b", TWO), ("c", TWO), ("d", TWO)):
            bakery.import_(letter, name)
        with system_context("a test looks"):
            assert RecordVersion.objects.count() == 1
            kept = list(Mention.objects.order_by("id").values_list("attributes", flat=True))
        assert [content is not None for content in kept] == [True, False, False]
        assert is_sealed(kept[0]["name"]) == (bakery.kind == "person")

    def test_come_again_after_they_were_taken_back(self, bakery):
        bakery.import_("a", ONE)
        bakery.import_("b", TWO)
        bakery.take_back("a")
        bakery.import_("a", ONE)
        bakery.take_back("b")
        assert (bakery.customer.name, bakery.customer.archived_at) == (ONE, None)
        assert bakery.differences() == 0

    def test_leave_what_was_known_on_an_earlier_day_as_it_was(self, bakery):
        bakery.import_("a", ONE)
        between = bakery.at + timedelta(minutes=1)
        bakery.import_("b", TWO)
        bakery.take_back("a")
        with system_context("a test looks"):
            (known,) = fetch(
                """select v.id, v.run_id from ledger.facts_as_of(%s, %s, %s) f
                   join records_recordversion v on v.id = f.version_id where f.attribute = 'name'""",
                [[bakery.customer.pk], between.date(), between],
            )
        assert known[1] == bakery.runs["a"].pk


PEOPLE = "Customer ID,Name,Phone,Country\nK1,{},+34911234567,ES\n"


class TestFilesOfCustomers:
    @pytest.mark.parametrize("order", ["ab", "ba"])
    def test_that_repeat_each_other_outlive_each_other(self, bakery, order):
        bakery.import_("a", ONE, kind="customers", content=PEOPLE.format(ONE))
        bakery.import_("b", ONE, kind="customers", content=PEOPLE.format(ONE) + "\n")
        bakery.take_back(order[0])
        assert (bakery.customer.name, bakery.customer.archived_at) == (ONE, None)
        assert bakery.differences() == 0
        bakery.take_back(order[1])
        assert bakery.customer.archived_at is not None
        assert bakery.differences() == 0

    def test_that_came_in_between_are_not_written_over(self, bakery):
        bakery.import_("a", ONE, kind="customers", content=PEOPLE.format(ONE))
        bakery.import_("b", ONE, kind="customers", content=PEOPLE.format(ONE) + "\n")
        bakery.import_("d", TWO, kind="customers", content=PEOPLE.format(TWO))
        bakery.import_("s", ONE)
        bakery.take_back("a")
        assert bakery.customer.name == TWO
        bakery.take_back("d")
        assert bakery.customer.name == ONE
        assert bakery.differences() == 0

    def test_that_renamed_it_fall_back_on_what_sales_say(self, bakery):
        bakery.import_("d", TWO, kind="customers", content=PEOPLE.format(TWO))
        bakery.import_("s", ONE)
        assert bakery.customer.name == TWO
        bakery.take_back("d")
        customer = bakery.customer
        assert (customer.name, customer.archived_at, "phone" in customer.facts) == (
            ONE, None, False,
        )  # fmt: skip
        assert bakery.differences() == 0

    def test_that_somebody_confirmed_by_hand_leave_that_behind(self, bakery):
        bakery.import_("a", ONE, kind="customers", content="Customer ID,Name\nK1,Pan\n")
        said = [Statement(key="K1", kind=bakery.kind, attributes={"name": "Pan"})]
        with system_context("somebody says it too"):
            for _ in range(2):
                (stated,) = state(said, source_id=bakery.source.pk, author="ana", at=bakery.at)
                assert stated.outcome == "repeated"
            assert Mention.objects.count() == 1
        bakery.take_back("a")
        assert (bakery.customer.name, bakery.customer.archived_at) == ("Pan", None)
        assert bakery.differences() == 0
