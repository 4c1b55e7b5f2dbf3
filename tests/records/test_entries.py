"""Laws of every kind of row that belongs to an account: contacts, cases, surveys and so on."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from clientela.contacts.services import void_run as void_contacts
from clientela.kernel.reasons import Invalid
from clientela.records.models import SourceRecord
from clientela.records.services import link_record
from clientela.security.selectors import context_of
from clientela.store.bulk import execute, fetch
from clientela.store.context import database_context, system_context
from tests.factories import NOON, add_customer, make_company
from tests.records.entries import TABLES, Books

KINDS = sorted(TABLES)
LATER = NOON + timedelta(days=1)


@pytest.fixture
def company(db):
    company = make_company()
    company.customers = {
        "own": add_customer(company, node="madrid", owner="sales", key="own"),
        "foreign": add_customer(company, node="shanghai", owner="stranger", key="foreign"),
    }
    return company


@pytest.fixture
def books(company):
    """Load one row of each kind for the own customer, in a context that sees everything."""
    with system_context("rows for tests"):
        yield Books(company)


def asked(query):
    with system_context("a test looks at everything"):
        return fetch(query)


def scopes(kind):
    return [
        asked(f"select customer_id, org_node_id, owner_id, voided_at is null from {table}")
        for table in TABLES[kind]
    ]


@pytest.mark.parametrize("kind", KINDS)
class TestEntry:
    def test_has_the_scope_of_its_accounts_customer(self, company, books, kind):
        assert getattr(books, kind)("N-1", "own") == 1
        where = (company.nodes["madrid"].pk, company.users["sales"].pk)
        for rows in scopes(kind):
            assert rows == [(company.customers["own"], *where, True)]

    def test_follows_its_account_to_another_customer(self, company, books, kind):
        getattr(books, kind)("N-1", "own")
        record = SourceRecord.objects.get(key="own")
        target = company.customers["foreign"]
        link_record(source_record_id=record.pk, customer_id=target, by="test", at=LATER)
        where = (company.nodes["shanghai"].pk, company.users["stranger"].pk)
        for rows in scopes(kind):
            assert rows == [(target, *where, True)]

    def test_follows_its_customer_to_another_branch(self, company, books, kind):
        getattr(books, kind)("N-1", "own")
        execute(
            "update records_customer set org_node_id = %s, owner_id = null where id = %s",
            [company.nodes["sevilla"].pk, company.customers["own"]],
        )
        for rows in scopes(kind):
            assert [row[1:3] for row in rows] == [(company.nodes["sevilla"].pk, None)]

    def test_keeps_the_branch_that_dealt_with_it(self, company, books, kind):
        getattr(books, kind)("N-1", "own")
        record = SourceRecord.objects.get(key="own")
        target = company.customers["foreign"]
        link_record(source_record_id=record.pk, customer_id=target, by="test", at=LATER)
        kept = asked(f"select branch_id from {TABLES[kind][0]}")
        assert kept == [(company.nodes["madrid"].pk,)]

    @pytest.mark.parametrize(
        ("user", "count"),
        [("sales", 1), ("boss", 1), ("colleague", 0), ("stranger", 0), ("administrator", 0)],
    )
    def test_is_hidden_by_the_database_out_of_reach(self, company, kind, user, count):
        with system_context("rows for tests"):
            getattr(Books(company), kind)("N-1", "own")
        with database_context(context_of(company.access(user))):
            for table in TABLES[kind]:
                assert fetch(f"select count(*) from {table}") == [(count,)]

    def test_given_again_changes_nothing(self, company, books, kind):
        load = getattr(books, kind)
        load("N-1", "own")
        before = [asked(f"select t.*::text from {table} t") for table in TABLES[kind]]
        assert load("N-1", "own", run_id=2) == 0
        assert [asked(f"select t.*::text from {table} t") for table in TABLES[kind]] == before

    def test_of_an_unknown_account_refuses_the_whole_load(self, company, books, kind):
        with pytest.raises(Invalid) as refused, transaction.atomic():
            getattr(books, kind)("N-1", "nobody")
        assert [r.code for r in refused.value.reasons] == ["accounts_unknown"]
        assert all(asked(f"select count(*) from {table}") == [(0,)] for table in TABLES[kind])

    def test_is_taken_back_whole_with_its_run_and_may_come_again(self, company, books, kind):
        load = getattr(books, kind)
        load("N-1", "own", run_id=7)
        for void in (void_contacts, *map(import_string, settings.ALSO_TAKEN_BACK)):
            void(run_id=8, at=LATER, reason="another run")
        assert all(row[3] for rows in scopes(kind) for row in rows)
        for void in (void_contacts, *map(import_string, settings.ALSO_TAKEN_BACK)):
            void(run_id=7, at=LATER, reason="import taken back")
        assert not any(row[3] for rows in scopes(kind) for row in rows)
        assert load("N-1", "own", run_id=9) == 1
        assert sorted(row[3] for row in scopes(kind)[0]) == [False, True]

    def test_with_anothers_scope_is_refused(self, company, books, kind):
        table = TABLES[kind][0]
        getattr(books, kind)("N-1", "own")
        columns = [
            name
            for (name,) in asked(
                f"""select column_name::text from information_schema.columns
                    where table_name = '{table}' and is_identity = 'NO'
                    order by ordinal_position"""
            )
        ]
        given = {
            "public_id": "gen_random_uuid()", "number": "'N-2'",
            "org_node_id": str(company.nodes["shanghai"].pk), "voided_at": "now()",
        }  # fmt: skip
        quoted = [f'"{name}"' for name in columns]
        values = [given.get(name, f'"{name}"') for name in columns]
        insert = (
            f"insert into {table} ({', '.join(quoted)}) select {', '.join(values)} from {table}"
        )
        with (
            pytest.raises(IntegrityError, match="has_the_scope_of_its_customer"),
            transaction.atomic(),
        ):
            execute(insert)


class TestNonsense:
    """What the database refuses, by the sentence that its constraint is named for."""

    @pytest.mark.parametrize(
        ("kind", "said", "constraint"),
        [
            ("contact", {"direction": "in"}, "contact_that_is_proactive_goes_out"),
            ("case", {"due_at": NOON}, "case_is_due_after_it_came"),
            (
                "case", {"state": "answered", "first_answer_at": NOON - timedelta(hours=1)},
                "case_is_answered_no_earlier_than_it_came",
            ),
            (
                "case",
                {"state": "resolved", "first_answer_at": LATER, "resolved_at": NOON},
                "case_is_resolved_no_earlier_than_answered",
            ),
            ("case", {"state": "resolved"}, "case_state_is_that_of_its_times"),
            ("case", {"outcome": "refunded"}, "case_has_an_outcome_when_it_is_resolved"),
            ("promotion", {"responded_on": None}, "promotion_response_has_its_day"),
            ("promotion", {"reason": "price"}, "promotion_reason_is_of_a_refusal"),
            ("promotion", {"group": "control"}, "promotion_control_group_is_not_asked"),
            ("contract", {"valid_to": date(2026, 2, 1)}, "contract_ends_after_it_begins"),
            ("contract", {"signed_on": date(2027, 2, 1)}, "contract_is_signed_before_it_ends"),
            ("contract", {"signed_on": None}, "contract_beyond_a_draft_is_signed"),
            ("contract", {"value_minor": -1}, "contract_value_not_negative"),
            ("contract", {"state": "renewed"}, "contract_that_was_renewed_says_by_which"),
            ("contract", {"state": "ended"}, "contract_that_ended_says_when"),
            (
                "contract", {"state": "ended", "ended_on": date(2026, 1, 31)},
                "contract_does_not_end_before_it_begins",
            ),
            (
                "contract", {"state": "renewed", "renewed_by": "N-1"},
                "contract_does_not_renew_itself",
            ),
        ],
    )  # fmt: skip
    def test_is_refused(self, company, books, kind, said, constraint):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            getattr(books, kind)("N-1", "own", **said)

    def test_a_lot_without_a_product_is_not_kept(self, company, books):
        books.case("N-1", "own", product="unknown", lot="L1")
        assert asked("select product_id, lot from feedback_case") == [(None, "")]

    @pytest.mark.parametrize("answers", [{"nps": 11}, {"nps": -1}, {"why": 3}, {"other": 3}])
    def test_an_answer_that_no_question_offers_is_refused(self, company, books, answers):
        with pytest.raises(Invalid) as refused, transaction.atomic():
            books.survey("N-1", "own", **answers)
        assert [r.code for r in refused.value.reasons] == ["answers_unfit"]

    @pytest.mark.parametrize(
        "questions",
        [
            [],
            [{"code": "", "kind": "score", "low": 0, "high": 1}],
            [{"code": "a", "kind": "score", "low": 1, "high": 1}],
            [{"code": "a", "kind": "choice", "choices": ["one"]}],
            [{"code": "a", "kind": "text"}],
            [{"code": "a", "kind": "score", "low": 0, "high": 1}] * 2,
        ],
    )
    def test_a_survey_with_an_unfit_question_is_refused(self, company, books, questions):
        from clientela.feedback.services import load_surveys

        row = ("S9", "Nothing", questions, date(2026, 4, 1), date(2026, 5, 1))
        with pytest.raises(Invalid):
            load_surveys([row], run_id=1, source_id=books.source, at=NOON)
        assert asked("select count(*) from feedback_survey") == [(0,)]


class TestContract:
    def test_names_the_one_that_renews_it_whichever_came_first(self, company, books):
        books.contract("N-2", "own", valid_from=date(2027, 2, 1), valid_to=date(2028, 2, 1))
        books.contract("N-1", "own", state="renewed", renewed_by="N-2")
        assert asked(
            """select n.number from contracts_contract c
               join contracts_contract n on n.id = c.renewed_by_id where c.number = 'N-1'"""
        ) == [("N-2",)]

    def test_is_worth_what_was_agreed(self, company, books):
        books.contract("N-1", "own")
        ((value, minor, base),) = asked(
            "select value::text, value_minor, value_base_minor from contracts_contract"
        )
        assert (value, minor, base) == ("12000.5000", 1_200_050, 1_200_050)


class TestPromotion:
    def test_taken_back_takes_its_targets_of_other_runs_with_it(self, company, books):
        books.promotion("N-1", "own", run_id=7)
        execute("update campaigns_promotiontarget set run_id = 8")
        import_string("clientela.campaigns.services.void_run")(
            run_id=7, at=LATER, reason="import taken back"
        )
        assert asked("select voided_at from campaigns_promotiontarget") == [(LATER,)]


class TestSurvey:
    def test_taken_back_takes_its_answers_of_other_runs_with_it(self, company, books):
        books.survey("N-1", "own", run_id=7)
        execute("update feedback_surveyinvitation set run_id = 8")
        import_string("clientela.feedback.services.void_run")(
            run_id=7, at=LATER, reason="import taken back"
        )
        assert asked("select voided_at from feedback_surveyanswer") == [(LATER,)]
