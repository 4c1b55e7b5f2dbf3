"""My work of a new installation says what is to be done first, and falls silent once it was."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clientela.security.models import Grant, OrgNode, User
from clientela.security.roles import Role
from clientela.security.services.founding import found
from clientela.store.context import system_context
from tests.factories import add_customer
from tests.web.world import make_world, second_factor

PLACES, PEOPLE, ROLES, DATA = (
    "/admin/organisation",
    "/admin/users",
    "/admin/approvals",
    "/imports/new",
)
OFFICES = {
    Role.ADMINISTRATOR: [PLACES, PEOPLE],
    Role.SECURITY_OFFICER: [ROLES],
    Role.DATA_STEWARD: [DATA],
    Role.SALES: [],
}


@pytest.fixture
def group(db: None) -> OrgNode:
    with system_context("a new installation"):
        return found(name="Group", base_currency="", at=timezone.now())


def user(role: Role, node: OrgNode) -> Client:
    now = timezone.now()
    with system_context("a person with a role"):
        made = User.objects.create(username=f"one-{role}", created_at=now, language="en")
        Grant.objects.create(
            user=made, role=role, node=node, valid_from=now, valid_to=now + timedelta(days=9),
            proposed_by="a", proposed_at=now, approved_by="b", approved_at=now,
        )  # fmt: skip
        second_factor(made)
    client = Client()
    client.force_login(made)
    return client


def steps(client: Client) -> list[tuple[str, bool]]:
    page = client.get(reverse("work:mine"))
    assert page.status_code == 200
    return [(step.url.rstrip("/"), step.done) for step in page.context["steps"]]


class TestFirstSteps:
    @pytest.mark.parametrize("role", OFFICES)
    def test_are_those_the_reader_may_take(self, group: OrgNode, role: Role) -> None:
        assert steps(user(role, group)) == [(url, False) for url in OFFICES[role]]

    def test_lead_where_the_reader_may_go(self, group: OrgNode) -> None:
        for role, urls in OFFICES.items():
            client = user(role, group)
            for url in urls:
                assert client.get(url, follow=True).status_code == 200, url

    def test_stand_beside_nothing_else_to_do(self, group: OrgNode) -> None:
        text = user(Role.DATA_STEWARD, group).get(reverse("work:mine")).content.decode()
        assert "First steps" in text
        assert "Nothing waits for you" not in text

    def test_are_marked_one_by_one(self, group: OrgNode) -> None:
        administrator = user(Role.ADMINISTRATOR, group)
        with system_context("a zone is set"):
            OrgNode.objects.filter(pk=group.pk).update(time_zone="Europe/Madrid")
        assert steps(administrator) == [(PLACES, True), (PEOPLE, False)]
        assert "Done" in administrator.get(reverse("work:mine")).content.decode()
        user(Role.SALES, group)
        assert steps(administrator) == []

    def test_do_not_count_a_role_that_nobody_approved(self, group: OrgNode) -> None:
        officer = user(Role.SECURITY_OFFICER, group)
        user(Role.SALES, group)
        with system_context("taken back to a proposal"):
            Grant.objects.filter(role=Role.SALES).update(approved_by="", approved_at=None)
        assert steps(officer) == [(ROLES, False)]

    def test_are_none_where_the_work_goes_on(self, db: None) -> None:
        world = make_world()
        add_customer(world.company, node="madrid")
        for role in OFFICES:
            page = world.client(role.value).get(reverse("work:mine"))
            assert page.context["steps"] == [], role
            assert "First steps" not in page.content.decode()
