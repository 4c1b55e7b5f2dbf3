"""Sales of branches and regions are of those that sold, wherever the customer is served now."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from typer import Typer
from typer.testing import CliRunner

from clientela.analysis.services import copy_folder, refresh_copy
from clientela.cli.analysing import analyse
from clientela.records.models import Customer
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.warehouse.snapshots import numbers, open_snapshot
from tests import kept
from tests.factories import add_customer
from tests.web.test_analyses import Trade
from tests.web.test_small_groups import BRANCHES, Totals
from tests.web.world import World

DAY = {"as_of": "2026-05-01"}
SALES, COHORTS = "/analyses/sales", "/analyses/cohorts"

# Of the customers of some branches: what each place sold them, from the documents alone.
RECOUNT = """
select s.code, r.code, i.net_minor
from trade_invoice i
join security_orgnode s on s.id = i.sold_by_id join security_orgnode r on r.id = s.parent_id
join records_customer c on c.id = i.customer_id join security_orgnode n on n.id = c.org_node_id
where i.voided_at is null and n.code = any(%(of)s)"""


def recounted(by: str, *of: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    with system_context("a test looks"):
        for branch, region, net in fetch(RECOUNT, {"of": list(of)}):
            key = branch if by == "branch" else region
            found[key] = found.get(key, Decimal(0)) + Decimal(net) / 100
    return found


def sums(rows: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {row["key"]: Decimal(row["net_sales"]) for row in rows}


class WhoSold(Trade):
    @pytest.fixture
    def sold(self, django_test_environment, django_db_blocker):
        """A customer of madrid bought in sevilla and hangzhou too, and one of shanghai in madrid."""
        with kept.copied("sold_elsewhere", self.sold_elsewhere, django_db_blocker) as world:
            yield world

    def sold_elsewhere(self) -> World:
        trade = self.company_that_sold()
        with system_context("sales of other branches"):
            mover = add_customer(trade.company, node="madrid", name="Mover", key="mover")
            for n, (node, net) in enumerate(
                [("madrid", 100), ("sevilla", 2000), ("hangzhou", 30_000)], 50
            ):
                self.sell(trade, mover, node, net, n)
            far = Customer.objects.get(name="Client 3")
            self.sell(trade, far.pk, "madrid", 400_000, 60)
        refresh_copy(full=True)
        return trade

    def api(self, world: World, who: str, by: str) -> list[dict[str, Any]]:
        answer = world.client(who).get(f"/api/v1{SALES}", DAY | {"by": by})
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows


class TestSalesOfPlaces(WhoSold):
    @pytest.mark.parametrize("by", ["branch", "region"])
    def test_are_of_who_sold_on_page_api_and_command_alike(self, sold, by):
        page = sold.client("credit_manager").get(SALES, DAY | {"by": by})
        command = Typer()
        command.command()(analyse)
        words = ["sales", "--as-of", DAY["as_of"], "--set", f"by={by}", "--format", "json"]
        said = CliRunner().invoke(command, [*words, "--as", "credit_manager"])
        assert said.exit_code == 0, said.stderr
        expected = recounted(by, "madrid")
        assert len(expected) == {"branch": 3, "region": 2}[by]
        assert sums(page.context["answer"].rows) == expected
        assert sums(self.api(sold, "credit_manager", by)) == expected
        assert sums(json.loads(said.stdout)["rows"]) == expected

    def test_reach_no_customer_of_another_branch(self, sold):
        """What madrid sold to a customer of shanghai is of madrid, for who reaches shanghai."""
        told = sums(self.api(sold, "stranger", "branch"))
        assert told == recounted("branch", "shanghai") == {"madrid": 4000, "shanghai": 1000}

    @pytest.mark.parametrize("by", ["branch", "region"])
    def test_open_to_documents_that_add_up(self, sold, by):
        client = sold.client("credit_manager")
        page = client.get(SALES, DAY | {"by": by})
        added = {}
        for row, (_, behind) in zip(
            page.context["answer"].rows, page.context["table"].rows, strict=True
        ):
            found = client.get(behind).context["found"]
            added[row["key"]] = Decimal(found.total)
            assert found.documents == row["documents"]
            assert found.title["group"] == row["group"]
        assert added == recounted(by, "madrid")

    def test_stay_where_they_were_when_the_customer_moves(self, sold):
        before = {by: self.api(sold, "boss", by) for by in ("branch", "region")}
        with system_context("a customer moves"), connection.cursor() as cursor:
            cursor.execute(
                "update records_customer set org_node_id = %s where name = 'Mover'",
                [sold.company.nodes["sevilla"].pk],
            )
        refresh_copy()
        assert {by: self.api(sold, "boss", by) for by in before} == before
        assert sums(before["branch"]) == recounted("branch", "madrid", "sevilla")
        # Who reads them does move.
        assert sums(self.api(sold, "credit_manager", "branch")) == recounted("branch", "madrid")
        assert set(recounted("branch", "madrid")) == {"madrid"}

    def test_are_what_cohorts_of_the_region_sold(self, sold):
        expected = recounted("region", "madrid", "sevilla")
        assert set(expected) == {"iberia", "huadong"}
        for region, net in expected.items():
            answer = sold.client("boss").get(f"/api/v1{COHORTS}", DAY | {"region": region}).json()
            (amount,) = answer["population"]["amounts"]
            assert Decimal(amount["amount"]) == net
            assert sum(Decimal(row["net_sales"]) for row in answer["rows"]) == net


class TestSmallGroups(Totals):
    def test_are_those_whose_sellers_sold_to_few(self, large):
        """Sevilla serves 3 customers and sells to 12, hangzhou serves 15 and sells to 6."""
        with system_context("who sold"), connection.cursor() as cursor:
            nodes = {name: large.company.nodes[name].pk for name in BRANCHES}
            cursor.execute(
                """update trade_invoice i set sold_by_id = x.to from (
                     select id, %(hangzhou)s::bigint as to from trade_invoice
                     where org_node_id = %(sevilla)s
                     union all
                     (select id, %(sevilla)s from trade_invoice where org_node_id = %(hangzhou)s
                      order by id limit 12)) x
                   where x.id = i.id""",
                nodes,
            )
        refresh_copy(full=True)
        rows = self.rows(large, by="branch")
        assert {row["key"] for row in rows if row["is_hidden"]} == {"hangzhou", "shanghai"}
        told = {row["key"]: row["customers"] for row in rows if not row["is_hidden"]}
        assert told == {"madrid": 14, "sevilla": 12}
        regions = self.rows(large, by="region")
        assert {row["key"]: row["customers"] for row in regions} == {"iberia": 26, "huadong": 18}
        assert not any(row["is_hidden"] for row in regions)


class TestCopyOfAnEarlierRelease(WhoSold):
    def test_is_made_anew_by_who_asks_first(self, sold):
        number = numbers(copy_folder())[-1]
        kept_as = copy_folder() / "snapshots" / f"{number}.json"
        held = json.loads(kept_as.read_text())
        told = held["fingerprints"]
        held["fingerprints"] = {n: t.replace(",sold_by_id:int64", "") for n, t in told.items()}
        kept_as.write_text(json.dumps(held))
        rows = self.api(sold, "credit_manager", "branch")
        assert sums(rows) == recounted("branch", "madrid")
        assert open_snapshot(copy_folder()).number == number + 1
