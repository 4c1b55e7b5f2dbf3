"""Management sees no figure of few customers: not in a row, nor by taking rows off a sum."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from typer import Typer
from typer.testing import CliRunner

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services import ask, refresh_copy
from clientela.analysis.services.asking import Part
from clientela.analysis.services.question import question
from clientela.cli.analysing import analyse
from clientela.kernel.reasons import NotPermitted
from clientela.records.models import Source
from clientela.records.results import Statement
from clientela.records.services import state
from clientela.security.models import Grant
from clientela.security.roles import Role
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from tests.factories import NOON, give
from tests.web.test_analyses import Trade
from tests.web.world import World

DAY = date(2026, 4, 30)
# customers of each branch; iberia has 17, huadong 27
BRANCHES = {"madrid": 14, "sevilla": 3, "shanghai": 12, "hangzhou": 15}


class Totals(Trade):
    @pytest.fixture
    def large(self, trade):
        """The same company with more customers in each branch, and management over the group."""
        already = {"madrid": 3, "shanghai": 1}
        with system_context("a larger company"):
            give(trade.company.users["executive"], Role.EXECUTIVE, trade.company.nodes["group"])
            source = Source.objects.get(name="erp")
            n = 100
            for node, count in BRANCHES.items():
                said = {"org_node": trade.company.nodes[node].pk}
                keys = [f"{node}-{at}" for at in range(count - already.get(node, 0))]
                answers = state(
                    [Statement(key=key, kind="company", attributes=said) for key in keys],
                    source_id=source.pk, author="t", at=NOON,
                )  # fmt: skip
                for one in answers:
                    n += 1
                    self.sell(trade, one.customer_id, node, n * 100, n)
        refresh_copy(full=True)
        return trade

    def rows(self, large: World, name: str = "sales", part: Part | None = None, **parameters):
        return self.answer(large, name, part, **parameters).rows

    def answer(self, large: World, name: str, part: Part | None = None, as_of=DAY, **parameters):
        access = large.company.access("executive")
        with database_context(context_of(access)):
            return ask(access, question(name, as_of=as_of, parameters=parameters), part)


class TestSmallGroups(Totals):
    def test_are_hidden_with_the_smallest_of_their_region(self, large):
        found = {row["key"]: row for row in self.rows(large, by="branch")}
        assert {key for key, row in found.items() if row["is_hidden"]} == {"sevilla", "madrid"}
        for key in ("sevilla", "madrid"):
            figures = set(found[key].items()) - {("key", key), ("group", key.title())}
            assert {value for _, value in figures} <= {None, True, "EUR"}
        assert found["hangzhou"]["customers"] == 15

    def test_do_not_follow_from_a_sum(self, large):
        regions = {row["key"]: row for row in self.rows(large, by="region")}
        branches = self.rows(large, by="branch")
        shown = {row["key"] for row in branches if not row["is_hidden"]}
        assert not any(row["is_hidden"] for row in regions.values())
        assert shown == {"shanghai", "hangzhou"}  # of iberia nothing but the whole
        whole = Decimal(self.answer(large, "sales", by="branch").population["amounts"][0]["amount"])
        rest = whole - sum(Decimal(r["net_sales"]) for r in branches if not r["is_hidden"])
        assert rest == Decimal(regions["iberia"]["net_sales"])

    def test_stand_last_in_every_order_and_are_not_narrowed_to(self, large):
        for order in ("net_sales_minor", "-net_sales_minor", "customers", "-documents"):
            found = self.rows(large, part=Part(order=order), by="branch")
            assert [row["is_hidden"] for row in found] == [False, False, True, True], order

    def test_are_hidden_on_page_chart_api_and_command_alike(self, large):
        client, query = large.client("executive"), {"as_of": "2026-04-30", "by": "branch"}
        page = client.get("/analyses/sales", query)
        told = client.get("/api/v1/analyses/sales", query).json()
        assert told["rows"] == page.context["answer"].as_json()["rows"]
        assert {row["key"] for row in told["rows"] if row["is_hidden"]} == {"sevilla", "madrid"}
        (chart,) = page.context["charts"]
        drawn = dict(zip(chart["labels"], chart["series"][0]["data"], strict=True))
        assert {name for name, value in drawn.items() if value is None} == {"Sevilla", "Madrid"}
        text = page.content.decode()
        assert "fewer than 10 customers" in text
        assert 'name="source"' not in text
        words = ["sales", "--as-of", "2026-04-30", "--set", "by=branch"]
        command = Typer()
        command.command()(analyse)
        said = CliRunner().invoke(command, [*words, "--as", "executive", "--format", "json"])
        assert said.exit_code == 0, said.output
        assert json.loads(said.stdout)["rows"] == told["rows"]

    def test_of_classes_segments_cohorts_and_products_are_hidden(self, large):
        for name in ("abc", "rfm"):
            for row in self.rows(large, name):
                assert row["is_hidden"] == (row["customers"] is None)
                assert row["customers"] is None or row["customers"] >= 10
        (cohort,) = self.rows(large, "cohorts")
        assert (cohort["customers"], cohort["active"]) == (44, 44)
        assert "net_sales" not in cohort
        (owed,) = self.rows(large, "ageing")
        assert "oldest_days" not in owed
        assert owed["open"] == self.rows(large, "dso")[0]["receivables"]

    def test_are_everything_where_the_whole_is_small(self, large):
        with system_context("management of one branch"):
            held = Grant.objects.filter(user=large.company.users["executive"])
            held.update(valid_to=NOON - timedelta(days=99))
            give(large.company.users["executive"], Role.EXECUTIVE, large.company.nodes["sevilla"])
        for name in ANALYSES:
            answer = self.answer(large, name)
            assert answer.population["customers"] is None
            assert answer.population["amounts"] == []
            assert all(row["is_hidden"] for row in answer.rows), name
            text = large.client("executive").get(f"/analyses/{name}?as_of=2026-04-30").content
            assert b"none of it is shown" in text, name

    def test_are_shown_to_who_sees_single_customers(self, large):
        access = large.company.access("boss")
        with database_context(context_of(access)):
            found = ask(access, question("sales", as_of=DAY, parameters={"by": "branch"})).rows
        assert {row["key"]: row["customers"] for row in found} == {"madrid": 14, "sevilla": 3}
        assert "is_hidden" not in found[0]


class TestQuestionsOfTotals(Totals):
    @pytest.mark.parametrize(
        ("name", "parameters"),
        [
            ("abc", {"a_until_percent": 84}),
            ("cohorts", {"region": "North"}),
            ("cohorts", {"customer_class": "A"}),
            ("punctuality", {"least_invoices": 1}),
            ("sales", {"by": "customer"}),
        ],
    )
    def test_are_refused_where_two_would_tell_a_customer(self, large, name, parameters):
        with pytest.raises(NotPermitted):
            self.answer(large, name, **parameters)

    def test_are_of_no_source_apart(self, large):
        url = "/analyses/sales?as_of=2026-04-30&source=erp"
        assert large.client("executive").get(url).status_code == 403

    @pytest.mark.parametrize(
        ("as_of", "ends"),
        [("2026-05-01", "2026-04-30"), ("2026-05-30", "2026-04-30"), ("2026-05-31", "2026-05-31")],
    )
    def test_are_of_whole_months_that_are_over(self, large, as_of, ends):
        answer = self.answer(large, "sales", as_of=date.fromisoformat(as_of))
        assert answer.as_of.isoformat() == ends
        assert answer.from_on is not None
        assert answer.from_on.day == 1
        asked = {"as_of": as_of, "from": "2026-03-17"}
        told = large.client("executive").get("/api/v1/analyses/sales", asked).json()
        assert (told["from"], told["as_of"]) == ("2026-03-01", ends)
