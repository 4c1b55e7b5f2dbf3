"""The trail on the page: objects by name with a way there, notes for those who check."""

import re
from typing import Any

import pytest
from django.urls import reverse

from clientela.audit.context import Actor, acting
from clientela.audit.services import record_event
from clientela.store.context import system_context
from tests.factories import NOON
from tests.web.world import World


@pytest.fixture
def world(world: World) -> Any:
    user, own = world.company.users["sales"], world.customers["own"]
    who = Actor(user_id=user.pk, name="sales", channel="page")
    with system_context("an event for tests"), acting(who):
        record_event(
            act="security.field.revealed", at=NOON, subject=("records.Customer", own.public_id),
            customer_ids=[own.pk], purpose="other: case 7", fields_read={"phone": "S2"},
        )  # fmt: skip
    return world


def page(world: World, who: str, url: str) -> str:
    return world.client(who).get(url).content.decode()


class TestPage:
    def test_links_a_customer_for_those_alone_who_may_open_it(self, world: World) -> None:
        url = reverse("customers:file", args=[world.customers["own"].public_id])
        assert f'href="{url}"' in page(world, "auditor", "/admin/events")
        assert "Name own" not in page(world, "auditor", "/admin/events")  # a person: masked
        assert f'href="{url}">Name own<' in page(world, "sales", "/my-events")
        officers = page(world, "security_officer", "/admin/events")
        assert "revealed a value" in officers
        assert url not in officers

    @pytest.mark.parametrize("bound", ["until=9999-12-31", "since=0001-01-01"])
    def test_is_bounded_by_the_last_and_the_first_day(self, world: World, bound: str) -> None:
        answer = world.client("security_officer").get(f"/admin/events?{bound}")
        assert answer.status_code == 200
        assert "revealed a value" in answer.content.decode()

    def test_shows_notes_to_auditor_and_security_officer_alone(self, world: World) -> None:
        for who in ("auditor", "security_officer"):
            assert "case 7" in page(world, who, "/admin/events"), who
        own = page(world, "sales", "/my-events")
        assert "phone (contact data of a person)" in own
        assert "case 7" not in own
        assert "other:" not in own

    def test_shows_the_administrator_no_reveal(self, world: World) -> None:
        text = page(world, "administrator", "/admin/events")
        assert "phone (contact data of a person)" not in text

    def test_tells_the_auditor_alone_what_was_changed(self, world: World) -> None:
        own = world.customers["own"]
        user = world.company.users["sales"]
        with (
            system_context("a change for tests"),
            acting(Actor(user_id=user.pk, name="sales", channel="page")),
        ):
            record_event(
                act="records.customer.corrected", at=NOON, customer_ids=[own.pk],
                subject=("records.Customer", own.public_id),
                before={"city": "Toledo", "phone": {"digest": "d1"}},
                after={"city": "Cuenca", "phone": {"digest": "d2"}, "customer": 88},
            )  # fmt: skip
        text = page(world, "auditor", "/admin/events")
        assert "City: Toledo → Cuenca" in text
        assert "*** → ***" in text
        assert not {"d1", "d2"} & set(re.findall(r"\bd\d\b", text))
        assert "Cuenca" not in page(world, "sales", "/my-events")
        for who in ("security_officer", "administrator"):
            assert "Cuenca" not in page(world, who, "/admin/events")


class TestTeamInNumbers:
    def test_tells_how_often_and_neither_who_nor_on_what(self, world: World) -> None:
        url = "/admin/team?since=2026-05-01&until=2026-05-31"
        text = page(world, "credit_manager", url)
        row = text.partition("revealed a value")[2].partition("</tr>")[0]
        assert re.findall(r">(\d+)<", row) == ["1", "0", "1"]
        body = text.partition("<main")[2].partition("</main>")[0]
        for hidden in ("case 7", "Name own", str(world.customers["own"].public_id), "phone"):
            assert hidden not in body
        assert "revealed a value" not in page(
            world, "credit_manager", "/admin/team?since=2026-04-01&until=2026-05-01"
        )
        assert 'href="/admin/team"' in text
        assert 'href="/admin/team"' not in page(world, "sales", "/work/")

    def test_says_beside_its_field_what_is_no_day(self, world: World) -> None:
        for query in ("since=never", "until=", "since=2026-02-30", "until=2026-05-01"):
            answer = world.client("credit_manager").get(f"/admin/team?{query}")
            assert answer.status_code == 422, query
            assert 'aria-invalid="true"' in answer.content.decode()
