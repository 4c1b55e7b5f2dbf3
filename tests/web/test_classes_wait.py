"""Classes and net sales over documents that lack a rate: they wait, and say for what."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from clientela.analysis.services import bring_up_to_date
from clientela.analysis.services.classifying import classify
from clientela.audit.models import Event
from clientela.records.models import ClassRun, Customer
from clientela.security.models import OrgNode
from clientela.security.selectors import access_of, context_of
from clientela.store.context import database_context, system_context
from clientela.trade.models import Invoice
from clientela.trade.services import GivenRate, enter_rates
from tests.web.test_analyses import Trade
from tests.web.world import World

DAY = date(2026, 5, 1)
HELD = "analysis.classes.held_back"


def kept() -> dict[str, tuple[str | None, int | None]]:
    with system_context("what is kept"):
        rows = Customer.objects.values_list("name", "abc_class", "net_sales_base_minor")
        return {name: (letter, sales) for name, letter, sales in rows}


def lose_rate(*numbers: str, currency: str = "USD") -> None:
    """Let documents be in another currency, without a rate."""
    with system_context("documents without a rate"):
        Invoice.objects.filter(number__in=numbers).update(
            currency=currency, net_base_minor=None, gross_base_minor=None
        )


def rate(world: World, value: str) -> None:
    access = access_of(world.company.users["data_steward"], at=timezone.now())
    with database_context(context_of(access)):
        given = GivenRate(currency="USD", base="EUR", on_day=date(2026, 4, 1), rate=Decimal(value))
        enter_rates(access=access, rates=[given], origin="test", at=timezone.now())


class TestClasses(Trade):
    AT = timezone.now().replace(year=2026, month=5, day=1, hour=12)

    @pytest.fixture
    def short(self, trade: World) -> World:
        """Classes worked out over all in euros; then a sale of 15 turns out to be in dollars."""
        bring_up_to_date(at=self.AT)
        lose_rate("F1")
        bring_up_to_date(at=self.AT)
        return trade

    def test_stay_as_they_were_where_documents_lack_a_rate(self, trade: World) -> None:
        bring_up_to_date(at=self.AT)
        before = kept()
        assert before["Client 1"][1] == 1500
        lose_rate("F1")
        bring_up_to_date(at=self.AT)
        assert kept() == before
        assert [run.waits_for for run in ClassRun.objects.order_by("id")] == [None, {"USD": 1}]
        assert Event.objects.get(act=HELD).after["documents_without_rate"] == {"USD": 1}

    def test_are_not_noted_again_while_they_wait_for_the_same(self, short: World) -> None:
        assert classify(as_of=DAY, at=self.AT) == 0
        assert ClassRun.objects.filter(waits_for__isnull=False).count() == 1
        assert Event.objects.filter(act=HELD).count() == 1

    @pytest.mark.parametrize("role", ["sales", "data_steward"])
    def test_say_on_list_and_file_what_they_wait_for(self, short: World, role: str) -> None:
        client = short.client(role)
        with system_context("a customer"):
            customer = Customer.objects.get(name="Client 0")
        for url in (
            reverse("customers:list"),
            reverse("customers:file", args=[customer.public_id]),
        ):
            text = client.get(url).content.decode()
            assert "wait for exchange rates (documents without one: USD: 1)" in text
            assert (reverse("admin:rates") in text) == (role == "data_steward")

    def test_say_so_among_the_settings(self, short: World) -> None:
        text = short.client("administrator").get(reverse("admin:parameters")).content.decode()
        assert "documents without one: USD: 1" in text
        assert "Classes of customers as of" in text  # the last that were worked out

    def test_follow_once_the_rate_is_there(self, short: World) -> None:
        rate(short, "0.5")
        bring_up_to_date(at=self.AT)
        assert kept()["Client 1"] == ("C", 750)
        with system_context("a recount"), connection.cursor() as cursor:
            cursor.execute("""select c.name, sum(case i.currency when 'USD' then i.net_minor / 2
                else i.net_minor end)::bigint from trade_invoice i
                join records_customer c on c.id = i.customer_id group by 1""")
            assert {name: sales for name, (_, sales) in kept().items()} == dict(cursor.fetchall())
        assert "wait for exchange rates" not in short.client("sales").get("/customers/").content.decode()  # fmt: skip

    def test_of_documents_in_one_currency_need_no_rate(self, trade: World) -> None:
        lose_rate("F0", "F1", "F2", "F3", currency="GBP")
        with system_context("a group in dollars"):
            OrgNode.objects.filter(kind="group").update(base_currency="USD")
        bring_up_to_date(at=self.AT)
        assert sorted(letter for letter, _ in kept().values() if letter) == ["A", "B", "C", "C"]
        assert kept()["Client 0"][1] == 8000
        assert ClassRun.objects.get().currency == "GBP"
        text = trade.client("sales").get("/customers/").content.decode()
        assert "£80.00" in text
        assert "US$80.00" not in text


class TestADocumentOfAComingDay(Trade):
    """Nobody can know its rate yet, and it concerns no answer as of an earlier day."""

    @pytest.fixture
    def slip(self, trade: World) -> World:
        lose_rate("F1")
        with system_context("a slip of the pen"):
            Invoice.objects.filter(number="F1").update(issued_on=date(2027, 3, 10))
        bring_up_to_date(at=TestClasses.AT)
        return trade

    def test_holds_no_class_back(self, slip: World) -> None:
        assert [run.waits_for for run in ClassRun.objects.all()] == [None]
        assert kept()["Client 0"] == ("B", 8000)

    def test_stands_in_the_way_of_no_answer_before_it(self, slip: World) -> None:
        client, url = slip.client("credit_manager"), reverse("analyses:one", args=["sales"])
        page = client.get(url, {"as_of": "2026-05-01"})
        assert "Exchange rates are missing" not in page.content.decode()
        assert page.context["answer"].population["documents"] == 2
        page = client.get(url, {"as_of": "2027-03-31"})
        assert "documents without one: USD: 1" in page.content.decode()


class TestTheDay(Trade):
    """Classes look back from a day: they follow it, once, where nothing else has changed."""

    def as_of(self) -> list[date]:
        return [run.as_of for run in ClassRun.objects.order_by("id")]

    def test_that_is_over_has_them_worked_out_anew_once(self, trade: World) -> None:
        first, next_day = TestClasses.AT, TestClasses.AT + timedelta(days=1)
        for at in (first, first, first + timedelta(hours=11), next_day, next_day):
            bring_up_to_date(at=at)
        # The copy takes up the classes that were given, which is a change of its own.
        assert self.as_of() == [first.date(), first.date(), next_day.date()]

    def test_takes_out_what_was_sold_more_than_a_year_ago(self, trade: World) -> None:
        bring_up_to_date(at=TestClasses.AT)
        assert kept()["Client 0"] == ("B", 8000)
        bring_up_to_date(at=TestClasses.AT + timedelta(days=500))
        assert kept()["Client 0"] == (None, 0)

    def test_has_none_worked_out_while_a_rate_is_waited_for(self, trade: World) -> None:
        bring_up_to_date(at=TestClasses.AT)
        lose_rate("F1")
        bring_up_to_date(at=TestClasses.AT)
        bring_up_to_date(at=TestClasses.AT + timedelta(days=1))
        assert len(self.as_of()) == 2

    def test_to_come_is_no_last_purchase(self, trade: World) -> None:
        with system_context("a slip of the pen"):
            customer = Customer.objects.get(name="Client 1").pk
            self.sell(trade, customer, "madrid", 100, 9)
            Invoice.objects.filter(number="F9").update(issued_on=date(2027, 3, 10))
        bring_up_to_date(at=TestClasses.AT)
        with system_context("what is kept"):
            assert Customer.objects.get(pk=customer).last_purchase_on == date(2026, 4, 1)
        bring_up_to_date(at=TestClasses.AT + timedelta(days=365))
        with system_context("what is kept"):
            assert Customer.objects.get(pk=customer).last_purchase_on == date(2027, 3, 10)

    def test_long_after_a_purchase_leaves_it_the_last(self, trade: World) -> None:
        bring_up_to_date(at=TestClasses.AT + timedelta(days=2000))
        with system_context("what is kept"):
            found = set(Customer.objects.values_list("name", "last_purchase_on"))
        assert {on for name, on in found if name.startswith("Client")} == {date(2026, 4, 1)}


class TestRatesThatTheCopyDoesNotHaveYet(Trade):
    def test_are_said_to_be_on_their_way(self, trade: World) -> None:
        lose_rate("F1")
        bring_up_to_date(at=TestClasses.AT)
        client, url = trade.client("credit_manager"), reverse("analyses:one", args=["sales"])
        asked = {"as_of": "2026-05-01"}
        assert "Exchange rates are missing" in client.get(url, asked).content.decode()
        rate(trade, "0.5")
        text = client.get(url, asked).content.decode()
        assert "have been entered. The figures follow within minutes" in text
        assert "Exchange rates are missing" not in text
        bring_up_to_date(at=TestClasses.AT)
        assert client.get(url, asked).context["answer"].population["documents"] == 3
