"""A sale that no receivable stands on: it refuses nothing, and is told without an amount."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from clientela.analysis.services import refresh_copy
from clientela.analysis.services.classifying import classify
from clientela.records.models import ClassRun
from clientela.security.models import OrgNode
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.web.test_analyses import Trade
from tests.web.test_balances import command
from tests.web.world import World

RECEIVABLES = ("ageing", "dso", "punctuality")
AS_OF = "2026-05-01"
NOT_KNOWN = "1 documents; what they come to in EUR is not known, since an exchange rate is missing."


def till(*numbers: str, **changed: object) -> None:
    """Let sales be of a till: in yen without a rate, of a source that tells no payments."""
    given = {
        "currency": "JPY", "settlement": "unknown", "net_base_minor": None,
        "gross_base_minor": None,
    } | changed  # fmt: skip
    with system_context("a till"):
        Invoice.objects.filter(number__in=numbers).update(**given)
    refresh_copy()


class TestASaleLeftOut(Trade):
    @pytest.fixture
    def kiosk(self, trade: World) -> World:
        till("F2")
        return trade

    @pytest.mark.parametrize("name", RECEIVABLES)
    def test_refuses_no_receivables_on_page_api_or_command(self, kiosk, name):
        client = kiosk.client("credit_manager")
        page = client.get(f"/analyses/{name}", {"as_of": AS_OF})
        assert page.status_code == 200
        text = page.content.decode()
        assert "This cannot be worked out" not in text
        assert f"Left out, since their source tells no payments: {NOT_KNOWN}" in text
        told = client.get(f"/api/v1/analyses/{name}", {"as_of": AS_OF}).json()
        assert told["population"]["without_settlement"] == {
            "documents": 1, "amount": None, "currency": "EUR",
        }  # fmt: skip
        assert told["population"]["amounts"] == [{"amount": "95.00", "currency": "EUR"}]
        said = command(name, "--as-of", AS_OF, "--format", "json")
        assert json.loads(said.stdout)["population"] == told["population"]
        table = command(name, "--as-of", AS_OF)
        assert table.exit_code == 0, table.output
        assert "amount in EUR not known (no exchange rate)" in " ".join(table.output.split())

    def test_is_told_with_its_amount_where_it_has_a_rate(self, trade):
        till("F2", currency="EUR", net_base_minor=500, gross_base_minor=500)
        text = trade.client("credit_manager").get("/analyses/ageing", {"as_of": AS_OF})
        said = "Left out, since their source tells no payments: 1 documents, €5.00."
        assert said in text.content.decode()

    def test_refuses_sales_and_holds_classes_back_as_these_stand_on_it(self, kiosk):
        for name in ("sales", "abc", "rfm", "cohorts"):
            told = kiosk.client("credit_manager").get(f"/api/v1/analyses/{name}", {"as_of": AS_OF})
            assert told.status_code == 422, name
            assert told.json()["reasons"][0]["params"] == {"documents": "JPY: 1"}
        classify(as_of=date(2026, 5, 1), at=timezone.now())
        assert ClassRun.objects.get().waits_for == {"JPY": 1}

    def test_without_a_customer_refuses_no_figures_per_customer(self, kiosk):
        with system_context("nobody bought it"):
            Invoice.objects.filter(number="F2").update(customer_id=None)
        refresh_copy()
        client = kiosk.client("credit_manager")
        for name in ("abc", "rfm", "cohorts"):
            page = client.get(f"/analyses/{name}", {"as_of": AS_OF}).content.decode()
            assert f"Without a customer: {NOT_KNOWN}" in page, name
        told = client.get("/api/v1/analyses/sales", {"as_of": AS_OF})
        assert told.status_code == 422

    def test_does_not_choose_the_currency_of_the_rest(self, trade):
        # All is in pounds, which have no rate in the group's dollars, and need none.
        with system_context("a group in dollars"):
            OrgNode.objects.filter(kind="group").update(base_currency="USD")
        till("F0", "F1", "F2", "F3", currency="GBP", settlement="known")
        till("F2")
        client = trade.client("credit_manager")
        for name in RECEIVABLES:
            told = client.get(f"/api/v1/analyses/{name}", {"as_of": AS_OF}).json()
            assert told["population"]["amounts"] == [{"amount": "95.00", "currency": "GBP"}], name
            assert told["population"]["without_settlement"] == {
                "documents": 1, "amount": None, "currency": "GBP",
            }, name  # fmt: skip
        rows = client.get("/api/v1/analyses/ageing", {"as_of": AS_OF}).json()["rows"]
        assert sorted(Decimal(row["open_base"]) for row in rows) == [15, 80]


class TestASaleThatIsOwed(Trade):
    @pytest.mark.parametrize(
        ("name", "code"),
        [("ageing", "rate_missing_on"), ("dso", "rate_missing"), ("punctuality", "rate_missing")],
    )
    def test_is_asked_a_rate_for(self, trade, name, code):
        till("F2", settlement="known")
        told = trade.client("credit_manager").get(f"/api/v1/analyses/{name}", {"as_of": AS_OF})
        assert [reason["code"] for reason in told.json()["reasons"]] == [code]
