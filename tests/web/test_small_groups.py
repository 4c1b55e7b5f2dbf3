"""Management sees no figure of few customers: not in a row, nor by taking rows off a sum."""

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.db import connection
from django.utils import timezone
from typer import Typer
from typer.testing import CliRunner

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services import ask, refresh_copy, totals
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
from tests import kept
from tests.factories import NOON, give
from tests.web.test_analyses import Trade
from tests.web.world import World

DAY = date(2026, 4, 30)
# customers of each branch; iberia has 17, huadong 27
BRANCHES = {"madrid": 14, "sevilla": 3, "shanghai": 12, "hangzhou": 15}


class Totals(Trade):
    @pytest.fixture
    def large(self, django_test_environment, django_db_blocker):
        """The same company with more customers in each branch, and management over the group."""
        with kept.copied("large", self.larger_company, django_db_blocker) as world:
            yield world

    def larger_company(self):
        trade = self.company_that_sold()
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
            return ask(
                access, question(name, at=timezone.now(), as_of=as_of, parameters=parameters), part
            )


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
            found = ask(
                access, question("sales", at=timezone.now(), as_of=DAY, parameters={"by": "branch"})
            ).rows
        assert {row["key"]: row["customers"] for row in found} == {"madrid": 14, "sevilla": 3}
        assert "is_hidden" not in found[0]


class TestTwoAlike:
    def test_the_same_one_is_hidden_whatever_order_rows_come_in(self):
        """Else two answers to one question tell both, and what they cover."""
        figures = ANALYSES["cohorts"].figures
        of_march = {("2025-01", 2): 3, ("2025-02", 1): 10, ("2025-03", 0): 10, ("2024-12", 3): 40}
        rows = [
            dict.fromkeys(figure.name for figure in figures)
            | {"cohort": cohort, "month_number": number, "customers": 50, "active": active}
            for (cohort, number), active in of_march.items()
        ]
        found = set()
        for one in permutations(rows):
            ordered = totals._in_fixed_order(list(one), figures)
            shown = totals._cohorts(None, None, ordered, figures)
            found.add(tuple(sorted(row["cohort"] for row in shown if row["is_hidden"])))
        assert found == {("2025-01", "2025-02")}


class TestQuestionsOfTotals(Totals):
    @pytest.mark.parametrize(
        ("name", "parameters", "code"),
        [
            ("abc", {"a_until_percent": 84}, "totals_of_standing_only"),
            ("cohorts", {"region": "North"}, "totals_of_standing_only"),
            ("cohorts", {"customer_class": "A"}, "totals_of_standing_only"),
            ("punctuality", {"least_invoices": 1}, "totals_of_standing_only"),
            ("sales", {"by": "customer"}, "totals_only"),
        ],
    )
    def test_are_refused_where_two_would_tell_a_customer(self, large, name, parameters, code):
        with pytest.raises(NotPermitted) as refused:
            self.answer(large, name, **parameters)
        assert [one.code for one in refused.value.reasons] == [code]

    def test_are_of_no_source_apart(self, large):
        url = "/analyses/sales?as_of=2026-04-30&source=erp"
        refused = large.client("executive").get(url)
        assert refused.status_code == 403
        assert "Clear the source and the changed settings first." in refused.content.decode()

    @pytest.mark.parametrize("role", ["executive", "marketing", "analyst"])
    def test_are_told_how_many_all_cohorts_are_and_not_what_they_bought(self, large, role):
        """Wholes that differ by a cohort and by a month tell what the one bought in the other."""
        client, query = large.client(role), {"as_of": "2026-04-30", "from": "2025-05-01"}
        told = client.get("/api/v1/analyses/cohorts", query).json()["population"]
        assert told["customers"] > 0
        assert (told["documents"], told["amounts"]) == (None, [])
        page = client.get("/analyses/cohorts", query).content.decode()
        whole = re.search(r"Over \d+ customers(.*?)</p>", page, re.DOTALL)
        assert whole is not None
        tells = "€" in whole.group(1) or "documents" in whole.group(1)
        assert tells == (role == "analyst")  # reads what each bought on the page, and takes groups
        heads = re.findall(r'<span class="visually-hidden">Documents behind</span>', page)
        assert bool(heads) == (role == "analyst")

    @pytest.mark.parametrize(
        ("as_of", "ends"),
        [("2026-05-01", "2026-04-30"), ("2026-05-30", "2026-04-30"), ("2026-03-31", "2026-03-31")],
    )
    def test_are_of_whole_months_that_are_over(self, large, as_of, ends):
        answer = self.answer(large, "sales", as_of=date.fromisoformat(as_of))
        assert answer.as_of.isoformat() == ends
        assert answer.from_on is not None
        assert answer.from_on.day == 1
        asked = {"as_of": as_of, "from": "2026-03-17"}
        told = large.client("executive").get("/api/v1/analyses/sales", asked).json()
        assert (told["from"], told["as_of"]) == ("2026-03-01", ends)


class TestTwoPeriods(Totals):
    """An answer to two periods tells no month of few customers by their difference."""

    @pytest.fixture
    def quiet_month(self, large):
        """Each branch but sevilla sold to ten customers in April, hangzhou to one in October."""
        with system_context("a quiet month"), connection.cursor() as cursor:
            cursor.execute(
                """update trade_invoice set issued_on = '2025-10-10' where id =
                   (select max(id) from trade_invoice where sold_by_id = %s)""",
                [large.company.nodes["hangzhou"].pk],
            )
        refresh_copy(full=True)
        return large

    def test_hide_a_group_that_has_a_month_of_few(self, quiet_month):
        both = {row["key"]: row for row in self.rows(quiet_month, by="branch")}
        assert {key for key, row in both.items() if not row["is_hidden"]} == set()
        assert both["hangzhou"]["customers"] is None

    def test_leave_no_group_whose_month_follows(self, quiet_month):
        access = quiet_month.company.access("executive")
        told = {}
        for from_on in (date(2025, 10, 1), date(2026, 4, 1)):
            with database_context(context_of(access)):
                asked = question(
                    "sales",
                    at=timezone.now(),
                    as_of=DAY,
                    from_on=from_on,
                    parameters={"by": "branch"},
                )
                rows = ask(access, asked).rows
            told[from_on.month] = {r["key"]: r["net_sales"] for r in rows if not r["is_hidden"]}
        assert set(told[4]) == {"shanghai", "hangzhou"}
        assert set(told[10]) == set()  # or October would be what one customer bought

    def test_say_why_nothing_but_the_whole_is_shown(self, quiet_month):
        query = {"as_of": "2026-04-30", "by": "branch"}
        text = quiet_month.client("executive").get("/analyses/sales", query).content.decode()
        assert "So only the whole is shown" in text
        assert "Over 44 customers" in text
        assert 'data-chart="chart-data' not in text


class TestDaysOfSales(Totals):
    def test_are_told_in_all_where_few_are_overdue(self, large):
        """Ten customers and more owe, three of them past the due day."""
        with system_context("due days"), connection.cursor() as cursor:
            cursor.execute("update trade_invoice set due_on = '2026-05-30'")
            cursor.execute(
                """update trade_invoice set due_on = '2026-04-02' where id in
                   (select id from trade_invoice order by id limit 3)"""
            )
        refresh_copy(full=True)
        (row,) = self.rows(large, "dso")
        assert not row["is_hidden"]
        assert row["receivables"] is not None
        assert row["dso_90"] is not None
        hidden = ("not_due", "best_possible_90", "delinquent_90", "best_possible_365")
        assert [row[name] for name in hidden] == [None] * 4
        (owed,) = self.rows(large, "ageing")
        assert (owed["not_due"], owed["overdue"]) == (None, None)
        assert owed["open"] == row["receivables"]

    def test_are_not_told_of_a_window_in_which_few_bought(self, large):
        with system_context("an old sale"), connection.cursor() as cursor:
            cursor.execute(
                """update trade_invoice set issued_on = '2025-06-10' where id in
                   (select id from trade_invoice order by id limit 3)"""
            )
        refresh_copy(full=True)
        (row,) = self.rows(large, "dso")
        assert row["credit_sales_90"] is not None
        assert row["dso_90"] is not None
        assert [row[n] for n in ("credit_sales_365", "dso_365", "best_possible_365")] == [None] * 3


class TestThinGroups(Totals):
    @pytest.mark.parametrize(
        ("as_of", "ends"),
        [("2026-05-15", "2026-03-31"), ("2026-06-30", "2026-06-30"), ("2026-02-28", "2025-12-31")],
    )
    def test_are_of_the_twelve_months_to_the_end_of_a_quarter(self, large, as_of, ends):
        asked = {"as_of": as_of, "from": "2026-01-01", "by": "product"}
        told = large.client("executive").get("/api/v1/analyses/sales", asked).json()
        begins = date.fromisoformat(ends) + timedelta(days=1)
        assert told["as_of"] == ends
        assert told["from"] == begins.replace(year=begins.year - 1).isoformat()
