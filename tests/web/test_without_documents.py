"""Who reads no documents asks no analysis that tells what one document says."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clientela.analysis.registry import ANALYSES
from clientela.records.services.sources import make_source
from clientela.store.context import system_context
from tests.factories import NOON
from tests.web.test_analyses import Trade
from tests.web.world import World

DAY = {"as_of": "2026-05-11", "from": "2026-05-11"}
PARTS = {"documents", "invoiced", "credited", "adjusted", "quantity"}
SALES = reverse("analyses:one", args=["sales"])


def asked(world: World, role: str, name: str, **query: str):
    page = world.client(role).get(reverse("analyses:one", args=[name]), query)
    assert page.status_code == 200
    return page


class TestMarketing(Trade):
    @pytest.mark.parametrize("name", ["abc", "rfm", "sales"])
    @pytest.mark.parametrize(
        ("from_on", "as_of", "first", "last"),
        [
            ("2026-05-11", "2026-05-11", "2025-05-01", "2026-04-30"),
            ("2026-01-01", "2026-04-30", "2025-05-01", "2026-04-30"),
            ("2024-02-20", "2026-05-30", "2024-02-01", "2026-04-30"),
            ("", "2026-05-31", "2025-06-01", "2026-05-31"),
        ],
    )
    def test_asks_over_a_year_of_whole_months_at_least(
        self, trade: World, name: str, from_on: str, as_of: str, first: str, last: str
    ) -> None:
        query = {"as_of": as_of} | ({"from": from_on} if from_on else {})
        page = asked(trade, "marketing", name, **query)
        period = page.context["asked"].period
        assert period.last_on.isoformat() == last
        if name == "rfm" and not from_on:  # by itself it has no beginning
            assert period.from_on is None
        else:
            assert period.from_on.isoformat() == first
        text = page.content.decode()
        assert "over whole months" in text
        if from_on:  # the form says what is answered
            assert f'name="from" value="{first}"' in text
        assert page.context["answer"].as_of == date.fromisoformat(last)

    @pytest.mark.parametrize("role", ["marketing", "executive"])
    @pytest.mark.parametrize("years", [1, 3])
    def test_asks_of_no_month_that_is_not_over(self, trade: World, role: str, years: int) -> None:
        """The year to a coming month is the days of this one, when nothing was sold after them."""
        today = timezone.now().date()
        last = today.replace(day=1) - timedelta(days=1)
        to_come = last.replace(year=last.year + years)
        for query in ({"as_of": to_come}, {"as_of": to_come, "from": today}):
            page = asked(trade, role, "sales", **{k: v.isoformat() for k, v in query.items()})
            assert page.context["asked"].period.last_on <= today
            told = trade.client(role).get("/api/v1/analyses/sales", query).json()
            assert told["as_of"] == page.context["asked"].as_of.isoformat()

    @pytest.mark.parametrize("by", ["customer", "product", "month", "branch"])
    def test_is_told_no_part_and_no_quantity(self, trade: World, by: str) -> None:
        page = asked(trade, "marketing", "sales", by=by, as_of="2026-05-31")
        columns = {one.name for one in page.context["answer"].columns}
        assert "net_sales" in columns
        assert not columns & PARTS
        assert all(not row.keys() & PARTS for row in page.context["answer"].rows)
        told = trade.client("credit_manager").get(SALES, {"by": by, "as_of": "2026-05-31"})
        seen = {one.name for one in told.context["answer"].columns}
        assert seen >= PARTS - {"quantity"}

    def test_is_told_no_money_of_cohorts(self, trade: World) -> None:
        page = asked(trade, "marketing", "cohorts", as_of="2026-05-31")
        assert page.context["answer"].total_rows
        columns = {one.name for one in page.context["answer"].columns}
        assert columns >= {"cohort", "active", "retention"}
        assert "net_sales" not in columns
        told = asked(trade, "sales", "cohorts", as_of="2026-05-31")
        assert "net_sales" in {one.name for one in told.context["answer"].columns}

    @pytest.mark.parametrize("order", ["invoiced_minor", "-credited_minor", "quantity_milli"])
    def test_puts_nothing_in_order_by_what_it_is_not_told(self, trade: World, order: str) -> None:
        given = {"by": "customer", "as_of": "2026-05-31", "order": order}
        page = trade.client("marketing").get(SALES, given)
        assert "cannot be worked out" in page.content.decode()
        told = trade.client("credit_manager").get(SALES, given)
        assert "cannot be worked out" not in told.content.decode()

    def test_is_told_the_same_of_a_source_out_of_reach_and_of_none(self, trade: World) -> None:
        """As whoever may not know which sources there are: sales."""
        with system_context("a source for a test"):
            node = trade.company.nodes["shanghai"].pk
            make_source(name="shop-of-shanghai", node_id=node, at=NOON, by="test")
        client = trade.client("sales")
        answers = [
            client.get("/api/v1/analyses/abc", {"as_of": "2026-05-01", "source": source})
            for source in ("shop-of-shanghai", "nonesuch")
        ]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()


class TestOthers(Trade):
    @pytest.mark.parametrize("role", ["sales", "credit_controller", "analyst", "auditor"])
    def test_ask_by_the_day(self, trade: World, role: str) -> None:
        page = asked(trade, role, "sales", by="month", **DAY)
        period = page.context["asked"].period
        assert (period.from_on, period.last_on) == (date(2026, 5, 11), date(2026, 5, 11))
        assert not re.search("a year at least", page.content.decode())


class TestTheFirstDays(Trade):
    @pytest.mark.parametrize("role", ["marketing", "executive", "analyst"])
    @pytest.mark.parametrize("name", sorted(ANALYSES))
    def test_are_refused_or_answered_and_break_nothing(
        self, trade: World, role: str, name: str
    ) -> None:
        client = trade.client(role)
        for as_of, from_on in (
            ("0001-01-01", "0001-01-01"),
            ("0001-12-31", "0001-01-01"),
            ("0002-01-05", "0001-01-01"),
        ):
            assert client.get(f"/analyses/{name}", {"as_of": as_of}).status_code in (403, 422)
            query = {"as_of": as_of, "from": from_on}
            assert client.get(f"/analyses/{name}", query).status_code in (200, 403, 422)
            answer = client.get(f"/api/v1/analyses/{name}", query)
            assert answer.status_code in (200, 403, 422)
