"""A password that is forgotten: nobody alone makes a link that opens an account in use."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clientela.audit.models import Event
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Refused
from clientela.security.models import FactorReset, User
from clientela.security.services import ask_reset, confirm_reset, end_reset, invite
from clientela.security.services.factors import Helped, What, reset_by_operator
from tests.web.world import World

PASSWORD = "a long enough password"
OTHER = "quite another long password"
WHY = "forgotten after the holidays; known by voice"
# the role asks for no second factor, so that the password alone opens the account
WHO = "marketing"


@pytest.fixture
def world(world: World) -> World:
    cache.clear()
    user = world.company.users[WHO]
    user.set_password(PASSWORD)
    user.save()
    Authenticator.objects.filter(user=user).delete()
    return world


def ask(world: World, *, by: str = "administrator", about: str = WHO, why: str = WHY,
        at: datetime | None = None) -> FactorReset:  # fmt: skip
    now = at or timezone.now()
    return ask_reset(
        access=world.company.access(by, now), user_id=world.company.users[about].pk,
        what=What.PASSWORD, reason=why, at=now,
    )  # fmt: skip


def confirm(world: World, reset: FactorReset, *, by: str = "security_officer",
            at: datetime | None = None) -> Helped:  # fmt: skip
    now = at or timezone.now()
    access = world.company.access(by, now)
    return confirm_reset(access=access, public_id=str(reset.public_id), at=now)


def by_operator(name: str, why: str = WHY) -> Helped:
    return reset_by_operator(username=name, what=What.PASSWORD, reason=why, at=timezone.now())


def codes(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def sets_the_password(link: str, new: str = OTHER) -> bool:
    client = Client()
    answer = client.get(link[link.index("/account/") :])
    if answer.status_code != 302:
        return False
    body = {"password1": new, "password2": new}
    return client.post(answer["Location"], body).status_code == 302


def link_on(page: str) -> str:
    found = re.search(r'value="([^"]*/account/password/set/[^"]*)"', page)
    return found.group(1) if found else ""


def told(password: str) -> str:
    client = Client()
    client.post(reverse("account_login"), {"login": WHO, "password": password})
    return client.get(reverse("mfa_index")).content.decode()


class TestPages:
    def test_show_the_link_to_who_confirms_and_never_to_who_asks(self, world: World) -> None:
        admin, officer = world.client("administrator"), world.client("security_officer")
        user = world.company.users[WHO]
        page = reverse("admin:user", args=[user.public_id])
        first = reverse("admin:user_link", args=[user.public_id])
        assert first not in admin.get(page).content.decode()
        url = reverse("admin:user_password_reset", args=[user.public_id])
        asked = admin.post(url, {"why": WHY}, follow=True).content.decode()
        assert (link_on(asked), "lapses on" in asked) == ("", True)
        assert WHY in officer.get(reverse("admin:approvals")).content.decode()
        assert "4 proposals wait" in officer.get(reverse("work:mine")).content.decode()
        way = reverse("admin:approval_factor", args=[FactorReset.objects.get(user=user).public_id])
        assert admin.post(way).status_code == 403
        confirmed = officer.post(way)
        link = link_on(confirmed.content.decode())
        assert "for half an hour" in confirmed.content.decode()
        assert link_on(admin.get(page).content.decode()) == ""
        assert link_on(officer.get(page).content.decode()) == ""
        assert officer.post(way).status_code == 404
        assert sets_the_password(link)
        assert not sets_the_password(link)
        user.refresh_from_db()
        assert user.check_password(OTHER)
        assert user.factor_reset_at is None

    def test_give_an_administrator_alone_no_link_to_an_account_in_use(self, world: World) -> None:
        admin, user = world.client("administrator"), world.company.users[WHO]
        answer = admin.post(reverse("admin:user_link", args=[user.public_id]))
        assert answer.status_code == 422
        assert "Another link takes two people" in answer.content.decode()
        assert link_on(answer.content.decode()) == ""
        assert not Event.objects.filter(act="security.user.invited").exists()

    def test_give_a_request_without_a_reason_back(self, world: World) -> None:
        user = world.company.users[WHO]
        url = reverse("admin:user_password_reset", args=[user.public_id])
        answer = world.client("administrator").post(url, {"why": "  "})
        assert answer.status_code == 422
        assert "Give a reason" in answer.content.decode()
        assert not FactorReset.objects.filter(user=user).exists()

    def test_have_one_field_of_each_name(self, world: World) -> None:
        user = world.company.users["security_officer"]  # a second factor and a password
        page = world.client("administrator").get(reverse("admin:user", args=[user.public_id]))
        ids = re.findall(r'\bid="([^"]+)"', page.content.decode())
        assert {"f-reason", "f-why"} <= set(ids)
        assert len(ids) == len(set(ids))


class TestLink:
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
        assert not Event.objects.filter(act="security.user.invited").exists()

    def test_is_not_asked_for_oneself_nor_by_other_roles(self, world: World) -> None:
        with pytest.raises(NotPermitted):
            ask(world, about="administrator")
        for who in ("auditor", "sales", "data_steward"):
            with pytest.raises(NotPermitted):
                ask(world, by=who)
        assert not FactorReset.objects.filter(what="password").exists()

    def test_is_refused_by_the_database_too(self, world: World) -> None:
        rows, now = FactorReset.objects.filter(pk=ask(world).pk), timezone.now()
        until = now + timedelta(minutes=30)
        for by, name in (("administrator", "another_than_who_asked"), (WHO, "not_for_oneself")):
            with pytest.raises(DatabaseError, match=name), transaction.atomic():
                rows.update(confirmed_by=by, confirmed_at=now, link_until=until)
        late = now + timedelta(days=2)
        with pytest.raises(DatabaseError, match="confirmed_in_time"), transaction.atomic():
            rows.update(
                confirmed_by="security_officer", confirmed_at=late,
                link_until=late + timedelta(minutes=30),
            )  # fmt: skip

    def test_is_not_confirmed_by_the_release_before(self, world: World) -> None:
        """That one knows of second factors only, and would take one away."""
        rows, now = FactorReset.objects.filter(pk=ask(world).pk), timezone.now()
        with pytest.raises(DatabaseError, match="makes_a_link"), transaction.atomic():
            rows.update(confirmed_by="security_officer", confirmed_at=now)
        with pytest.raises(DatabaseError, match="makes_a_link"), transaction.atomic():
            rows.update(what="factor", link_until=now)

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
        assert sets_the_password(confirm(world, anew).link)

    @pytest.mark.parametrize(
        ("by", "act"), [("administrator", "withdrawn"), ("security_officer", "refused")]
    )
    def test_is_withdrawn_or_refused_and_then_not_made(
        self, world: World, by: str, act: str
    ) -> None:
        reset, now = ask(world), timezone.now()
        access = world.company.access(by, now)
        end_reset(access=access, public_id=str(reset.public_id), at=now)
        assert Event.objects.filter(act=f"security.password_reset.{act}").count() == 1
        with pytest.raises(NotInScope):
            confirm(world, reset)

    def test_is_not_made_for_somebody_shut_out_meanwhile(self, world: World) -> None:
        reset = ask(world)
        User.objects.filter(username=WHO).update(is_active=False)
        with pytest.raises(Refused) as refused:
            confirm(world, reset)
        assert codes(refused) == {"user_is_shut_out"}

    def test_leaves_who_and_why_in_the_trail_and_not_itself(self, world: World) -> None:
        link = confirm(world, ask(world)).link
        for act in ("asked", "confirmed"):
            event = Event.objects.get(act=f"security.password_reset.{act}")
            assert event.after == {"user": WHO, "reason": WHY, "asked_by": "administrator"}
        key = link.rsplit("-", 1)[1].strip("/")
        assert key not in str(list(Event.objects.values()))
        kept = FactorReset.objects.get(what="password")
        assert key not in str(vars(kept))
        assert kept.link_until - kept.confirmed_at == timedelta(minutes=30)

    def test_is_told_at_each_sign_in_for_two_weeks(self, world: World) -> None:
        confirm(world, ask(world))
        for days, is_told in ((0, True), (13, True), (15, False)):
            moved = timezone.now() - timedelta(days=days)
            FactorReset.objects.filter(what="password").update(confirmed_at=moved)
            page = told(PASSWORD)
            assert ("administrator asked, security_officer confirmed and received it" in page) == (
                is_told
            )

    def test_is_told_also_when_another_was_made_after_it(self, world: World) -> None:
        for by, other in (("administrator", "security_officer"), ("security_officer", "operator")):
            reset = ask(world, by=by)
            by_operator(WHO) if other == "operator" else confirm(world, reset)
        page = told(PASSWORD)
        assert "administrator asked, security_officer confirmed" in page
        assert "security_officer asked, operator confirmed" in page

    def test_is_made_by_one_for_who_never_had_a_password(self, world: World) -> None:
        now, user = timezone.now(), world.company.users["colleague"]
        with pytest.raises(Invalid) as refused:
            ask(world, about="colleague")
        assert codes(refused) == {"no_password_to_reset"}
        link = invite(access=world.company.access("administrator", now), user_id=user.pk, at=now)
        assert sets_the_password(link)
        with pytest.raises(Invalid) as refused:
            invite(access=world.company.access("administrator", now), user_id=user.pk, at=now)
        assert codes(refused) == {"password_link_takes_two"}


class TestOperator:
    def test_confirms_what_an_officer_asked_and_gets_the_link(self, world: World) -> None:
        ask(world)
        helped = by_operator(WHO, "")
        assert helped.reset.confirmed_by == "operator"
        assert sets_the_password(helped.link)

    def test_asks_where_nobody_did_and_gets_no_link(self, world: World) -> None:
        helped = by_operator(WHO.title())
        assert (helped.reset.confirmed_at, helped.link) == (None, "")
        with pytest.raises(Refused) as refused:
            by_operator(WHO)
        assert codes(refused) == {"proposer_cannot_approve"}
        assert sets_the_password(confirm(world, helped.reset).link)

    def test_does_not_confirm_a_request_about_something_else(self, world: World) -> None:
        """The stranger's second factor was asked about, not the password."""
        helped = by_operator("stranger")
        assert (helped.reset.what, helped.reset.confirmed_at, helped.link) == ("password", None, "")
