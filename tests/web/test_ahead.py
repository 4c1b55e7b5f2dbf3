"""Answers worked out ahead: the same as any, with the rights of the day, and nothing left behind."""

import io
import os
import signal
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from clientela.analysis.expressions.sales_figures import BY
from clientela.analysis.services import ahead, ask, refresh_copy, warming
from clientela.analysis.services import worked as module
from clientela.analysis.services.copy import copy_folder
from clientela.analysis.services.lately import LATELY, Lately, Wish
from clientela.analysis.services.question import question
from clientela.analysis.services.warming import News, Warmer, work_ahead
from clientela.analysis.services.worked import Shelf, key_of
from clientela.kernel.reasons import NotPermitted
from clientela.security.models import Grant, User
from clientela.security.permits import Access
from clientela.security.selectors import access_of, context_of
from clientela.store.context import database_context, system_context
from clientela.warehouse.session import Session
from tests.factories import NOON, add_customer
from tests.web.test_analyses import Trade

DAY = date(2026, 4, 30)
ASKED = [("abc", {}), ("rfm", {}), ("sales", {"by": "region"}), ("cohorts", {}), ("ageing", {})]


@pytest.fixture
def shelf(monkeypatch):
    """An empty shelf, and nothing asked yet."""
    found = Shelf()
    monkeypatch.setattr(module, "SHELF", found)
    monkeypatch.setattr(warming, "SHELF", found)
    monkeypatch.setattr(warming, "LATELY", Lately())
    monkeypatch.setattr(warming, "LEAST_URGENT", 0)  # or it waits for all the other tests
    return found


@pytest.fixture
def worked_here(monkeypatch):
    """What is worked out in this process."""
    seen = []
    kept = Session.kept
    monkeypatch.setattr(Session, "kept", lambda s, expr: seen.append(s.scope) or kept(s, expr))
    return seen


def access(trade, role, at=None):
    return access_of(trade.company.users[role], at=at or timezone.now())


def asked(name="abc", as_of=DAY, **parameters):
    return question(name, at=timezone.now(), as_of=as_of, parameters=parameters)


def answer(reader, it):
    with database_context(context_of(reader)):
        return ask(reader, it)


def key(reader, it):
    with database_context(context_of(reader)):
        return key_of(reader, it)[0]


def held(shelf):
    return list(shelf._held)


class TestAnswersAhead(Trade):
    def test_are_those_worked_out_when_asked(self, trade, shelf, worked_here, monkeypatch):
        readers = [access(trade, role) for role in ("analyst", "sales", "executive")]
        questions = [asked(name, **parameters) for name, parameters in ASKED]
        wishes = [Wish.of(reader, it) for it in questions for reader in readers]
        reaches = {key(reader, it) for it in questions for reader in readers[:2]}
        assert work_ahead(wishes, shelf) >= len(reaches)
        assert reaches <= set(held(shelf))
        ready = [answer(reader, it) for it in questions for reader in readers]
        assert not worked_here
        fresh = Shelf()
        monkeypatch.setattr(module, "SHELF", fresh)
        anew = [answer(reader, it) for it in questions for reader in readers]
        assert set(held(shelf)) <= set(held(fresh))
        assert len(worked_here) == len([one for one in held(fresh) if " " not in one])  # no groups
        assert ready == anew
        assert any(one.rows for one in anew)

    def test_are_worked_out_once_for_one_reach(self, trade, shelf):
        twice = [Wish.of(access(trade, role), asked()) for role in ("analyst", "credit_manager")]
        assert work_ahead(twice, shelf) == 1

    def test_are_not_worked_out_again_while_they_lie_there(self, trade, shelf):
        reader = access(trade, "analyst")
        first, second = Wish.of(reader, asked()), Wish.of(reader, asked("rfm"))
        assert work_ahead([first], shelf) == 1
        assert work_ahead([first, second], shelf) == 1
        assert len(held(shelf)) == 2

    def test_give_nothing_to_a_right_that_ran_out(self, trade, shelf):
        before = access(trade, "analyst")
        wish = Wish.of(before, asked())
        with system_context("a right runs out"):
            Grant.objects.filter(user_id=before.user_id).update(
                valid_to=timezone.now() - timedelta(seconds=1)
            )
        assert work_ahead([wish], shelf) == 0
        assert held(shelf) == []

    def test_give_nothing_to_a_right_that_was_ended(self, trade, shelf):
        wish = Wish.of(access(trade, "analyst"), asked())
        with system_context("a right is ended"):
            user = User.objects.get(username=wish.username)
            Grant.objects.filter(user=user).update(ended_at=timezone.now(), ended_by="second")
        assert work_ahead([wish], shelf) == 0

    def test_are_not_served_when_the_right_ends_after_them(self, trade, shelf, worked_here):
        wish = Wish.of(access(trade, "sales"), asked())
        assert work_ahead([wish], shelf) == 1
        with system_context("a right is ended"):
            user = User.objects.get(username=wish.username)
            Grant.objects.filter(user=user).update(ended_at=timezone.now(), ended_by="second")
        with pytest.raises(NotPermitted):
            answer(access(trade, "sales"), asked())
        assert len(answer(access(trade, "analyst"), asked()).rows) == 3
        assert len(worked_here) == 1

    def test_follow_the_reach_that_the_user_has_now(self, trade, shelf, worked_here):
        wish = Wish.of(access(trade, "analyst"), asked())
        with system_context("another branch"):
            Grant.objects.filter(user=trade.company.users["analyst"]).update(
                node=trade.company.nodes["shanghai"]
            )
        assert work_ahead([wish], shelf) == 1
        rows = answer(access(trade, "analyst"), asked()).rows
        assert [row["net_sales"] for row in rows] == ["1000.00"]
        assert not worked_here

    def test_pass_over_what_cannot_be_asked(self, trade, shelf):
        reader = access(trade, "analyst")
        gone = [
            Wish(username="nobody-of-this-name", name="abc", as_of=DAY, from_on=None,
                 parameters=(), source=None),
            Wish(username=reader.username, name="abc", as_of=DAY, from_on=None,
                 parameters=(), source="a-source-that-is-gone"),
            Wish(username=reader.username, name="abc", as_of=DAY, from_on=None,
                 parameters=(("no_such", 1),), source=None),
        ]  # fmt: skip
        assert work_ahead([*gone, Wish.of(reader, asked())], shelf) == 1

    def test_leave_nothing_broken_when_they_are_killed(self, trade, shelf, monkeypatch):
        reader = access(trade, "analyst")
        questions = [asked("sales", by=by) for by in BY.choices]
        questions += [asked(name, **given) for name, given in ASKED]
        wishes = [Wish.of(reader, it) for it in questions]
        files = self.files()
        popen = warming.subprocess.Popen
        children = []

        def begun(*args, **how):
            # Too narrow for all answers at once: it is at work while the first ones are read.
            children.append(popen(*args, **how, pipesize=4096))
            return children[0]

        def put(name, one):
            Shelf.put(shelf, name, one)
            os.kill(children[0].pid, signal.SIGKILL)

        monkeypatch.setattr(warming.subprocess, "Popen", begun)
        monkeypatch.setattr(shelf, "put", put)
        came = work_ahead(wishes, shelf)
        assert 1 <= came < len(wishes)
        assert children[0].returncode == -signal.SIGKILL
        assert self.files() == files
        monkeypatch.undo()
        monkeypatch.setattr(module, "SHELF", shelf)
        partly = [answer(reader, it) for it in questions]
        monkeypatch.setattr(module, "SHELF", Shelf())
        assert partly == [answer(reader, it) for it in questions]
        assert work_ahead(wishes, Shelf()) == len({key(reader, it) for it in questions})

    def test_are_no_more_than_the_shelf_can_keep(self, trade, shelf, monkeypatch):
        monkeypatch.setattr(warming, "MOST_AHEAD", 0)
        reader = access(trade, "analyst")
        wishes = [Wish.of(reader, asked("rfm")), Wish.of(reader, asked("abc"))]
        assert work_ahead(wishes, shelf) == 1
        assert held(shelf) == [key(reader, asked("rfm"))]

    def test_come_from_a_process_that_gives_way_to_everything(self, monkeypatch):
        popen, seen = warming.subprocess.Popen, []

        def begun(command, **how):
            child = popen(command, **how)
            until = time.monotonic() + 60
            while os.getpriority(os.PRIO_PROCESS, child.pid) != 19 and time.monotonic() < until:
                time.sleep(0.01)
            seen.append(os.getpriority(os.PRIO_PROCESS, child.pid))
            return child

        monkeypatch.setattr(warming.subprocess, "Popen", begun)
        work_ahead([], Shelf())
        assert seen == [19]

    def test_are_none_when_their_process_cannot_start(self, shelf, monkeypatch):
        monkeypatch.setattr(warming, "_CHILD", "clientela.there_is_no_such_module")
        many = [
            Wish(username="ana", name="abc", as_of=DAY, from_on=None, source="s" * 1000,
                 parameters=(("n", n),))
            for n in range(200)
        ]  # fmt: skip
        assert work_ahead(many, shelf) == 0

    def test_are_ready_when_the_copy_has_moved_on(self, trade, shelf, worked_here, monkeypatch):
        monkeypatch.setattr(warming, "LATELY", LATELY)
        reader = access(trade, "analyst")
        answer(reader, asked())
        warmer = Warmer(look_seconds=0.05)
        warmer.begin()
        try:
            with system_context("a sale more"):
                customer = add_customer(trade.company, node="madrid", name="Late", key="client-9")
                self.sell(trade, customer, "madrid", 70_00, 9)
            refresh_copy()
            wanted = key(reader, asked())
            until = time.monotonic() + 300
            while shelf.get(wanted) is None and time.monotonic() < until:
                time.sleep(0.1)
        finally:
            warmer.end()
        assert len(worked_here) == 1
        assert len(answer(reader, asked()).rows) == 4
        assert len(worked_here) == 1

    def files(self):
        """What lies in the folder of the copy, but for the folders in which sessions spill."""
        found = (path for path in copy_folder().rglob("*") if path.is_file())
        return sorted((str(path), path.stat().st_size) for path in found)


class TestWarmer:
    def test_goes_on_after_a_round_that_failed(self, shelf, monkeypatch):
        snapshots = iter(range(1, 1000))
        monkeypatch.setattr(warming, "_newest", lambda: next(snapshots))
        wish = Wish(username="ana", name="abc", as_of=DAY, from_on=None, source=None, parameters=())
        monkeypatch.setattr(Lately, "newest_first", lambda self, at: [wish])
        rounds = []

        def fail(wishes, shelf):
            rounds.append(wishes)
            raise OSError("no process can be started")

        monkeypatch.setattr(warming, "work_ahead", fail)
        warmer = Warmer(look_seconds=0.01)
        warmer.begin()
        until = time.monotonic() + 120
        while len(rounds) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        warmer.end()
        assert rounds[:2] == [[wish], [wish]]

    def test_begins_only_in_a_process_that_serves_pages(self, monkeypatch):
        begun = []
        monkeypatch.setattr(warming.WARMER, "begin", lambda: begun.append(True))
        monkeypatch.setattr(warming, "ANSWERS_AHEAD", threading.Event())
        warming.see_to_it()
        assert begun == []
        warming.ANSWERS_AHEAD.set()
        warming.see_to_it()
        assert begun == [True]


@pytest.mark.django_db
class TestNews:
    """Which questions are new ones when a day begins somewhere."""

    SHANGHAI_MIDNIGHT = datetime(2026, 5, 4, 16, tzinfo=UTC)

    @pytest.fixture
    def lately(self, shelf, monkeypatch):
        monkeypatch.setattr(warming, "_newest", lambda: 7)
        for name, zone in (("li", "Asia/Shanghai"), ("ana", "Europe/Madrid"), ("bo", "UTC")):
            reader = Access(user_id=1, username=name, held=(), at=NOON, time_zone=zone)
            warming.LATELY.note(reader, asked(as_of=reader.today))
            warming.LATELY.note(reader, asked("rfm"))  # as of a day that stays
        return warming.LATELY

    def who(self, news, at):
        return [(wish.username, wish.name) for wish in news.wishes(at)]

    def test_are_those_asked_where_the_day_has_begun(self, lately):
        news, second = News(), timedelta(seconds=1)
        midnight = self.SHANGHAI_MIDNIGHT
        assert self.who(news, NOON) == []
        assert self.who(news, midnight - second) == []
        assert self.who(news, midnight) == [("li", "abc")]
        assert self.who(news, midnight + second) == []
        assert self.who(news, midnight + timedelta(hours=6)) == [("ana", "abc")]  # summer time
        assert self.who(news, midnight + timedelta(hours=8)) == [("bo", "abc")]
        assert self.who(news, midnight + timedelta(hours=24)) == [("li", "abc")]

    def test_are_none_where_somebody_asks_for_the_first_time(self, lately):
        news = News()
        assert self.who(news, NOON) == []
        at = self.SHANGHAI_MIDNIGHT + timedelta(hours=1)
        assert self.who(news, at) == [("li", "abc")]
        reader = Access(user_id=1, username="yu", held=(), at=at, time_zone="Asia/Tokyo")
        lately.note(reader, asked(as_of=reader.today))
        assert self.who(news, at) == []

    def test_are_all_once_the_copy_has_moved_on(self, lately, monkeypatch):
        news = News()
        monkeypatch.setattr(warming, "_newest", lambda: 8)
        assert len(self.who(news, NOON)) == 6
        assert self.who(news, NOON) == []


class TestAPipe(Trade):
    def test_cut_anywhere_gives_whole_answers_or_none(self, trade, shelf):
        reader = access(trade, "analyst")
        pairs = list(ahead.answers([Wish.of(reader, asked()), Wish.of(reader, asked("rfm"))],
                                   timezone.now))  # fmt: skip
        out = io.BytesIO()
        ends = []
        for one in pairs:
            ahead.write(out, *one)
            ends.append(out.tell())
        whole = out.getvalue()
        assert list(ahead.read(io.BytesIO(whole))) == pairs
        for cut in range(len(whole)):
            came = list(ahead.read(io.BytesIO(whole[:cut])))
            assert came == pairs[: sum(end <= cut for end in ends)]


@pytest.mark.usefixtures("db")
class TestLately:
    def reader(self, at=NOON):
        return Access(user_id=1, username="ana", held=(), at=at)

    def test_remembers_the_newest_first_and_no_more_than_it_may(self):
        lately = Lately(most=2)
        for name in ("abc", "rfm", "abc", "cohorts"):
            lately.note(self.reader(), asked(name))
        assert [wish.name for wish in lately.newest_first(NOON)] == ["cohorts", "abc"]

    def test_forgets_after_some_days(self):
        lately = Lately()
        lately.note(self.reader(), asked())
        assert lately.newest_first(NOON + timedelta(days=3, hours=23))
        assert not lately.newest_first(NOON + timedelta(days=4))

    def test_moves_a_cut_off_on_the_day_itself_with_the_day(self):
        wish = Wish.of(self.reader(), asked(as_of=NOON.date()))
        later = NOON.date() + timedelta(days=3)
        assert wish.on(later, at=timezone.now()) == asked(as_of=later)

    def test_keeps_another_cut_off_and_a_period_that_was_given(self):
        it = question("abc", at=timezone.now(), as_of=DAY, from_on=date(2026, 1, 1), source="erp",
                      parameters={"a_until_percent": 70})  # fmt: skip
        assert Wish.of(self.reader(), it).on(NOON.date(), at=timezone.now()) == it

    @pytest.mark.parametrize("as_of", [DAY, NOON.date()])
    def test_is_told_to_another_process_whole(self, as_of):
        import json

        wish = Wish.of(self.reader(), asked("sales", as_of=as_of, by="product"))
        assert Wish.read(json.loads(json.dumps(wish.as_json()))) == wish
