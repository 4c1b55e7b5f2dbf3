"""Customers' numbers that are one but for case or width: set aside together, unless the source
tells them apart."""

from datetime import timedelta

import pytest

from clientela.intake.models import RejectedRow
from clientela.intake.selectors import report_of
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.records.models import SourceRecord
from clientela.records.services.sources import make_source
from clientela.store.bulk import execute
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.explaining import explained, superuser
from tests.factories import NOON, make_company
from tests.intake.test_customer_kinds import CUSTOMERS, FIRMS, answer, company, give, giver

__all__ = ["answer", "company", "give"]  # fixtures
HEAD = "Customer ID,Name,Type\n"
KEYS = 20_000  # that a source knows
LATER = NOON + timedelta(hours=1)
EXACT = {"settings": ["keys=exact"]}


def rejected():
    """Return row, number as kept, code and the other way of each row that was set aside."""
    with system_context("a test looks"):
        rows = RejectedRow.objects.order_by("id").values_list("row_no", "value", "code", "params")
        return [(n, value, code, params.get("other")) for n, value, code, params in rows]


def keys():
    with system_context("a test looks"):
        return set(SourceRecord.objects.values_list("key", flat=True))


def customers(*numbers):
    return HEAD + "".join(f"{number},Firm {n},company\n" for n, number in enumerate(numbers))


class TestKeysThatDifferOnlyInHowTheyAreWritten:
    def test_are_set_aside_together_each_naming_the_other(self, give, company):
        run = give(customers("A-1", "B-2", "a-1"), kind="customers")
        assert rejected() == [
            (1, "A-1", "key_written_otherwise", "a-1"), (3, "a-1", "key_written_otherwise", "A-1"),
        ]  # fmt: skip
        totals = report_of(run).totals
        assert (totals.read, totals.accepted, totals.rejected) == (3, 1, 2)
        assert keys() == {"B-2"}
        with system_context("a test looks"):
            rows = rejected_as_given(company.access("data_steward"), str(run.public_id), at=LATER)
            assert [row.cells for row in rows.rows] == [
                ["A-1", "Firm 0", "company"], ["a-1", "Firm 2", "company"],
            ]  # fmt: skip

    def test_in_width_are_set_aside_too(self, give):
        give(customers("A-1", "Ａ-1", "B-2"), kind="customers")
        assert [(n, code) for n, _, code, _ in rejected()] == [
            (1, "key_written_otherwise"), (2, "key_written_otherwise"),
        ]  # fmt: skip
        assert keys() == {"B-2"}

    def test_in_spaces_around_them_are_one(self, give):
        give(customers("A-1", "B-2") + " A-1 ,Firm 0,company\n", kind="customers")
        assert rejected() == []
        assert keys() == {"A-1", "B-2"}

    def test_in_one_width_throughout_are_one_key(self, give):
        give(customers("Ａ-1", "B-2"), kind="customers")
        assert (rejected(), keys()) == ([], {"A-1", "B-2"})

    def test_like_one_that_the_source_knows_are_set_aside(self, give):
        give(customers("A-1", "B-2"), kind="customers")
        give(customers("a-1", "D-4"), kind="customers")
        assert rejected() == [(1, "a-1", "key_written_otherwise", "A-1")]
        assert keys() == {"A-1", "B-2", "D-4"}

    def test_from_one_of_before_go_and_the_one_of_before_stays(self, give):
        give(CUSTOMERS, kind="customers")
        known = keys()
        again = CUSTOMERS.rstrip("\n") + "\nc1,Bar S.A.,company\nC9,Luz S.A.,company\n"
        give(again, kind="customers", answers={"names:changed": "keep"})
        assert [(value, code, other) for _, value, code, other in rejected()] == [
            ("c1", "key_written_otherwise", "C1")
        ]
        assert keys() == known | {"C9"}

    def test_of_sales_keep_their_documents_out(self, give):
        give(FIRMS)
        give(FIRMS.replace("\n1,", "\n7,").replace("\n2,", "\n8,").replace("C1", "c1"))
        assert [(value, other) for _, value, _, other in rejected()] == [("c1", "C1")]
        with system_context("a test looks"):
            numbers = set(Invoice.objects.values_list("number", flat=True))
        assert numbers == {"1", "2", "8"}

    def test_are_customers_of_their_own_where_the_source_tells_them_apart(self, give):
        run = give(customers("A-1", "a-1"), kind="customers", **EXACT)
        assert (rejected(), keys()) == ([], {"A-1", "a-1"})
        assert report_of(run).flagged["key_like_another"] == 2
        give(customers("A-1", "a-1", "C-3"), kind="customers")  # once known they are both known
        assert keys() == {"A-1", "a-1", "C-3"}

    @pytest.mark.parametrize(
        ("said", "left"), [("exact", {"A-1", "a-1", "B-2"}), ("refuse", {"B-2"})]
    )
    def test_are_asked_about_where_somebody_answers(self, give, company, said, left):
        from clientela.intake.services import advance, answer_questions
        from tests.factories import NOON

        run = give(
            customers("A-1", "a-1", "B-2"), kind="customers", take_sure=False,
            answers={"column:Customer ID": "customer_key", "column:Name": "name",
                     "column:Type": "kind"},
        )  # fmt: skip
        assert [q["id"] for q in run.questions] == ["keys:alike"]
        assert keys() == set()
        access = company.access("data_steward")
        with system_context("an answer for a test"):
            run = answer_questions(
                access=access, public_id=str(run.public_id), at=NOON, answers={"keys:alike": said}
            )
        run = advance(run, access, at=NOON, confirmed=True)
        assert (run.state, keys()) == ("done", left)


@pytest.mark.slow
def test_a_new_key_is_looked_up_and_not_all_keys_of_the_source(fresh_database, tmp_path):
    """Whatever is believed of the source: it was counted when it had one key."""
    with system_context("a company for a test"):
        company = make_company()
        make_source(name="shop", node_id=company.nodes["madrid"].pk, at=NOON, by="test")
    give = giver(company, tmp_path)
    give(customers("A-1"), kind="customers")
    with superuser() as admin:
        admin.execute("analyze records_sourcerecord")
    with system_context("many keys for a test"):
        execute(
            """insert into records_sourcerecord (source_id, key, kind, created_at)
               select r.source_id, 'K-' || n, 'company', r.created_at
               from records_sourcerecord r, generate_series(1, %s) n where r.key = 'A-1'""",
            [KEYS],
        )
        execute(
            """insert into records_link (source_record_id, customer_id, linked_at, linked_by, ended_by)
               select r.id, l.customer_id, l.linked_at, l.linked_by, ''
               from records_link l, records_sourcerecord r where r.key like 'K-%%'""",
            [],
        )
        execute(
            """insert into records_recordversion (source_record_id, run_id, true_from, known_at,
                   attributes, digest, author, reason)
               select r.id, v.run_id, v.true_from, v.known_at, v.attributes, v.digest, v.author, ''
               from records_recordversion v, records_sourcerecord r where r.key like 'K-%%'""",
            [],
        )
    with explained() as ran:
        give(customers(f"k-{KEYS}", "N-1"), kind="customers")
    assert [(value, other) for _, value, _, other in rejected()] == [(f"k-{KEYS}", f"K-{KEYS}")]
    looked_up = [one.rows for one in ran if "create temp table alike" in one.text]
    assert looked_up
    assert max(looked_up) < 100
