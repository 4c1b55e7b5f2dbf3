"""Signing in: what it asks for, how long it lasts, and what it leaves in the trail."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from clientela.audit.models import Event
from clientela.security.models import User
from clientela.security.selectors import access_of
from clientela.security.services import add_user, invite
from clientela.security.services.invitations import Links, link_for
from clientela.store.models import Parameter
from clientela.web.middleware import REFUSALS_A_MINUTE
from clientela.web.sessions import SecondFactors, is_own_path
from tests.web.world import World

KEY = 987654321  # of a row: is seen anywhere

PASSWORD = "a long enough password"


@pytest.fixture
def world(world: World) -> World:
    cache.clear()
    return world


def sign_in(client: Client, name: str, password: str = PASSWORD, following: str = "") -> object:
    data = {"login": name, "password": password} | ({"next": following} if following else {})
    return client.post(reverse("account_login"), data)


def with_password(world: World, name: str, *, factor: bool = False) -> User:
    user = world.company.users[name]
    user.set_password(PASSWORD)
    user.save()
    if not factor:
        Authenticator.objects.filter(user=user).delete()
    return user


def path_of(address: str) -> str:
    """Return the path of a link that stands under the public address."""
    assert address.startswith(settings.PUBLIC_URL + "/")
    return address.removeprefix(settings.PUBLIC_URL)


class TestSignIn:
    def test_leads_to_the_page_asked_for_and_leaves_an_event(self, world: World) -> None:
        user, client = with_password(world, "marketing"), Client()
        answer = client.get("/customers/?kind=company")
        assert answer["Location"] == "/account/sign-in?next=%2Fcustomers%2F%3Fkind%3Dcompany"
        answer = sign_in(client, "marketing", following="/customers/")
        assert answer["Location"] == "/customers/"
        event = Event.objects.get(act="security.session.begun")
        assert (event.actor_id, event.object_id) == (user.pk, str(user.public_id))

    def test_offers_a_passkey_by_name_and_not_by_digits(self, world: World) -> None:
        for host, offered in (("localhost", True), ("127.0.0.1:80", False), ("[::1]", False)):
            page = Client().get(reverse("account_login"), headers={"host": host})
            assert page.status_code == 200
            assert (b"passkey_login" in page.content) == offered

    def test_offers_a_key_as_second_factor_by_name_and_not_by_digits(self, world: World) -> None:
        with_password(world, "sales")
        add = reverse("mfa_add_webauthn").encode()
        for host, offered in (("localhost", True), ("127.0.0.1", False)):
            page = world.client("sales").get(reverse("mfa_index"), headers={"host": host})
            assert (add in page.content) == offered

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"]
    )
    def test_sends_nobody_to_another_site(self, world: World, elsewhere: str) -> None:
        with_password(world, "marketing")
        answer = sign_in(Client(), "marketing", following=elsewhere)
        assert answer["Location"] == "/"
        assert not is_own_path(elsewhere)

    def test_refused_keeps_no_word_of_what_was_typed(self, world: World) -> None:
        with_password(world, "marketing")
        answer = sign_in(Client(), "my-secret-typed-as-name", "wrong")
        assert answer.status_code == 200
        event = Event.objects.get(act="security.session.refused")
        assert event.result == "refused"
        assert "my-secret" not in str(Event.objects.values())

    def test_stops_after_too_many_attempts_from_one_place(self, world: World) -> None:
        user, client = with_password(world, "marketing"), Client(REMOTE_ADDR="203.0.113.7")
        answers = [sign_in(client, "marketing", "wrong") for _ in range(7)]
        assert answers[0].status_code == 200
        refused = sign_in(client, "marketing")  # now even the right one
        assert "There were too many attempts" in refused.content.decode()
        assert client.get("/customers/").status_code == 302
        events = Event.objects.filter(act="security.session.refused").order_by("id")
        assert {event.object_id for event in events} == {str(user.public_id)}
        codes = [event.reasons[0]["code"] for event in events]
        assert (codes[0], codes[-1], len(codes)) == ("credentials_wrong", "too_many_requests", 8)

    def test_is_not_stopped_by_attempts_from_elsewhere(self, world: World) -> None:
        with_password(world, "marketing")
        elsewhere, own = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="192.0.2.1")
        for _ in range(8):
            sign_in(elsewhere, "marketing", "wrong")
        sign_in(own, "marketing")
        assert own.get("/customers/").status_code == 200

    def test_is_closed_to_a_disabled_user(self, world: World) -> None:
        user, client = with_password(world, "marketing"), Client()
        sign_in(client, "marketing")
        assert client.get("/customers/").status_code == 200
        user.is_active = False
        user.save()
        assert client.get("/customers/").status_code == 302

    def test_out_leaves_an_event(self, world: World) -> None:
        client = world.client("marketing")
        client.post(reverse("account_logout"))
        assert Event.objects.get(act="security.session.ended").actor == "marketing"
        assert client.get("/customers/").status_code == 302

    def test_is_over_after_twelve_hours(self, world: World) -> None:
        client = world.client("marketing")
        session = client.session
        session["began_at"] = (timezone.now() - timedelta(hours=12, minutes=1)).isoformat()
        session.save()
        assert client.get("/customers/")["Location"].startswith("/account/sign-in")
        session["began_at"] = (timezone.now() - timedelta(hours=11)).isoformat()

    def test_lasts_a_quarter_of_an_hour_without_a_request(self, world: World) -> None:
        answer = world.client("marketing").get("/customers/")
        assert answer.cookies["session"]["max-age"] == 15 * 60
        assert answer.cookies["session"]["httponly"]


class TestSecondFactor:
    def test_is_demanded_before_anything_else(self, world: World) -> None:
        with_password(world, "sales")
        client = world.client("sales")
        for url in ("/customers/", "/work/", "/"):
            assert client.get(url)["Location"] == reverse("mfa_index")
        assert client.get(reverse("mfa_index")).status_code == 200

    def test_is_not_demanded_of_roles_that_see_no_secret(self, world: World) -> None:
        with_password(world, "marketing")
        assert world.client("marketing").get("/customers/").status_code == 200

    def test_is_not_demanded_of_a_demo(self, world: World) -> None:
        with_password(world, "sales")
        Parameter.objects.create(
            name="demo", value=True, valid_from=timezone.now(), set_by="loader"
        )
        answer = world.client("sales").get("/customers/")
        assert answer.status_code == 200
        assert b"Demo company" in answer.content

    def test_comes_after_the_password_where_there_is_one(self, world: World) -> None:
        with_password(world, "sales", factor=True)
        client = Client()
        assert sign_in(client, "sales")["Location"] == reverse("mfa_authenticate")
        assert client.get("/customers/").status_code == 302

    def test_secrets_are_kept_encrypted(self) -> None:
        kept = SecondFactors().encrypt("JBSWY3DPEHPK3PXP")
        assert "JBSWY3DPEHPK3PXP" not in kept
        assert SecondFactors().decrypt(kept) == "JBSWY3DPEHPK3PXP"


class TestConfirmation:
    """Who one is, asked once more: not of whoever has just said so to set up the first factor."""

    def test_is_not_asked_right_after_the_sign_in_to_set_up_the_first_factor(
        self, world: World
    ) -> None:
        with_password(world, "sales")
        client = Client()
        sign_in(client, "sales")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    def test_is_asked_when_the_sign_in_is_a_quarter_of_an_hour_old(self, world: World) -> None:
        with_password(world, "sales")
        client = Client()
        sign_in(client, "sales")
        session = client.session
        for one in session["account_authentication_methods"]:
            one["at"] -= 15 * 60 + 1
        session.save()
        asked = client.get(reverse("mfa_activate_totp"))
        assert asked["Location"].startswith(reverse("account_reauthenticate"))

    def test_is_asked_to_change_a_factor_that_was_there_before(self, world: World) -> None:
        with_password(world, "sales")
        client = Client()
        sign_in(client, "sales")
        Authenticator.objects.create(
            user=world.company.users["sales"], type="totp", data={"secret": "kept elsewhere"},
            created_at=timezone.now() - timedelta(days=1),
        )  # fmt: skip
        asked = client.get(reverse("mfa_deactivate_totp"))
        assert asked.status_code == 302
        assert asked["Location"].startswith(reverse("account_reauthenticate"))


class TestLink:
    def test_sets_the_password_once(self, world: World) -> None:
        now = timezone.now()
        access = access_of(world.company.users["administrator"], at=now)
        user = add_user(access=access, username="newcomer", at=now)
        url = path_of(invite(access=access, user_id=user.pk, at=now))
        client = Client()
        form = client.get(url)["Location"]
        answer = client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
        assert answer["Location"] == reverse("account_reset_password_from_key_done")
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
        assert b"used already" in Client().get(url).content

    def test_names_the_user_by_the_public_id_and_holds_no_key(self, world: World) -> None:
        user = User.objects.create(pk=KEY, username="newcomer", created_at=timezone.now())
        url = path_of(link_for(user, timezone.now()))
        named = url.rsplit("/", 2)[1].partition("-")[0]
        assert named == user.public_id.hex
        assert all(one not in url for one in (str(KEY), int_to_base36(KEY), f"{KEY:x}"))
        assert Client().get(url).status_code == 302
        other = url.replace(named, world.company.users["sales"].public_id.hex)
        assert b"used already" in Client().get(other).content
        assert Client().get(url.replace(named, int_to_base36(KEY))).status_code == 404

    @pytest.mark.parametrize(
        ("has_one", "minutes", "good"),
        [
            (False, 3 * 24 * 60 - 1, True),
            (False, 3 * 24 * 60 + 1, False),
            (True, 29, True),
            (True, 31, False),
        ],
    )
    def test_lasts_three_days_for_the_first_password_and_half_an_hour_for_another(
        self, world: World, monkeypatch: pytest.MonkeyPatch, has_one: bool, minutes: int, good: bool
    ) -> None:
        user = world.company.users["marketing"]
        user.set_password(PASSWORD) if has_one else user.set_unusable_password()
        user.save()
        url = self.link_of(world, "marketing")
        moved = Links()._now() + timedelta(minutes=minutes)
        monkeypatch.setattr(Links, "_now", lambda _: moved)
        assert (Client().get(url).status_code == 302) == good

    def test_ends_with_a_change_of_the_password(self, world: World) -> None:
        user = with_password(world, "marketing")
        url = self.link_of(world, "marketing")
        assert Client().get(url).status_code == 302
        user.set_password("quite another password")
        user.save()
        assert b"used already" in Client().get(url).content

    def test_ends_with_another_that_was_used(self, world: World) -> None:
        with_password(world, "marketing")
        first, second = self.link_of(world, "marketing"), self.link_of(world, "marketing")
        client = Client()
        form = client.get(second)["Location"]
        client.post(form, {"password1": "quite another one", "password2": "quite another one"})
        assert b"used already" in Client().get(first).content
        assert b"used already" in Client().get(second).content

    def link_of(self, world: World, name: str) -> str:
        return path_of(link_for(world.company.users[name], timezone.now()))

    def test_stands_under_the_public_address_whoever_asks(self, world: World, settings) -> None:
        settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://clientela.example", ["*"]
        url = reverse("admin:user_link", args=[world.company.users["colleague"].public_id])
        answer = world.client("administrator").post(url, headers={"host": "evil.example"})
        assert "https://clientela.example/account/password/set/" in answer.content.decode()
        assert "evil.example" not in answer.content.decode()

    def test_is_shown_to_the_administrator_alone(self, world: World) -> None:
        url = reverse("admin:user_link", args=[world.company.users["colleague"].public_id])
        answer = world.client("administrator").post(url)
        assert "/account/password/set/" in answer.content.decode()
        assert Event.objects.get(act="security.user.invited").actor == "administrator"
        assert world.client("security_officer").post(url).status_code == 403


class TestHeaders:
    def test_allow_nothing_inline_and_nothing_from_elsewhere(self, world: World) -> None:
        answer = world.client("marketing").get("/customers/")
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "style-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"

    def test_speak_the_users_language(self, world: World) -> None:
        client = world.client("marketing")
        client.post(reverse("preferences"), {"language": "zh-hans", "next": "/customers/"})
        answer = client.get("/customers/")
        assert answer["Content-Language"] == "zh-hans"
        assert 'lang="zh-hans"' in answer.content.decode()


class TestNobody:
    """Somebody who is not signed in fills no trail: it can only grow."""

    def test_leaves_so_many_events_a_minute_and_no_more(self, world: World, monkeypatch) -> None:
        at = timezone.now().replace(second=1)
        monkeypatch.setattr(timezone, "now", lambda: at)
        client = Client(REMOTE_ADDR="203.0.113.9")
        for n in range(40):
            assert client.get(f"/no/such/page-{n}").status_code == 404
        assert Event.objects.filter(act="web.request.refused").count() == REFUSALS_A_MINUTE
        assert Client(REMOTE_ADDR="192.0.2.7").get("/no/such/page").status_code == 404
        at = at + timedelta(minutes=1)
        assert client.get("/no/such/page").status_code == 404
        assert Event.objects.filter(act="web.request.refused").count() == REFUSALS_A_MINUTE + 2

    def test_is_somebody_else_than_a_user_whose_refusals_are_all_written(
        self, world: World
    ) -> None:
        client = world.client("sales")
        for _ in range(REFUSALS_A_MINUTE + 5):
            assert client.get("/admin/users").status_code == 403
        events = Event.objects.filter(act="web.request.refused", actor="sales")
        assert events.count() == REFUSALS_A_MINUTE + 5
