"""Balances at the rate of their day: page, API, documents behind, a corrected rate, a missing one."""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import product
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.urls import reverse
from django.utils import timezone

from clientela.analysis.services import documents_behind, refresh_copy
from clientela.analysis.services.copy import copy_folder
from clientela.analysis.services.question import question
from clientela.kernel.money import EXPONENTS, exponent_of
from clientela.records.models import Customer
from clientela.security.selectors import access_of, context_of
from clientela.store.context import database_context, system_context
from clientela.tables.exchange_rates import EXCHANGE_RATES, rates_of
from clientela.trade.models import Allocation, ExchangeRate, Invoice
from clientela.trade.services import GivenRate, enter_rates
from clientela.warehouse.session import Session
from tests.web.test_analyses import Trade
from tests.web.world import World

DAY = date(2026, 5, 1)
SOLD, BEFORE = date(2026, 4, 1), date(2026, 4, 27)
FIRST = {("USD", SOLD): "0.9", ("USD", BEFORE): "0.8731", ("JPY", SOLD): "0.006",
         ("JPY", BEFORE): "0.0061235"}  # fmt: skip
DECIMALS = {"EUR": 2, "USD": 2, "JPY": 0}


def enter(world: World, rates: dict[tuple[str, date], str]) -> None:
    access = access_of(world.company.users["data_steward"], at=timezone.now())
    given = [
        GivenRate(currency=currency, base="EUR", on_day=day, rate=Decimal(rate))
        for (currency, day), rate in rates.items()
    ]
    with database_context(context_of(access)):
        enter_rates(access=access, rates=given, origin="test", at=timezone.now(), confirmed=True)
    refresh_copy()


def pay(number: str, minor: int) -> None:
    """Settle a part of an invoice in April by a credit note (its own number: any will do)."""
    with system_context("a part is settled"):
        one = Invoice.objects.get(number=number)
        Allocation.objects.create(
            invoice=one, credit_note=one, allocated_on=date(2026, 4, 20), currency=one.currency,
            amount_minor=minor, amount_base_minor=1, customer_id=one.customer_id,
            org_node_id=one.org_node_id, owner_id=one.owner_id,
        )  # fmt: skip
    refresh_copy()


def recount(numbers: tuple[str, ...], as_of: date) -> dict[str, Decimal]:
    """What is open of each of these invoices in euros, from the rows of the database alone."""
    found = {}
    with system_context("a recount"):
        rates = list(ExchangeRate.objects.filter(replaced_at=None).values())
        for one in Invoice.objects.filter(number__in=numbers):
            settled = sum(a.amount_minor for a in Allocation.objects.filter(invoice=one))
            open_ = Decimal(one.gross_minor - settled).scaleb(-DECIMALS[one.currency])
            days = {
                r["on_day"]: r["rate"]
                for r in rates
                if r["currency"] == one.currency and as_of - timedelta(8) < r["on_day"] <= as_of
            }
            rate = Decimal(1) if one.currency == "EUR" else days[max(days)]
            found[one.number] = (open_ * rate).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return found


class TestBalanceAtTheRateOfItsDay(Trade):
    MADRID = ("F0", "F1", "F2")  # what the credit manager reaches

    @pytest.fixture
    def abroad(self, trade: World) -> World:
        """Of three sales one is in dollars and one in yen; part of the dollars is settled."""
        with system_context("sales abroad"):
            none = {"net_base_minor": None, "gross_base_minor": None}
            Invoice.objects.filter(number="F1").update(currency="USD", **none)
            Invoice.objects.filter(number="F2").update(currency="JPY", **none)
        enter(trade, FIRST)
        pay("F1", 333)
        return trade

    def told(self, world: World, name: str = "ageing", as_of: date = DAY):
        url = f"/api/v1/analyses/{name}"
        return world.client("credit_manager").get(url, {"as_of": str(as_of)}).json()

    def test_is_on_page_and_in_the_api_what_a_recount_says(self, abroad):
        by_hand = recount(self.MADRID, DAY)
        assert by_hand == {"F0": 80, "F1": Decimal("10.19"), "F2": Decimal("3.06")}
        told = self.told(abroad)
        assert {row["currency"]: Decimal(row["open_base"]) for row in told["rows"]} == {
            "EUR": by_hand["F0"], "USD": by_hand["F1"], "JPY": by_hand["F2"],
        }  # fmt: skip
        (over,) = told["population"]["amounts"]
        assert (Decimal(over["amount"]), over["currency"]) == (sum(by_hand.values()), "EUR")
        page = abroad.client("credit_manager").get("/analyses/ageing", {"as_of": str(DAY)})
        assert "Over 3 customers, 3 documents and €93.25." in page.content.decode()
        owed = self.told(abroad, "dso")["rows"]
        assert sum(Decimal(row["receivables"]) for row in owed) == sum(by_hand.values())

    def test_of_a_row_is_what_the_documents_behind_it_add_up_to(self, abroad):
        access = abroad.company.access("credit_manager")
        for row in self.told(abroad)["rows"]:
            given = {"customer": row["customer"], "currency": row["currency"]}
            with database_context(context_of(access)):
                asked = question("ageing", at=timezone.now(), as_of=DAY, parameters={})
                found = documents_behind(access, asked, given)
            assert (found.documents, found.total) == (1, row["open_base"])

    def test_follows_a_rate_that_is_corrected(self, abroad):
        before = recount(self.MADRID, DAY)
        enter(abroad, {("USD", BEFORE): "0.9155", ("USD", DAY + timedelta(1)): "3"})
        after = recount(self.MADRID, DAY)
        assert after["F1"] == Decimal("10.68") != before["F1"]
        assert Decimal(self.told(abroad)["population"]["amounts"][0]["amount"]) == sum(
            after.values()
        )

    def test_ends_with_the_seventh_day_after_its_rate(self, abroad):
        last = BEFORE + timedelta(7)
        assert self.told(abroad, as_of=last)["rows"]
        client = abroad.client("credit_manager")
        for name in ("ageing", "dso"):
            asked = {"as_of": str(last + timedelta(1))}
            refused = client.get(f"/api/v1/analyses/{name}", asked)
            assert refused.status_code == 422
            told = [(r["code"], r["params"]) for r in refused.json()["reasons"]]
            assert told == [
                ("rates_ended", {"currency": currency, "day": "2026-05-05", "last": str(BEFORE)})
                for currency in ("JPY", "USD")
            ]
            text = client.get(f"/analyses/{name}", asked).content.decode()
            assert "rate of JPY, USD is of 27 Apr 2026 and no longer in force on 5 May 2026" in text
            assert f'href="{reverse("admin:rates")}"' in text.partition("rate of JPY, USD")[2]

    def test_offers_the_last_day_that_has_rates(self, abroad):
        client = abroad.client("credit_manager")
        asked = {"as_of": "2026-06-05", "page": "1"}
        text = client.get("/analyses/ageing", asked).content.decode()
        (link,) = re.findall(r'href="([^"]*)">Show as of (?:27 April|April 27|27 Apr)', text)
        assert parse_qs(link.replace("&amp;", "&").lstrip("?")) == {
            "as_of": [str(BEFORE)], "page": ["1"],
        }  # fmt: skip
        assert "cannot be worked out" in text
        assert "cannot be worked out" not in client.get(f"/analyses/ageing{link}").content.decode()

    def test_says_of_which_currency_no_rate_was_ever_told(self, abroad):
        with system_context("a sale whose own rate is known"):
            Invoice.objects.filter(number="F2").update(currency="CHF", gross_base_minor=500)
            Invoice.objects.filter(number="F2").update(net_base_minor=500)
        refresh_copy()
        client, asked = abroad.client("credit_manager"), {"as_of": "2026-06-05"}
        refused = client.get("/api/v1/analyses/ageing", asked).json()
        assert [(r["code"], r["params"]["currency"]) for r in refused["reasons"]] == [
            ("rate_missing_on", "CHF"), ("rates_ended", "USD"),
        ]  # fmt: skip
        assert "Show as of" not in client.get("/analyses/ageing", asked).content.decode()

    def test_needs_no_rate_of_a_currency_in_which_nothing_is_open(self, abroad):
        pay("F2", 500)
        asked = {"as_of": "2026-05-05"}
        refused = abroad.client("credit_manager").get("/api/v1/analyses/ageing", asked).json()
        assert [r["params"]["currency"] for r in refused["reasons"]] == ["USD"]

    def test_refuses_the_documents_of_a_row_without_a_rate_too(self, abroad):
        with system_context("one of them"):
            public = str(Customer.objects.get(name="Client 1").public_id)
        url = "/analyses/ageing/documents"
        asked = {"as_of": "2026-05-05", "key:customer": public, "key:currency": "USD"}
        answer = abroad.client("credit_manager").get(url, asked)
        assert answer.status_code == 422
        assert "rate of USD is of 27 Apr 2026 and no longer in force" in answer.content.decode()

    def test_says_by_which_rate_and_what_is_left_out_in_three_languages(self, abroad):
        said = {
            "en": (
                "exchange rate in force at the cut-off",
                "Credit notes that are not applied yet",
            ),
            "zh-hans": ("按截止日有效的汇率", "尚未核销的贷项通知单"),
            "es": ("tipo de cambio vigente en la fecha de corte", "abonos aún no aplicados"),
        }
        user = abroad.company.users["credit_manager"]
        for language, words in said.items():
            with system_context("the language of the reader"):
                type(user).objects.filter(pk=user.pk).update(language=language)
            for name in ("ageing", "dso"):
                text = abroad.client("credit_manager").get(
                    f"/analyses/{name}", {"as_of": str(DAY)}, headers={"accept-language": language}
                )
                flat = re.sub(r"\s+", " ", text.content.decode())
                assert all(word.casefold() in flat.casefold() for word in words), (language, name)


NAMED = ("currency", "base", "on_day", "unit_whole", "unit_high", "unit_low")


def held(*names: str) -> list[tuple[Any, ...]]:
    """The rates that the copy holds."""
    with Session.delta(copy_folder()) as session:
        rows = session.rows(session.table(EXCHANGE_RATES))
    return sorted(tuple(row[name] for name in names) for row in rows)


class TestRatesInTheCopy(Trade):
    PARTS = ("currency", "on_day", "unit_whole", "unit_high", "unit_low")

    def test_are_those_that_hold_and_follow_what_is_entered(self, trade):
        enter(trade, {("USD", SOLD): "0.9", ("JPY", SOLD): "0.006"})
        assert held(*self.PARTS) == [
            ("JPY", SOLD, 0, 6_000_000, 0), ("USD", SOLD, 0, 9_000_000, 0),
        ]  # fmt: skip
        enter(trade, {("USD", SOLD): "1.25", ("USD", BEFORE): "0.5"})
        assert held(*self.PARTS) == [
            ("JPY", SOLD, 0, 6_000_000, 0), ("USD", SOLD, 1, 2_500_000, 0),
            ("USD", BEFORE, 0, 5_000_000, 0),
        ]  # fmt: skip

    def test_say_what_a_minor_unit_is_worth_as_a_notebook_does(self, trade):
        codes = ["EUR", *(code for codes in EXPONENTS.values() for code in codes.split())]
        assert {exponent_of(code) for code in codes} == {0, 2, 3, 4}
        rates = ("0.0000000001", "0.1234567891", "1", "7.8125", "9999999999.9999999999")
        given = [
            (currency, base, date(2026, 1, 1) + timedelta(days=n), Decimal(rate))
            for currency, base in product(codes, ("EUR", "JPY", "KWD", "CLF"))
            for n, rate in enumerate(rates)
            if currency != base
        ]
        with system_context("rates of every shape"):
            ExchangeRate.objects.bulk_create(
                ExchangeRate(currency=c, base=b, on_day=d, rate=r, origin="test")
                for c, b, d, r in given
            )
        refresh_copy()
        assert sorted(held(*NAMED)) == sorted(
            tuple(row[name] for name in NAMED) for row in rates_of(given)
        )
