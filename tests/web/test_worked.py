"""Answers are worked out once for a question, a reach and a snapshot, and for nobody else."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest
from django.utils import timezone

from clientela.analysis.services import amounts, ask, refresh_copy, totals
from clientela.analysis.services import worked as module
from clientela.analysis.services.asking import Part
from clientela.analysis.services.question import question
from clientela.analysis.services.worked import Held, Shelf
from clientela.kernel.reasons import NotInScope
from clientela.security.selectors import context_of
from clientela.store.context import database_context, system_context
from clientela.warehouse.session import Session
from tests.factories import add_customer
from tests.web.test_analyses import Trade, few_are_enough

__all__ = ["few_are_enough"]  # a fixture of this module too
DAY = date(2026, 5, 1)


@pytest.fixture
def times(monkeypatch):
    """Count how often an answer is worked out, beginning with an empty shelf."""
    counted = []
    kept = Session.kept

    def counting(session, expr):
        counted.append(session.scope)
        return kept(session, expr)

    monkeypatch.setattr(Session, "kept", counting)
    monkeypatch.setattr(module, "SHELF", Shelf())
    return counted


def asked_by(trade, role, name="abc", part=None, source=None, **parameters):
    access = trade.company.access(role)
    with database_context(context_of(access)):
        return ask(
            access,
            question(name, at=timezone.now(), as_of=DAY, parameters=parameters, source=source),
            part,
        )


class TestAnswersHeld(Trade):
    def test_serve_every_page_order_and_chart_of_a_question(self, trade, times):
        whole = asked_by(trade, "credit_manager")
        pages = [asked_by(trade, "credit_manager", part=Part(offset=n, limit=1)) for n in range(3)]
        rising = asked_by(trade, "credit_manager", part=Part(order="net_sales_minor"))
        assert [page.rows[0] for page in pages] == whole.rows
        assert rising.rows == whole.rows[::-1]
        assert {page.total_rows for page in pages} == {3}
        assert all(
            sorted(map(str, page.summary)) == sorted(map(str, rising.summary)) for page in pages
        )
        assert all(page.population == whole.population for page in pages)
        assert len(times) == 1

    def test_are_each_readers_own(self, trade, times):
        roles = ("analyst", "sales", "stranger", "analyst", "stranger", "sales")
        nets = [[row["net_sales"] for row in asked_by(trade, role).rows] for role in roles]
        of = {"analyst": ["80.00", "15.00", "5.00"], "sales": ["80.00", "5.00"],
              "stranger": ["1000.00"]}  # fmt: skip
        assert nets == [of[role] for role in roles]
        assert len(times) == 3

    def test_are_of_one_question(self, trade, times):
        first = asked_by(trade, "analyst")
        other = asked_by(trade, "analyst", a_until_percent=10, b_until_percent=20)
        assert [row["class"] for row in first.rows] != [row["class"] for row in other.rows]
        assert asked_by(trade, "analyst").rows == first.rows
        assert len(times) == 2

    def test_are_given_up_when_the_copy_has_moved_on(self, trade, times):
        before = asked_by(trade, "analyst")
        with system_context("a sale more"):
            customer = add_customer(trade.company, node="madrid", name="Late", key="client-9")
            self.sell(trade, customer, "madrid", 70_00, 9)
        refresh_copy()
        after = asked_by(trade, "analyst")
        assert (len(before.rows), len(after.rows)) == (3, 4)
        assert after.snapshot > before.snapshot

    def test_look_through_a_table_once_for_a_reach_and_a_snapshot(self, trade, times, monkeypatch):
        looked = []
        looked_through = amounts._looked_through

        def looking(session, table, day):
            looked.append(session.snapshot)
            return looked_through(session, table, day)

        monkeypatch.setattr(amounts, "_looked_through", looking)
        asked_by(trade, "analyst")
        asked_by(trade, "analyst", name="rfm")
        assert len(looked) == 1
        asked_by(trade, "sales", name="rfm")
        assert len(looked) == 2
        asked_by(trade, "analyst", name="rfm", source="erp")
        assert len(looked) == 3
        with system_context("a sale more"):
            customer = add_customer(trade.company, node="madrid", name="Late", key="client-9")
            self.sell(trade, customer, "madrid", 70_00, 9)
        refresh_copy()
        asked_by(trade, "analyst")
        assert looked[3:] == [looked[0] + 1]

    def test_open_no_source_to_who_may_not_name_it(self, trade, times):
        assert asked_by(trade, "analyst", source="erp").rows
        with pytest.raises(NotInScope):
            asked_by(trade, "analyst", source="not-there")

    def test_leave_totals_totals(self, trade, times, few_are_enough):
        rows = asked_by(trade, "credit_manager").rows
        groups = asked_by(trade, "executive").rows
        assert "customer" in rows[0]
        assert all("customer" not in group for group in groups)
        assert sum(group["customers"] for group in groups) == len(rows)


class TestAnswersInGroups(Trade):
    """Who sees totals alone waits for no engine either when a page is turned or asked again."""

    @pytest.fixture
    def looks(self, monkeypatch):
        """Count how often the tables of an analysis are opened."""
        opened = []
        for place in (module, totals):

            def counting(access, analysis, *more, opening=place.tables_for):
                opened.append(analysis.name)
                return opening(access, analysis, *more)

            monkeypatch.setattr(place, "tables_for", counting)
        return opened

    @pytest.mark.parametrize("by", ["month", "region", "branch"])
    def test_are_held_with_what_is_hidden(self, trade, times, looks, few_are_enough, by):
        whole = asked_by(trade, "executive", "sales", by=by)
        first = len(looks)
        pages = [
            asked_by(trade, "executive", "sales", part, by=by)
            for part in (Part(), Part(order="customers"), Part(offset=1, limit=1))
        ]
        assert first == 2  # of the answer, and of all that is counted beside it
        assert len(looks) == first
        assert len(times) == 1
        assert pages[0].rows == whole.rows
        assert pages[2].rows == whole.rows[1:2]
        assert {page.total_rows for page in pages} == {len(whole.rows)}

    def test_are_no_others_answers(self, trade, times, few_are_enough):
        groups = asked_by(trade, "executive").rows
        assert asked_by(trade, "executive").rows == groups
        assert "customer" in asked_by(trade, "credit_manager").rows[0]
        assert asked_by(trade, "executive").rows == groups


class TestShelf:
    def held(self, numbers):
        rows = pa.table({"n": pa.array(range(numbers), pa.int64())})
        return Held(rows=rows, drawn=rows, population=rows, currency="EUR", snapshot=1)

    def test_gives_up_the_least_lately_used(self):
        shelf = Shelf(most=3000, largest=1000)
        for key in "abc":
            shelf.put(key, self.held(100))
        assert shelf.get("a")
        shelf.put("d", self.held(100))
        assert [bool(shelf.get(key)) for key in "abcd"] == [True, False, True, True]

    def test_gives_up_what_was_of_a_former_snapshot(self):
        shelf = Shelf()
        shelf.put("before", self.held(10))
        shelf.put("after", replace(self.held(10), snapshot=2))
        assert shelf.get("before") is None
        assert shelf.get("after")

    def test_holds_nothing_larger_than_one_may_be(self):
        shelf = Shelf(most=3000, largest=1000)
        shelf.put("a", self.held(126))
        assert shelf.get("a") is None
