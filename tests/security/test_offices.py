"""The first administrator and security officer: named from outside, and only where there is none."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from clientela.audit.models import Event
from clientela.kernel.reasons import Invalid, Refused
from clientela.security.models import Grant, User
from clientela.security.roles import Role
from clientela.security.selectors import access_of
from clientela.security.services.founding import found
from clientela.security.services.grants import GrantRefused
from clientela.security.services.offices import OFFICES, Appointed, appoint, vacant_offices
from clientela.store.context import system_context

BOTH = {Role.ADMINISTRATOR: "ana", Role.SECURITY_OFFICER: "luis"}


@pytest.fixture
def now(db: None) -> datetime:
    at = timezone.now()
    with system_context("a new installation"):
        found(name="Group", base_currency="EUR", at=at)
    return at


def name(persons: dict[Role, str], at: datetime) -> list[Appointed]:
    with system_context("appointing"):
        return appoint(persons=persons, at=at)


def begin(username: str) -> None:
    """Let somebody set a password."""
    user = User.objects.get(username=username)
    user.set_password("a long enough password")
    user.save()


def codes(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


class TestOffices:
    def test_are_vacant_until_somebody_can_sign_in(self, now):
        assert vacant_offices(at=now) == OFFICES
        name(BOTH, now)
        assert vacant_offices(at=now) == OFFICES
        begin("ana")
        assert vacant_offices(at=now) == (Role.SECURITY_OFFICER,)
        begin("luis")
        assert vacant_offices(at=now) == ()

    def test_are_given_to_two_persons_with_an_event_and_a_link_each(self, now):
        given = name(BOTH, now)
        for one in given:
            user = User.objects.get(username=one.username)
            assert access_of(user, at=now).roles == {one.role}
            assert "/account/password/set/" in one.link
        filled = Event.objects.filter(act="security.office.filled")
        assert {event.after["user"]: event.after["role"] for event in filled} == {
            name: role.value for role, name in BOTH.items()
        }

    def test_are_not_both_held_by_one_person(self, now):
        with pytest.raises(GrantRefused) as refused:
            name(dict.fromkeys(OFFICES, "ana"), now)
        assert codes(refused) == {"roles_conflict"}
        assert not User.objects.filter(username="ana").exists()
        assert not Event.objects.filter(act="security.office.filled").exists()

    def test_that_are_held_are_not_given_from_outside(self, now):
        name(BOTH, now)
        begin("ana")
        before = list(Grant.objects.order_by("id").values())
        with pytest.raises(Refused) as refused:
            name({Role.SECURITY_OFFICER: "luisa", Role.ADMINISTRATOR: "eva"}, now)
        assert codes(refused) == {"office_is_held"}
        assert list(Grant.objects.order_by("id").values()) == before
        assert not User.objects.filter(username__in=["eva", "luisa"]).exists()

    def test_go_to_somebody_else_while_the_first_never_came(self, now):
        name(BOTH, now)
        (given,) = name({Role.ADMINISTRATOR: "eva"}, now)
        assert (given.username, given.instead_of) == ("eva", "ana")
        roles = {u.username: access_of(u, at=now).roles for u in User.objects.all()}
        assert (roles["ana"], roles["eva"]) == (frozenset(), {Role.ADMINISTRATOR})

    def test_give_another_link_to_the_same_person_without_another_grant(self, now):
        name(BOTH, now)
        grants = Grant.objects.count()
        (again,) = name({Role.ADMINISTRATOR: " Ana "}, now + timedelta(days=4))
        assert (again.username, again.instead_of) == ("ana", "")
        assert Grant.objects.count() == grants

    def test_open_no_account_that_has_a_password(self, now):
        """Or the machine's owner would sign in as anybody by naming that user."""
        name(BOTH, now)
        begin("luis")
        Grant.objects.filter(user__username="luis").update(ended_by="x", ended_at=now)
        (given,) = name({Role.SECURITY_OFFICER: "luis"}, now)
        assert (given.username, given.link) == ("luis", "")
        assert access_of(User.objects.get(username="luis"), at=now).roles == {given.role}

    def test_fall_vacant_when_the_holder_is_shut_out_or_the_time_is_over(self, now):
        name(BOTH, now)
        begin("ana"), begin("luis")
        assert vacant_offices(at=now + timedelta(days=731)) == OFFICES
        User.objects.filter(username="ana").update(is_active=False)
        assert vacant_offices(at=now) == (Role.ADMINISTRATOR,)

    @pytest.mark.parametrize("bad", ["two words", "x" * 81, " "])
    def test_refuse_a_name_that_cannot_be_used(self, now, bad):
        with pytest.raises(Invalid) as refused:
            name({Role.ADMINISTRATOR: bad}, now)
        assert codes(refused) == {"username_invalid"}

    def test_are_not_given_to_an_account_of_programs(self, now):
        with pytest.raises(Invalid) as refused:
            name({Role.ADMINISTRATOR: "clientela"}, now)
        assert codes(refused) == {"link_needs_an_active_person"}
