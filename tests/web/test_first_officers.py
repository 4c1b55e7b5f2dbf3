"""An installation that nobody can administer yet, from the command to the first given right."""

import base64
import hashlib
import hmac
import struct
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clientela.security.models import Grant, OrgNode, User
from clientela.security.roles import Role
from clientela.security.selectors import access_of
from clientela.security.services.founding import found
from clientela.security.services.offices import appoint
from clientela.store.context import system_context

PASSWORD = "a long enough password"
NAMES = {Role.ADMINISTRATOR: "ana", Role.SECURITY_OFFICER: "luis"}


@pytest.fixture
def links(db: None) -> dict[str, str]:
    cache.clear()
    now = timezone.now()
    with system_context("a new installation"):
        found(name="Group", base_currency="EUR", at=now)
        return {one.username: one.link for one in appoint(persons=NAMES, at=now)}


def one_time_code(secret: str, at: float) -> str:
    """Return the six digits of RFC 6238 (SHA-1, steps of 30 s), as an app on a phone does."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 0xF
    (value,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(value & 0x7FFFFFFF) % 1_000_000:06d}"


def come_in(link: str, name: str) -> Client:
    """Set a password by the link, sign in with it, and set up the second factor."""
    client = Client()
    form = client.get(link.removeprefix(settings.PUBLIC_URL))["Location"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    refused = client.get(reverse("admin:users"))
    assert refused["Location"] == reverse("mfa_index")  # before anything else
    page = client.get(reverse("mfa_activate_totp"))  # at once: the password was typed just now
    code = one_time_code(page.context["form"].secret, time.time())
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    return client


class TestFirstOfficers:
    def test_come_in_by_their_links_and_give_the_first_right(self, links: dict[str, str]) -> None:
        ana, luis = come_in(links["ana"], "ana"), come_in(links["luis"], "luis")
        ana.post(reverse("admin:user_new"), {"username": "maria", "kind": "person"})
        maria = User.objects.get(username="maria")
        period = {"valid_to": (timezone.now() + timedelta(days=90)).date().isoformat()}
        where = OrgNode.objects.get(kind="group").code
        proposal = {"role": "data_steward", "node": where} | period
        ana.post(reverse("admin:user_grant", args=[maria.public_id]), proposal)
        grant = Grant.objects.get(user=maria)
        approval = reverse("admin:approval_grant", args=[grant.public_id])
        assert ana.post(approval).status_code == 403
        assert luis.post(approval).status_code == 302
        assert access_of(maria, at=timezone.now()).roles == {Role.DATA_STEWARD}

    def test_see_no_customer(self, links: dict[str, str]) -> None:
        for name in NAMES.values():
            assert come_in(links[name], name).get("/customers/").status_code == 403
