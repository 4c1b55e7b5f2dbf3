"""A second factor that is lost: two persons take it away, and the user comes in again."""

import time
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clientela.audit.models import Event
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Refused
from clientela.security.models import FactorReset, User
from clientela.security.services import (
    ask_reset,
    confirm_reset,
    end_reset,
)
from clientela.security.services.factors import What, reset_by_operator
from tests.web.test_first_officers import one_time_code
from tests.web.world import World

PASSWORD = "a long enough password"
WHY = "telephone stolen; known by voice"


@pytest.fixture
def world(world: World) -> World:
    cache.clear()
    user = world.company.users["sales"]
    user.set_password(PASSWORD)
    user.save()
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "kept elsewhere"})
    return world


def ask(world: World, *, by: str = "administrator", about: str = "sales", why: str = WHY,
        at: datetime | None = None) -> FactorReset:  # fmt: skip
    now = at or timezone.now()
    return ask_reset(
        access=world.company.access(by, now), user_id=world.company.users[about].pk,
        what=What.FACTOR, reason=why, at=now,
    )  # fmt: skip


def confirm(world: World, reset: FactorReset, *, by: str = "security_officer",
            at: datetime | None = None) -> FactorReset:  # fmt: skip
    now = at or timezone.now()
    access = world.company.access(by, now)
    return confirm_reset(access=access, public_id=str(reset.public_id), at=now).reset


def by_operator(name: str, why: str = WHY) -> FactorReset:
    helped = reset_by_operator(username=name, what=What.FACTOR, reason=why, at=timezone.now())
    return helped.reset


def requests() -> QuerySet[FactorReset]:
    """Return what was asked, apart from what stands in the test's world about a stranger."""
    return FactorReset.objects.exclude(user__username="stranger")


def codes(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def factors(world: World, name: str = "sales") -> int:
    return Authenticator.objects.filter(user=world.company.users[name]).count()


def sign_in(name: str = "sales") -> tuple[Client, str]:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    return client, answer["Location"]


class TestPages:
    def test_lead_from_a_lost_telephone_to_a_new_one(self, world: World) -> None:
        theirs, sales = world.client("sales"), world.company.users["sales"]
        assert theirs.get("/customers/").status_code == 200
        assert sign_in()[1] == reverse("mfa_authenticate")  # and there is no code to give
        admin, officer = world.client("administrator"), world.client("security_officer")
        page = admin.get(reverse("admin:user", args=[sales.public_id])).content.decode()
        assert "This user has a second factor." in page
        url = reverse("admin:user_factor_reset", args=[sales.public_id])
        assert admin.post(url, {"reason": WHY}).status_code == 302
        assert factors(world) == 2
        assert WHY in officer.get(reverse("admin:approvals")).content.decode()
        assert "4 proposals wait" in officer.get(reverse("work:mine")).content.decode()
        reset = requests().get()
        confirmed = officer.post(reverse("admin:approval_factor", args=[reset.public_id]))
        assert confirmed.status_code == 302
        assert factors(world) == 0
        assert theirs.get("/customers/")["Location"].startswith("/account/sign-in")
        client, following = sign_in()
        assert following == "/"
        told = client.get(reverse("mfa_index")).content.decode()
        assert "administrator asked, security_officer confirmed" in told
        assert client.get("/customers/")["Location"] == reverse("mfa_index")
        code = one_time_code(
            client.get(reverse("mfa_activate_totp")).context["form"].secret, time.time()
        )
        assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
        assert client.get("/customers/").status_code == 200

    def test_give_a_request_without_a_reason_back(self, world: World) -> None:
        url = reverse("admin:user_factor_reset", args=[world.company.users["sales"].public_id])
        answer = world.client("administrator").post(url, {"reason": "  "})
        assert answer.status_code == 422
        assert "Give a reason" in answer.content.decode()
        assert not requests().exists()

    def test_offer_the_confirmation_to_another_alone(self, world: World) -> None:
        reset = ask(world, by="security_officer")
        url = reverse("admin:user", args=[world.company.users["sales"].public_id])
        way = reverse("admin:approval_factor", args=[reset.public_id])
        for who in ("administrator", "security_officer", "auditor"):
            assert way not in world.client(who).get(url).content.decode()
        assert world.client("security_officer").post(way).status_code == 409
        assert factors(world) == 2


class TestReset:
    def test_needs_a_second_person_who_is_neither_asker_nor_user(self, world: World) -> None:
        own = ask(world, by="security_officer")
        with pytest.raises(Refused) as refused:
            confirm(world, own)
        assert codes(refused) == {"proposer_cannot_approve"}
        about_officer = ask(world, about="security_officer")
        with pytest.raises(Refused) as refused:
            confirm(world, about_officer)
        assert codes(refused) == {"not_for_oneself"}
        with pytest.raises(NotPermitted):
            confirm(world, own, by="administrator")
        assert (factors(world), factors(world, "security_officer")) == (2, 1)

    def test_is_not_asked_for_oneself_nor_by_other_roles(self, world: World) -> None:
        with pytest.raises(NotPermitted):
            ask(world, about="administrator")
        for who in ("auditor", "sales", "data_steward"):
            with pytest.raises(NotPermitted):
                ask(world, by=who, about="colleague")
        assert not requests().exists()

    def test_by_one_person_alone_is_refused_by_the_database_too(self, world: World) -> None:
        rows, now = FactorReset.objects.filter(pk=ask(world).pk), timezone.now()
        with pytest.raises(DatabaseError, match="another_than_who_asked"), transaction.atomic():
            rows.update(confirmed_by="administrator", confirmed_at=now)
        with pytest.raises(DatabaseError, match="not_for_oneself"), transaction.atomic():
            rows.update(confirmed_by="sales", confirmed_at=now)
        late = now + timedelta(days=2)
        with pytest.raises(DatabaseError, match="confirmed_in_time"), transaction.atomic():
            rows.update(confirmed_by="security_officer", confirmed_at=late)

    def test_lapses_after_a_day_and_can_be_asked_anew(self, world: World) -> None:
        begun = timezone.now() - timedelta(days=1)
        reset = ask(world, at=begun)
        with pytest.raises(Invalid) as refused:
            ask(world, at=begun + timedelta(hours=23))
        assert codes(refused) == {"factor_reset_was_asked_already"}
        with pytest.raises(Refused) as refused:
            confirm(world, reset, at=begun + timedelta(days=1))
        assert codes(refused) == {"factor_reset_is_over"}
        anew = ask(world, at=begun + timedelta(days=1))
        confirm(world, anew, at=begun + timedelta(days=1, hours=23))
        assert factors(world) == 0

    @pytest.mark.parametrize(
        ("by", "act"), [("administrator", "withdrawn"), ("security_officer", "refused")]
    )
    def test_is_withdrawn_or_refused_and_then_not_confirmed(
        self, world: World, by: str, act: str
    ) -> None:
        reset, now = ask(world), timezone.now()
        access = world.company.access(by, now)
        end_reset(access=access, public_id=str(reset.public_id), at=now)
        assert Event.objects.filter(act=f"security.factor_reset.{act}").count() == 1
        with pytest.raises(NotInScope):
            confirm(world, reset)
        assert factors(world) == 2

    def test_leaves_who_and_why_in_the_trail_each_time(self, world: World) -> None:
        confirm(world, ask(world))
        for act in ("asked", "confirmed"):
            event = Event.objects.get(act=f"security.factor_reset.{act}")
            assert event.after == {"user": "sales", "reason": WHY, "asked_by": "administrator"}
        kept = requests().get()
        assert (kept.reason, kept.confirmed_by) == (WHY, "security_officer")

    def test_is_told_at_each_sign_in_for_two_weeks(self, world: World) -> None:
        confirm(world, ask(world))
        for days, told in ((0, True), (13, True), (15, False)):
            moved = timezone.now() - timedelta(days=days)
            requests().update(confirmed_at=moved)
            client, _ = sign_in()
            page = client.get(reverse("mfa_index")).content.decode()
            assert ("tell a security officer at once" in page) == told

    def test_demands_a_new_factor_of_roles_that_needed_none(self, world: World) -> None:
        user = world.company.users["marketing"]
        user.set_password(PASSWORD)
        user.save()
        confirm(world, ask(world, about="marketing"))
        client, _ = sign_in("marketing")
        answer = client.get("/customers/")
        assert (answer.status_code, answer.get("Location")) == (302, reverse("mfa_index"))

    def test_of_nothing_is_refused(self, world: World) -> None:
        User.objects.create(username="newcomer", created_at=timezone.now())
        world.company.users["newcomer"] = User.objects.get(username="newcomer")
        with pytest.raises(Invalid) as refused:
            ask(world, about="newcomer")
        assert codes(refused) == {"no_second_factor_to_reset"}


class TestOperator:
    def test_confirms_what_an_officer_asked(self, world: World) -> None:
        ask(world, by="administrator", about="security_officer")
        reset = by_operator("security_officer", "")
        assert reset.confirmed_by == "operator"
        assert factors(world, "security_officer") == 0

    def test_asks_where_nobody_did_and_does_not_confirm_it(self, world: World) -> None:
        reset = by_operator("Sales")
        assert reset.confirmed_at is None
        with pytest.raises(Refused) as refused:
            by_operator("sales")
        assert codes(refused) == {"proposer_cannot_approve"}
        confirm(world, reset)
        assert factors(world) == 0

    def test_is_told_who_has_to_ask_about_the_only_officer(self, world: World) -> None:
        officer = world.company.users["security_officer"]
        with pytest.raises(Refused) as refused:
            by_operator("security_officer")
        assert codes(refused) == {"nobody_else_to_confirm"}
        assert not requests().exists()
        url = reverse("admin:user", args=[officer.public_id])
        command = "clientela reset-factor security_officer"
        assert command in world.client("administrator").get(url).content.decode()
        ask(world, about="security_officer")
        assert command in world.client("administrator").get(url).content.decode()
        assert by_operator("security_officer", "").confirmed_by == "operator"

    def test_is_needed_for_what_the_only_officer_asks(self, world: World) -> None:
        url = reverse("admin:user", args=[world.company.users["sales"].public_id])
        command = "clientela reset-factor sales"
        assert command in world.client("security_officer").get(url).content.decode()
        assert command not in world.client("administrator").get(url).content.decode()

    def test_is_told_of_a_name_that_is_not_there(self, world: World) -> None:
        with pytest.raises(Invalid) as refused:
            by_operator("nobody")
        assert codes(refused) == {"user_unknown"}
