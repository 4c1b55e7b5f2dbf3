"""What the company sets holds for every question that does not say otherwise, and for classes.

The test's company sells 1000, 80, 15 and 5: 1100 in all. In madrid alone it is 80, 15 and 5.
"""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from typer.testing import CliRunner

from clientela.analysis.services import ask, bring_up_to_date, warming
from clientela.analysis.services import worked as module
from clientela.analysis.services.classifying import is_by_other_limits
from clientela.analysis.services.company import values_set
from clientela.analysis.services.lately import Lately, Wish
from clientela.analysis.services.question import as_allowed, question
from clientela.analysis.services.worked import Shelf
from clientela.audit.models import Event
from clientela.cli import analysing
from clientela.cli.company_settings import app
from clientela.records.models import Classification, ClassRun, Customer
from clientela.security.selectors import access_of, context_of
from clientela.store.context import database_context, system_context
from clientela.store.models import Parameter, ParameterProposal
from clientela.warehouse.session import Session
from tests.web.test_analyses import Trade
from tests.web.world import World

A, B, MONTHS = (f"analysis.abc.{name}" for name in ("a_until_percent", "b_until_percent", "months"))
DAY = "2026-05-01"


def put(name: str, value: int, since: datetime | None = None) -> None:
    Parameter.objects.create(
        name=name, value=value, valid_from=since or timezone.now() - timedelta(minutes=1),
        set_by="administrator", approved_by="security_officer",
    )  # fmt: skip


def asked_by(world: World, role: str, name: str = "abc", *, at: datetime | None = None,
             **parameters: Any) -> Any:  # fmt: skip
    now = at or timezone.now()
    access = access_of(world.company.users[role], at=now)
    with database_context(context_of(access)):
        given = question(name, at=now, as_of=date(2026, 5, 1), parameters=parameters)
        return ask(access, given)


def classes_of(answer: Any) -> list[str]:
    return [row["class"] for row in answer.rows]


def recounted(a: int, b: int) -> dict[str, str]:
    """Say the class of each customer by counting it out: the naive way, from the invoices."""
    with system_context("a recount"), connection.cursor() as cursor:
        cursor.execute(
            """select c.name, sum(i.net) from trade_invoice i
               join records_customer c on c.id = i.customer_id group by 1 order by 2 desc"""
        )
        rows: list[tuple[str, Decimal]] = cursor.fetchall()
    whole, before, found = sum(net for _, net in rows), Decimal(0), {}
    for name, net in rows:
        share = 100 * before / whole
        found[name] = "A" if share < a else "B" if share < b else "C"
        before += net
    return found


def kept() -> dict[str, str | None]:
    with system_context("what is kept"):
        return dict(Customer.objects.exclude(abc_class=None).values_list("name", "abc_class"))


class TestQuestions(Trade):
    def test_take_what_the_company_set(self, trade: World) -> None:
        before = asked_by(trade, "credit_manager")
        assert classes_of(before) == ["A", "A", "C"]  # 80 is less than 85 %
        put(A, 70)
        after = asked_by(trade, "credit_manager")
        assert classes_of(after) == ["A", "B", "C"]
        assert after.parameters == {"a_until_percent": 70, "b_until_percent": 95}
        own = asked_by(trade, "credit_manager", a_until_percent=85)
        assert own.rows == before.rows

    def test_take_it_on_page_file_api_and_command(
        self, trade: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(A, 70)
        client = trade.client("data_steward")
        page = client.get(reverse("analyses:one", args=["abc"]), {"as_of": DAY})
        assert page.context["answer"].parameters["a_until_percent"] == 70
        text = page.content.decode()
        assert "Company's setting: 70" in text
        assert 'placeholder="70"' in text
        link = f"{reverse('analyses:download', args=['abc'])}?as_of={DAY}"
        rows = list(csv.DictReader(StringIO(client.post(link).content.decode("utf-8-sig"))))
        assert [row["class"] for row in rows] == ["A", "B", "C"]
        monkeypatch.setattr("clientela.runtime.database.is_private", lambda: False)
        told = analysing._asked("abc", date(2026, 5, 1), None, None, {}, "credit_manager")
        assert told.parameters["a_until_percent"] == 70

    def test_keep_a_chosen_value_in_the_field_and_leave_the_company_s_out(
        self, trade: World
    ) -> None:
        url = reverse("analyses:one", args=["abc"])
        text = trade.client("analyst").get(url, {"as_of": DAY, "a_until_percent": "60"})
        assert 'name="a_until_percent" value="60"' in text.content.decode()
        text = trade.client("analyst").get(url, {"as_of": DAY})
        assert 'name="a_until_percent" value=""' in text.content.decode()

    def test_are_by_the_settings_of_when_they_are_asked_not_of_the_day_asked_about(
        self, trade: World
    ) -> None:
        now = timezone.now()
        put(A, 70, since=now + timedelta(hours=1))
        assert classes_of(asked_by(trade, "credit_manager", at=now)) == ["A", "A", "C"]
        later = asked_by(trade, "credit_manager", at=now + timedelta(hours=1))
        assert later.as_of == date(2026, 5, 1)
        assert classes_of(later) == ["A", "B", "C"]

    def test_go_over_the_company_s_months(self, trade: World) -> None:
        put(MONTHS, 24)
        assert asked_by(trade, "analyst").from_on == date(2024, 5, 2)

    def test_of_cohorts_take_the_classes_of_the_company(self, trade: World) -> None:
        before = asked_by(trade, "credit_manager", "cohorts", customer_class="B")
        put(A, 70)
        after = asked_by(trade, "credit_manager", "cohorts", customer_class="B")
        assert [len(before.rows), len(after.rows)] == [0, 2]
        assert after.parameters["a_until_percent"] == 70

    def test_of_totals_alone_are_by_the_company_and_products_over_twelve_months(
        self, trade: World
    ) -> None:
        put(A, 70)
        put("analysis.sales.months", 3)
        now = timezone.now()
        access = access_of(trade.company.users["executive"], at=now)
        asked = as_allowed(access, question("abc", at=now, as_of=date(2026, 5, 1)))
        assert asked.parameters["a_until_percent"] == 70
        for by, begin in (("month", date(2026, 2, 1)), ("product", date(2025, 4, 1))):
            parameters = {"by": by}
            given = question("sales", at=now, as_of=date(2026, 5, 1), parameters=parameters)
            assert as_allowed(access, given).period.from_on == begin


class TestAnswersThatAreHeld(Trade):
    @pytest.fixture
    def shelf(self, monkeypatch: pytest.MonkeyPatch) -> Shelf:
        found = Shelf()
        monkeypatch.setattr(module, "SHELF", found)
        monkeypatch.setattr(warming, "LATELY", Lately())
        return found

    def test_are_of_one_setting_alone(self, trade: World, shelf: Shelf) -> None:
        asked_by(trade, "analyst")
        put(A, 70)
        asked_by(trade, "analyst")
        assert len(shelf._held) == 2

    def test_are_worked_out_ahead_by_what_holds_then(
        self, trade: World, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = timezone.now()
        access = access_of(trade.company.users["credit_manager"], at=now)
        asked = question("abc", at=now, as_of=date(2026, 5, 1))
        wish = Wish.of(access, asked)
        assert wish.parameters == ()
        put(A, 70)
        assert warming.work_ahead([wish], shelf) == 1
        seen: list[object] = []
        kept_ = Session.kept
        monkeypatch.setattr(Session, "kept", lambda s, e: seen.append(e) or kept_(s, e))
        assert classes_of(asked_by(trade, "credit_manager")) == ["A", "B", "C"]
        assert seen == []

    def test_are_made_ready_anew_once_a_question_met_other_settings(
        self, trade: World, shelf: Shelf
    ) -> None:
        now = timezone.now()
        access = access_of(trade.company.users["analyst"], at=now)
        warming.LATELY.note(access, question("abc", at=now, as_of=date(2026, 5, 1)))
        before = warming._state()
        put(A, 70)
        later = timezone.now()
        warming.LATELY.note(access, question("rfm", at=later, as_of=date(2026, 5, 1)))
        assert warming._state() != before


class TestClassesOfCustomers(Trade):
    AT = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def test_follow_a_value_that_takes_force(self, trade: World) -> None:
        for minutes in (0, 2):  # the classes themselves are a change of the copy, once
            bring_up_to_date(at=self.AT + timedelta(minutes=minutes))
        assert kept() == recounted(85, 95)
        later, next_day = self.AT + timedelta(minutes=4), self.AT + timedelta(days=1)
        put(A, 92, since=later)
        put(B, 99, since=next_day)
        bring_up_to_date(at=later)  # the copy has not changed
        assert kept() == recounted(92, 95)
        bring_up_to_date(at=later + timedelta(minutes=2))
        bring_up_to_date(at=next_day)
        assert kept() == recounted(92, 99)
        told = [tuple(sorted(recounted(*two).items())) for two in ((85, 95), (92, 95), (92, 99))]
        assert len(set(told)) == 3

    def test_are_by_other_limits_once_one_of_theirs_takes_force(self, trade: World) -> None:
        assert is_by_other_limits(at=self.AT)  # nobody worked them out yet
        bring_up_to_date(at=self.AT)
        assert not is_by_other_limits(at=self.AT)
        put("analysis.sales.months", 3, since=self.AT)  # no limit of a class
        next_day = self.AT + timedelta(days=1)
        put(A, 70, since=next_day)
        assert not is_by_other_limits(at=next_day - timedelta(microseconds=1))
        assert is_by_other_limits(at=next_day)

    def test_are_kept_with_their_limits(self, trade: World) -> None:
        put(A, 70, since=self.AT)
        bring_up_to_date(at=self.AT)
        limits = {"a_until_percent": 70, "b_until_percent": 95, "months": 12}
        run = ClassRun.objects.get()
        assert (run.parameters, run.as_of) == ({"abc": limits, "rfm": {}}, self.AT.date())
        with system_context("what is kept"):
            found = {c.scheme: c.parameters for c in Classification.objects.all()}
        assert found == {"abc": limits, "rfm": {}}
        event = Event.objects.get(act="analysis.customers.classified")
        assert event.after["parameters"] == {"abc": limits, "rfm": {}}
        text = trade.client("sales").get("/customers/").content.decode()
        assert "A until 70 %, B until 95 % of net sales of 12 months" in text


class TestCommand(Trade):
    def run(self, *words: str) -> Any:
        return CliRunner().invoke(app, list(words))

    def test_proposes_what_the_pages_approve(
        self, trade: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("clientela.runtime.database.is_private", lambda: False)
        made = self.run("propose", A, "70", "--as", "administrator", "--format", "json")
        assert made.exit_code == 0, made.output
        told = json.loads(made.stdout)
        assert (told["value"], told["instead_of"], told["state"]) == (70, 85, "waits")
        both = self.run("approve", told["id"], "--as", "security_officer")
        assert both.exit_code != 0
        assert values_set(timezone.now()) == {}
        way = reverse("admin:approval_parameter", args=[told["id"]])
        page = trade.client("security_officer").get("/admin/approvals")
        (one,) = page.context["waiting"]
        done = trade.client("security_officer").post(way, {"digest": one.digest})
        assert done.status_code == 302
        shown = json.loads(self.run("figures", "--as", "auditor", "--format", "json").stdout)
        assert {row["name"]: row["value"] for row in shown["figures"]}[A] == 70

    @pytest.mark.parametrize(
        ("words", "code"),
        [(("propose", A, "many", "--as", "administrator"), 2),
         (("propose", A, "70", "--from", "soon", "--as", "administrator"), 2),
         (("propose", "demo", "1", "--as", "administrator"), 4),
         (("propose", A, "70", "--as", "analyst"), 4),
         (("approve", "nothing", "--as", "security_officer"), 4)],
    )  # fmt: skip
    def test_refuses_with_the_promised_code(
        self, trade: World, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
    ) -> None:
        monkeypatch.setattr("clientela.runtime.database.is_private", lambda: False)
        assert self.run(*words).exit_code == code
        assert not ParameterProposal.objects.exists()

    def test_declines_with_a_reason(self, trade: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("clientela.runtime.database.is_private", lambda: False)
        made = json.loads(
            self.run("propose", A, "70", "--as", "administrator", "--format", "json").stdout
        )
        assert self.run("decline", made["id"], "--as", "security_officer").exit_code != 0
        said = ("--reason", "not now", "--as", "security_officer")
        assert self.run("decline", made["id"], *said).exit_code == 0
        assert ParameterProposal.objects.get().ended_reason == "not now"
