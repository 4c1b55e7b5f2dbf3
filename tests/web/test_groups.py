"""Groups of the analyses as people know them, and what charts measure."""

import re
from datetime import date

import pytest
from django.utils import timezone

from clientela.analysis.registry import ANALYSES
from clientela.analysis.results import Answer
from clientela.analysis.services import ask, refresh_copy
from clientela.analysis.services.asking import Part
from clientela.analysis.services.question import question
from clientela.records.models import Source
from clientela.records.services.sources import make_source
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from clientela.trade.models import Invoice, InvoiceLine, Product
from clientela.web.analyses.charts import charts
from tests.factories import NOON
from tests.web.test_analyses import Trade
from tests.web.world import World

DAY = date(2026, 5, 1)


class TestProductsOfSeveralSources(Trade):
    def both(self, world: World) -> None:
        """Let two sources sell a product of the same code and name."""
        with system_context("two products"):
            node = world.company.nodes["group"].pk
            sources = [
                Source.objects.get(name="erp"),
                make_source(name="shop", node_id=node, at=NOON, by="t"),
            ]
            for n, (source, invoice) in enumerate(
                zip(sources, Invoice.objects.order_by("id")[:2], strict=True)
            ):
                product = Product.objects.create(source=source, code="T-1", name="Tea")
                InvoiceLine.objects.create(
                    invoice=invoice, line=1, product=product, quantity=1, unit_price=n + 1,
                    net_minor=100 * (n + 1), kind="invoice", issued_on=invoice.issued_on,
                    source_id=source.pk, customer_id=invoice.customer_id, currency="EUR",
                    org_node_id=invoice.org_node_id, owner_id=invoice.owner_id,
                    sold_by_id=invoice.sold_by_id,
                )  # fmt: skip
        refresh_copy()

    def test_are_told_apart_by_it(self, trade):
        self.both(trade)
        client, query = trade.client("credit_manager"), {"as_of": "2026-05-01", "by": "product"}
        told = client.get("/api/v1/analyses/sales", query).json()
        rows = [row for row in told["rows"] if row["key"]]
        assert [(r["key"], r["group"], r["source"]) for r in rows] == [
            ("T-1", "Tea", "shop"), ("T-1", "Tea", "erp"),
        ]  # fmt: skip
        assert {c["name"] for c in told["columns"]} == set(rows[0])
        page = client.get("/analyses/sales", query)
        assert "Source" in [head.label for head in page.context["table"].heads]
        assert {"Tea (shop)", "Tea (erp)"} <= set(page.context["charts"][0]["labels"])
        taken = trade.client("data_steward").post(
            "/analyses/sales/download?as_of=2026-05-01&by=product"
        )
        assert re.search(r"T-1,Tea,shop,", taken.content.decode())


class TestRegionsAndBranches(Trade):
    @pytest.mark.parametrize(("by", "key"), [("region", "iberia"), ("branch", "madrid")])
    def test_have_their_codes_as_keys(self, trade, by, key):
        query = {"as_of": "2026-05-01", "by": by}
        (row,) = trade.client("credit_manager").get("/api/v1/analyses/sales", query).json()["rows"]
        assert (row["key"], row["group"]) == (key, key.title())


class TestShares(Trade):
    def test_have_six_places_and_no_more(self, trade):
        query = {"as_of": "2026-05-01", "by": "customer"}
        rows = trade.client("credit_manager").get("/api/v1/analyses/sales", query).json()["rows"]
        shares = [row["share"] for row in rows]
        assert shares == [0.8, 0.15, 0.05]
        file = trade.client("data_steward").post("/analyses/sales/download?as_of=2026-05-01")
        assert not re.search(r"\.\d{7}", file.content.decode())


class TestMonthsInPart(Trade):
    def asked(self, trade: World, name: str, as_of: str, part: Part | None = None) -> Answer:
        access = trade.company.access("credit_manager")
        with database_context(context_of(access)):
            return ask(
                access, question(name, at=timezone.now(), as_of=date.fromisoformat(as_of)), part
            )

    @pytest.mark.parametrize(("as_of", "whole"), [("2026-04-20", False), ("2026-05-31", True)])
    def test_are_marked_in_table_chart_and_answer(self, trade, as_of, whole):
        query = {"as_of": as_of}
        page = trade.client("credit_manager").get("/analyses/sales", query)
        (cells, _), label = page.context["table"].rows[0], page.context["charts"][0]["labels"][-1]
        said = "Apr 2026" if whole else "Apr 2026 (in part)"
        assert (cells[0].text, label) == (said, said)
        told = trade.client("credit_manager").get("/api/v1/analyses/sales", query).json()
        assert told["rows"][0]["is_complete"] is whole
        cohorts = trade.client("credit_manager").get("/analyses/cohorts", query)
        (chart,) = cohorts.context["charts"]
        assert chart["rows"] == [said]
        assert cohorts.context["table"].rows[0][0][0].text == said
        assert [cell[3] for cell in chart["data"]] == ([1, 1] if whole else [0])
        assert cohorts.context["answer"].rows[0]["cohort_is_complete"] is whole


class TestCharts(Trade):
    @pytest.mark.parametrize("name", ANALYSES)
    def test_say_on_both_axes_what_they_measure(self, trade, name):
        page = trade.client("credit_manager").get(f"/analyses/{name}", {"as_of": "2026-05-01"})
        assert page.context["charts"], name
        for chart in page.context["charts"]:
            assert chart["axis"]
            assert chart["across"]
            assert chart["unit"] in ("percent", "EUR", "")
            assert chart["unit"] != "EUR" or chart["axis"] == "EUR"

    def test_mix_no_currencies_on_one_axis(self):
        buckets = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_180",
                   "days_over_180")  # fmt: skip
        rows = [
            {"currency": currency, "open_base_minor": base}
            | {f"{bucket}_minor": amount * n for n, bucket in enumerate(buckets)}
            for currency, base, amount in (("EUR", 500, 100), ("JPY", 900, 100), ("USD", 700, 1))
        ]
        answer = Answer(
            analysis="ageing", as_of=DAY, from_on=None, snapshot=1, parameters={"per": "total"},
            population={}, currency="EUR", columns=(), rows=(), summary=rows,
        )  # fmt: skip
        drawn = charts(answer)
        assert [(one["title"], one["axis"], len(one["series"])) for one in drawn] == [
            ("JPY", "JPY", 1), ("USD", "USD", 1), ("EUR", "EUR", 1),
        ]  # fmt: skip
        assert drawn[0]["series"][0]["data"] == [0.0, 100.0, 200.0, 300.0, 400.0, 500.0]
        assert drawn[2]["series"][0]["data"][1] == 1.0
        assert len({one["place"] for one in drawn}) == 3
