"""Who reads which events: each office its own, the auditor what lies in reach, all the own acts."""

import ast
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clientela.audit.context import Actor, acting
from clientela.audit.selectors import BY_TIME, EventFilters
from clientela.audit.services import record_event
from clientela.intake.models import Mapping, Run
from clientela.kernel.reasons import NotPermitted
from clientela.records.models import Source
from clientela.records.selectors import trail
from clientela.security.permits import Access
from clientela.security.readers import MATTERS, Matter, reads_notes
from clientela.security.roles import Role
from clientela.security.selectors import access_of
from clientela.security.trail import acts_read, events, own_events, whose
from clientela.store.context import system_context
from clientela.web.words import EVENTS
from tests.factories import NOON, give
from tests.web.test_words import calls
from tests.web.world import World
from tools.catalogue import SOURCE

NO_FILTERS = EventFilters()
HELPERS = {"_event", "_record"}
# by hand, apart from the product's table
OFFICER = {
    "security.field.revealed", "web.request.refused", "security.session.refused",
    "intake.rejected.downloaded", "security.grant.approved",
}  # fmt: skip
ADMINISTRATOR = {
    "security.session.refused", "security.grant.approved", "records.source.trust_set", "demo.loaded",
}  # fmt: skip
AUDITOR_ALONE = {"records.customer.corrected", "intake.run.finished", "security.from_tomorrow.done"}


@pytest.fixture
def world(world: World) -> Any:
    with system_context("the test sees everything"):
        yield world


def by(world: World, name: str) -> Actor:
    user = world.company.users[name]
    return Actor(user_id=user.pk, name=name, channel="page")


def record(world: World, act: str, *, who: str = "colleague", **more: Any) -> uuid.UUID:
    with acting(by(world, who)):
        return record_event(act=act, at=NOON, **more).id


def read(access: Access) -> set[uuid.UUID]:
    return set(events(access, NO_FILTERS).values_list("id", flat=True))


def handed_on() -> Iterator[str]:
    """Yield the acts that services give to a helper of theirs that records them."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in HELPERS and node.args:
                for one in ast.walk(node.args[0]):
                    if isinstance(one, ast.Constant) and str(one.value).count(".") == 2:
                        yield str(one.value)


class TestOffices:
    def test_read_the_acts_of_their_office_and_no_others(self, world: World) -> None:
        made = {act: record(world, act) for act in sorted(OFFICER | ADMINISTRATOR | AUDITOR_ALONE)}
        for name, allowed in (("security_officer", OFFICER), ("administrator", ADMINISTRATOR)):
            seen = read(world.company.access(name))
            assert {act for act, ident in made.items() if ident in seen} == allowed, name

    def test_read_what_they_did_themselves_whatever_it_was(self, world: World) -> None:
        mine = record(world, "records.customer.corrected", who="administrator")
        assert mine in read(world.company.access("administrator"))
        assert mine not in read(world.company.access("security_officer"))

    def test_are_sent_nothing_of_what_an_act_changed(self, world: World) -> None:
        record(world, "security.grant.approved", after={"role": "sales"})
        found = events(world.company.access("security_officer"), NO_FILTERS)
        assert '"before"' not in str(found.query)
        assert '"after"' not in str(found.query)

    def test_are_needed_to_read_the_trail_at_all(self, world: World) -> None:
        with pytest.raises(NotPermitted):
            events(world.company.access("sales"), NO_FILTERS)


class TestAuditor:
    @pytest.mark.parametrize("small", [0, 10**9], ids=["rare", "many"])
    def test_reads_what_concerns_the_nodes_in_reach(
        self, world: World, monkeypatch: pytest.MonkeyPatch, small: int
    ) -> None:
        monkeypatch.setattr(trail, "SMALL", small)
        madrid, sevilla = (world.company.nodes[name].pk for name in ("madrid", "sevilla"))
        ids: dict[str, list[uuid.UUID]] = {"in": [], "out": []}
        for where, customer, node in (("in", "own", madrid), ("out", "other_branch", sevilla)):
            one = world.customers[customer].pk
            ids[where].append(record(world, "records.customer.corrected", customer_ids=[one]))
            source = Source.objects.create(
                name=f"shop-{where}", org_node_id=node, created_at=NOON, created_by="test"
            )
            run = Run.objects.create(
                source=source, org_node_id=node, file_name="a.csv", sha256=where, size=1,
                started_by="test", started_at=NOON,
            )  # fmt: skip
            Mapping.objects.create(
                source=source, name="usual", definition={}, saved_at=NOON, saved_by="test"
            )
            for act, subject in (
                ("records.source.trust_set", ("records.Source", source.public_id)),
                ("intake.run.finished", ("intake.Run", run.public_id)),
                ("intake.mapping.saved", ("intake.Mapping", f"shop-{where}/usual")),
            ):
                ids[where].append(record(world, act, subject=subject))
        both = [world.customers[name].pk for name in ("other_region", "own")]
        ids["in"].append(record(world, "analysis.customers.classified", customer_ids=both))
        ids["out"].append(record(world, "security.session.begun"))
        assert read(world.company.access("auditor")) & {*ids["in"], *ids["out"]} == {*ids["in"]}

    def test_of_a_small_place_finds_its_events_by_an_index(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(trail, "SMALL", 0)
        with connection.cursor() as cursor:
            cursor.execute("set local enable_seqscan = off")
        found = events(world.company.access("auditor"), NO_FILTERS)
        assert "event_by_customer" in found.order_by(*BY_TIME)[:51].explain()

    def test_of_the_whole_group_reads_everything(self, world: World) -> None:
        give(world.company.users["auditor"], Role.AUDITOR, world.company.nodes["group"])
        made = {record(world, act) for act in OFFICER | ADMINISTRATOR | AUDITOR_ALONE}
        assert made <= read(world.company.access("auditor"))


class TestOwnEvents:
    def test_are_read_by_everybody_and_are_nobody_elses(self, world: World) -> None:
        for name in (*(role.value for role in Role), "stranger"):
            mine = record(world, "security.field.revealed", who=name)
            found = own_events(world.company.access(name), NO_FILTERS)
            assert list(found.values_list("id", flat=True)) == [mine], name


class TestTable:
    def test_has_a_place_for_every_act_of_the_sources(self) -> None:
        recorded = {act for act, _ in calls("record_event", "act")} | set(handed_on())
        assert len(recorded) > 40
        assert recorded <= MATTERS.keys()
        assert EVENTS.keys() == MATTERS.keys()

    def test_gives_the_administrator_nothing_of_the_business(self, world: World) -> None:
        acts = acts_read(world.company.access("administrator"))
        assert {MATTERS[act] for act in acts} == {Matter.SYSTEM, Matter.RIGHTS}
        assert not {act for act in acts if act.startswith(("records.customer", "intake."))}
        assert acts_read(world.company.access("auditor")) == MATTERS.keys()

    def test_keeps_notes_to_auditor_and_security_officer(self, world: World) -> None:
        readers = {r.value for r in Role if reads_notes(world.company.access(r.value))}
        assert readers == {"auditor", "security_officer"}


class TestWhose:
    def test_names_the_user_of_each_thing_in_one_query(self, world: World) -> None:
        things = world.objects
        keys = {things[name] for name in ("user", "grant", "reset", "approved_token", "nothing")}
        with CaptureQueriesContext(connection) as asked:
            found = whose(keys)
        assert len(asked) == 1
        assert {key: name for key, (name, _) in found.items()} == {
            str(things["user"]): "colleague", str(things["grant"]): "stranger",
            str(things["reset"]): "stranger", str(things["approved_token"]): "program",
        }  # fmt: skip


class TestTokens:
    def test_are_told_that_it_is_the_token_that_does_not_allow(self, world: World) -> None:
        user = world.company.users["sales"]
        limited = access_of(user, at=NOON, acts=frozenset({"trade.read"}))
        assert limited.may("trade.read")
        (reason,) = limited.may("customer.read").reasons
        assert (reason.code, reason.params) == ("token_not_for_act", {"act": "customer.read"})
        (reason,) = limited.may("user.write").reasons
        assert reason.code == "act_not_permitted"

    def test_are_told_so_where_they_would_reveal_a_value(self, world: World) -> None:
        user, own = world.company.users["sales"], world.customers["own"]
        where: dict[str, Any] = {"node_id": own.org_node_id, "owner_id": own.owner_id}
        limited = access_of(user, at=NOON, acts=frozenset({"customer.read"}))
        (reason,) = limited.may_reveal("S2", **where).reasons
        assert (reason.code, reason.params) == ("token_not_for_act", {"act": "customer.reveal"})
        (reason,) = limited.may_reveal("S4", **where).reasons  # the role reveals none of these
        assert reason.code == "class_not_revealed"
        foreign = {**where, "owner_id": world.company.users["colleague"].pk}
        (reason,) = limited.may_reveal("S2", **foreign).reasons
        assert reason.code == "class_not_revealed"
        wide = access_of(user, at=NOON, acts=frozenset({"customer.read", "customer.reveal"}))
        assert wide.may_reveal("S2", **where)

    def test_show_no_value_that_takes_a_person_with_a_case(self, world: World) -> None:
        user, own = world.company.users["auditor"], world.customers["own"]
        where: dict[str, Any] = {"node_id": own.org_node_id, "owner_id": own.owner_id}
        assert access_of(user, at=NOON).may_reveal("S4", **where)
        program = access_of(user, at=NOON, acts=frozenset({"customer.read", "customer.reveal"}))
        assert program.may_reveal("S2", **where)
        (reason,) = program.may_reveal("S4", **where).reasons
        assert reason.code == "reveal_is_for_persons"


class TestOneOfSeveralRights:
    def test_is_enough_and_all_are_named_where_none_is_held(self, world: World) -> None:
        rights = ("grant.approve", "token.approve")
        access_of(world.company.users["security_officer"], at=NOON).demand_any(*rights)
        with pytest.raises(NotPermitted) as refused:
            access_of(world.company.users["sales"], at=NOON).demand_any(*rights)
        (reason,) = refused.value.reasons
        assert (reason.code, reason.params["acts"]) == (
            "acts_not_permitted",
            "grant.approve, token.approve",
        )

    def test_is_told_of_a_token_by_what_its_roles_allow(self, world: World) -> None:
        rights = ("customer.write", "customer.contact", "grant.end")
        limited = access_of(world.company.users["sales"], at=NOON, acts=frozenset({"trade.read"}))
        with pytest.raises(NotPermitted) as refused:
            limited.demand_any(*rights)
        (reason,) = refused.value.reasons
        assert (reason.code, reason.params["acts"]) == (
            "token_not_for_acts",
            "customer.write, customer.contact",
        )
