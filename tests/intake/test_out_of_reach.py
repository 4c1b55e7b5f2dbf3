"""Customers who stand elsewhere by now: a file of their source's branch changes and tells nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from clientela.audit.models import Event
from clientela.intake.models import Run
from clientela.intake.selectors import report_of
from clientela.intake.services import advance, loading, receive_file, take_back
from clientela.intake.services.unreached import REACHED, reach_params
from clientela.kernel.reasons import NotInScope, NotPermitted
from clientela.records.models import Customer
from clientela.records.selectors import customer_by_public_id
from clientela.records.services import rebuild, source_for_import
from clientela.security.permits import Access, ActReach
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.trade.models import Invoice
from tests.factories import NOON, Company, add_customer
from tests.factories import give as give_role
from tests.intake.giving import aside, company_with_a_till, reasons, totals
from tests.waiting import look_on_until

HEAD = "Customer ID,Name,Customer type,City,Branch\n"
FIRST = HEAD + "C1,Hierros Luz,company,Madrid,madrid\nC2,Mar,company,Madrid,madrid\n"
MOVED = HEAD + "C1,Hierros Luz,company,Madrid,shanghai\n"
EVIL = HEAD + "C1,Evil Ltd,company,Evil,madrid\nC9,Sol,company,Madrid,madrid\n"
INVOICES = "Invoice No,Invoice Date,Customer ID,Customer name,Currency,Net amount,Tax amount\n"
NOT_REACHED = "customer_not_reached"


@dataclass
class Desks:
    """The steward of Madrid, whose source `till` is, and the one of the group."""

    company: Company
    folder: Path
    at: datetime = NOON
    runs: list[Run] = field(default_factory=list)

    def access(self, who: str) -> Access:
        return self.company.access("data_steward" if who == "madrid" else "executive")

    def receive(
        self, content: str, who: str = "madrid", kind: str = "customers", *,
        confirmed: bool = True, answers: Mapping[str, str] | None = None, **more: Any,
    ) -> Run:  # fmt: skip
        self.at += timedelta(hours=1)
        path = self.folder / f"{self.at:%d%H}.csv"
        path.write_text(content, "utf-8")
        access = self.access(who)
        with system_context("a file for a test"):
            source = source_for_import(access=access, name="till", at=self.at)
            run, _ = receive_file(
                access=access, source=source, path=path, name=path.name, at=self.at, kind=kind,
                take_sure=True, answers=answers, **more,
            )  # fmt: skip
        return advance(run, access, at=self.at, confirmed=confirmed)

    def sales(self, *rows: str, who: str = "madrid", **more: Any) -> Run:
        more.setdefault("settings", ["customer_kind=company"])
        content = INVOICES + "".join(f"{row}\n" for row in rows)
        return self.receive(content, who, "invoices", **more)

    def back(self, run: Run, who: str = "group") -> Run:
        self.at += timedelta(hours=1)
        with system_context("a test takes back"):
            return take_back(access=self.access(who), public_id=str(run.public_id), at=self.at)

    def stands(self) -> dict[str, tuple[str, str, str | None]]:
        """Return key -> name, branch and city of the customers that are not archived."""
        nodes = {node.pk: code for code, node in self.company.nodes.items()}
        with system_context("a test looks"):
            rows = Customer.objects.filter(archived_at=None).values_list(
                "links__source_record__key", "name", "org_node_id", "city"
            )
            return {key: (name, nodes[node], city) for key, name, node, city in rows}


@pytest.fixture
def desks(db, tmp_path: Path) -> Desks:
    return made(tmp_path)


def made(folder: Path) -> Desks:
    company = company_with_a_till()
    with system_context("a steward of the group for a test"):
        give_role(company.users["executive"], "data_steward", company.nodes["group"])
    return Desks(company, folder)


@pytest.fixture
def moved(desks: Desks) -> Desks:
    """C1 stands at Shanghai, where the steward of Madrid sees nothing."""
    desks.runs += [desks.receive(FIRST), desks.receive(MOVED, "group")]
    assert desks.stands()["C1"] == ("Hierros Luz", "shanghai", "Madrid")
    return desks


def told(run: Run) -> dict[str, Any]:
    """Return what a run tells of its rows, without what is its own."""
    with system_context("a test looks"):
        said = report_of(Run.objects.get(pk=run.pk)).as_json()
    return {name: said[name] for name in ("state", "totals", "flagged", "by_reason", "questions")}


def probes() -> list[int]:
    with system_context("a test looks"):
        found = Event.objects.filter(act="intake.run.out_of_reach").order_by("pk")
        return list(found.values_list("rows", flat=True))


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("whole", [(), ("madrid",), ("madrid", "sevilla")])
@pytest.mark.parametrize("own", [(), ("sevilla",), ("madrid", "shanghai")])
def test_the_database_reaches_whom_the_right_reaches(
    db: None, everything: bool, whole: tuple[str, ...], own: tuple[str, ...]
) -> None:
    company = company_with_a_till()
    for node in ("madrid", "sevilla", "shanghai"):
        for owner in ("sales", "colleague", None):
            add_customer(company, node=node, owner=owner, name=f"{node} of {owner}")
    nodes, owners = ({company.nodes[code].pk for code in codes} for codes in (whole, own))
    reach = ActReach(
        everything=everything, nodes=frozenset(nodes), own_nodes=frozenset(owners - nodes),
        owner_id=company.users["sales"].pk,
    )  # fmt: skip
    with system_context("a test looks"):
        query = f"select c.id from records_customer c where {REACHED}"
        found = {pk for (pk,) in fetch(query, reach_params(reach))}
        assert found == {
            one.pk for one in Customer.objects.all()
            if reach.covers(node_id=one.org_node_id, owner_id=one.owner_id)
        }  # fmt: skip


class TestARowOfACustomerOutOfReach:
    @pytest.mark.parametrize("answer", ["take", "keep", "refuse", None])
    def test_changes_nothing(self, moved: Desks, answer: str | None) -> None:
        run = moved.receive(EVIL, answers={"names:changed": answer} if answer else None)
        assert (run.state, totals(run), aside(run)) == (
            "done",
            (2, 1, 1, 0),
            [(1, NOT_REACHED, "C1")],
        )
        assert moved.stands() == {
            "C1": ("Hierros Luz", "shanghai", "Madrid"), "C2": ("Mar", "madrid", "Madrid"),
            "C9": ("Sol", "madrid", "Madrid"),
        }  # fmt: skip
        with system_context("a test looks"):
            public_id = str(Customer.objects.get(name="Hierros Luz").public_id)
            with pytest.raises(NotInScope):
                customer_by_public_id(moved.access("madrid"), public_id)

    @pytest.mark.parametrize("dry_run", [False, True])
    def test_is_told_the_same_whether_its_name_differs_or_not(
        self, moved: Desks, dry_run: bool
    ) -> None:
        other = moved.receive(EVIL.replace("C9", "C8"), dry_run=dry_run)
        same = moved.receive(EVIL.replace("Evil Ltd", "Hierros Luz"), dry_run=dry_run)
        assert told(other) == told(same)
        assert told(same)["questions"] == told(same)["flagged"] == []
        assert reasons(same) == {NOT_REACHED: ("rejected", 1)}

    def test_names_nobody(self, moved: Desks) -> None:
        run = moved.receive(EVIL)
        with system_context("a test looks"):
            (row,) = run.rejected_rows.values("column", "value", "params", "code")
        assert row == {
            "column": "Customer ID", "value": "C1", "code": NOT_REACHED, "params": {},
        }  # fmt: skip

    def test_is_counted_as_an_event(self, moved: Desks) -> None:
        assert probes() == []
        moved.receive(EVIL)
        assert probes() == [1]
        moved.receive(EVIL.replace("C9", "C7"), dry_run=True)
        assert probes() == [1, 1]

    def test_comes_in_again_once_it_is_reached(self, moved: Desks) -> None:
        moved.receive(MOVED.replace("shanghai", "sevilla"), "group")
        with system_context("a wider right for a test"):
            give_role(moved.company.users["data_steward"], "data_steward",
                      moved.company.nodes["iberia"])  # fmt: skip
        run = moved.receive(EVIL, answers={"names:changed": "take"})
        assert totals(run) == (2, 2, 0, 0)
        assert moved.stands()["C1"] == ("Evil Ltd", "madrid", "Evil")

    def test_of_who_reaches_all_is_asked_about_as_ever(self, moved: Desks) -> None:
        run = moved.receive(EVIL, "group")
        assert [one["id"] for one in run.questions] == ["names:changed"]
        assert probes() == []


class TestACustomerWhoIsMovedWhileAFileWaits:
    def test_is_left_alone_when_it_is_loaded(self, desks: Desks) -> None:
        desks.receive(FIRST)
        answers = {"names:changed": "take"}
        checked = desks.receive(EVIL, answers=answers, confirmed=False)
        assert (checked.state, checked.rejected) == ("ready", 0)
        desks.receive(MOVED, "group")
        run = advance(checked, desks.access("madrid"), at=desks.at, confirmed=True)
        assert (totals(run), aside(run)) == ((2, 1, 1, 0), [(1, NOT_REACHED, "C1")])
        assert desks.stands()["C1"] == ("Hierros Luz", "shanghai", "Madrid")
        assert probes() == [1]

    def test_is_held_from_the_decision_on(self, fresh_database: Any, tmp_path: Path) -> None:
        """Who would move it, by whatever way, waits until it is written."""
        desks = made(tmp_path)
        desks.receive(FIRST)
        checked = desks.receive(EVIL, answers={"names:changed": "take"}, confirmed=False)
        moving = Thread(target=self.move, args=[desks])
        kept, seen = loading.state, list[bool]()

        def slowly(said: Any, **given: Any) -> Any:
            moving.start()
            look_on_until(1, moving.is_alive)
            seen.append(moving.is_alive())
            return kept(said, **given)

        loading.state = slowly  # type: ignore[assignment]
        try:
            advance(checked, desks.access("madrid"), at=desks.at, confirmed=True)
        finally:
            loading.state = kept
        moving.join(30)
        assert seen == [True]

    def move(self, desks: Desks) -> None:
        try:
            with system_context("a test moves a customer"):
                node = desks.company.nodes["shanghai"].pk
                Customer.objects.filter(name="Hierros Luz").update(org_node_id=node)
        finally:
            connection.close()


class TestANumberLikeOneOutOfReach:
    def test_is_set_aside_without_the_other(self, moved: Desks) -> None:
        run = moved.receive(HEAD + "c1,Evil Ltd,company,Evil,madrid\nC9,Sol,company,,\n")
        assert (run.questions, aside(run)) == ([], [(1, NOT_REACHED, "c1")])
        with system_context("a test looks"):
            assert [row.params for row in run.rejected_rows.all()] == [{}]
        assert probes() == [1]

    def test_is_not_asked_about(self, moved: Desks) -> None:
        columns = {"Customer ID": "customer_key", "Name": "name", "Customer type": "kind",
                   "City": "city", "Branch": "branch_code"}  # fmt: skip
        moved.at += timedelta(hours=1)
        path = moved.folder / "asked.csv"
        path.write_text(HEAD + "c1,Evil Ltd,company,Evil,madrid\n", "utf-8")
        access = moved.access("madrid")
        with system_context("a file for a test"):
            source = source_for_import(access=access, name="till", at=moved.at)
            run, _ = receive_file(
                access=access, source=source, path=path, name=path.name, at=moved.at,
                kind="customers", take_sure=False,
                answers={f"column:{name}": value for name, value in columns.items()},
            )  # fmt: skip
        run = advance(run, access, at=moved.at, confirmed=True)
        assert (run.state, run.questions, aside(run)) == ("done", [], [(1, NOT_REACHED, "c1")])

    def test_is_a_customer_of_its_own_where_the_source_tells_them_apart(self, moved: Desks) -> None:
        run = moved.receive(HEAD + "c1,Evil Ltd,company,Evil,madrid\n", settings=["keys=exact"])
        assert (totals(run), told(run)["flagged"]) == ((1, 1, 0, 0), [])

    def test_keeps_its_documents_out(self, moved: Desks) -> None:
        run = moved.sales("1,2026-03-01,c1,Evil,EUR,10,0", "2,2026-03-01,C2,Mar,EUR,10,0")
        assert aside(run) == [(1, NOT_REACHED, "1")]
        assert probes() == [1]


class TestSalesOfACustomerOutOfReach:
    def test_are_taken_and_say_nothing_of_it(self, moved: Desks) -> None:
        before = moved.stands()
        run = moved.sales("1,2026-03-01,C1,Evil Ltd,EUR,10,0", settings=["customer_kind=person"])
        assert (totals(run), told(run)["flagged"], run.questions) == ((1, 1, 0, 0), [], [])
        assert moved.stands() == before
        with system_context("a test looks"):
            invoice = Invoice.objects.get(number="1")
            assert invoice.customer.name == "Hierros Luz"

    def test_are_told_the_same_whatever_name_they_give(self, moved: Desks) -> None:
        one = moved.sales("1,2026-03-01,C1,Evil Ltd,EUR,10,0")
        other = moved.sales("2,2026-03-01,C1,Hierros Luz,EUR,10,0")
        assert told(one) == told(other)

    def test_name_nobody_when_all_else_is_taken_back(self, moved: Desks) -> None:
        """The customer stays, since its sales count; by its number, where its source is."""
        moved.sales("1,2026-03-01,C1,Evil Ltd,EUR,10,0")
        for run in reversed(moved.runs):
            moved.back(run)
        assert moved.stands() == {"C1": ("till C1", "madrid", None)}
        with system_context("a test rebuilds"):
            assert rebuild(at=moved.at, check_only=True).differences == 0

    def test_name_who_is_reached_when_all_else_is_taken_back(self, desks: Desks) -> None:
        run = desks.receive(FIRST)
        desks.sales("1,2026-03-01,C1,Luz,EUR,10,0")
        desks.back(run)
        assert desks.stands() == {"C1": ("Luz", "madrid", None)}

    def test_say_nothing_where_the_customer_was_moved_while_they_waited(self, desks: Desks) -> None:
        first = desks.receive(FIRST)
        waits = desks.sales("1,2026-03-01,C1,Evil Ltd,EUR,10,0", confirmed=False)
        second = desks.receive(MOVED, "group")
        assert advance(waits, desks.access("madrid"), at=desks.at, confirmed=True).state == "done"
        desks.back(second)
        desks.back(first)
        assert desks.stands() == {"C1": ("till C1", "madrid", None)}


class TestTakingBack:
    def test_brings_nobody_into_reach(self, moved: Desks) -> None:
        _, moving = moved.runs
        with pytest.raises(NotPermitted) as refused:
            moved.back(moving, "madrid")
        assert [one.code for one in refused.value.reasons] == ["run_placed_elsewhere"]
        assert moved.stands()["C1"] == ("Hierros Luz", "shanghai", "Madrid")
        moved.back(moving)
        assert moved.stands()["C1"] == ("Hierros Luz", "madrid", "Madrid")

    def test_of_documents_out_of_reach_is_for_who_brought_them(self, moved: Desks) -> None:
        one, other = "1,2026-03-01,C1,Luz,EUR,10,0", "2,2026-03-01,C9,Nuevo,EUR,10,0"
        of_group = moved.sales(one, other, who="group")
        with pytest.raises(NotPermitted) as refused:
            moved.back(of_group, "madrid")
        assert [reason.code for reason in refused.value.reasons] == ["run_of_others"]
        with system_context("a test looks"):
            assert Invoice.objects.filter(voided_at=None).count() == 2
        assert moved.back(of_group).state == "taken_back"
        own = moved.sales("3,2026-03-01,C1,Luz,EUR,10,0")
        assert moved.back(own, "madrid").state == "taken_back"

    def test_of_what_is_reached_is_for_anybody_who_may(self, moved: Desks) -> None:
        run = moved.sales("2,2026-03-01,C9,Nuevo,EUR,10,0", who="group")
        assert moved.back(run, "madrid").state == "taken_back"

    def test_is_for_who_brought_it_though_some_have_moved_on(self, moved: Desks) -> None:
        first, _ = moved.runs
        assert moved.back(first, "madrid").state == "taken_back"
        assert moved.stands() == {"C1": ("Hierros Luz", "shanghai", "Madrid")}
