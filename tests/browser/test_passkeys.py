"""A passkey instead of a password, in a browser with an authenticator of its own.

By name: a browser gives no passkey to an address of digits (WebAuthn, section 5.1.3).
"""

import re

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from clientela.security.roles import Role
from clientela.security.services.founding import found
from clientela.security.services.offices import appoint
from clientela.store.context import system_context
from tests.browser.conftest import OpenPage, Site

PASSWORD = "a long enough password"
PHONE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def link(site: Site) -> str:
    """The path of the first administrator's link."""
    now = timezone.now()
    with transaction.atomic(), system_context("a new installation"):
        found(name="Group", base_currency="EUR", at=now)
        (ana,) = appoint(persons={Role.ADMINISTRATOR: "ana"}, at=now)
    return "/" + ana.link.split("/", 3)[3]


@pytest.fixture
def by_name(site: Site) -> str:
    return site.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def with_authenticator(open_page: OpenPage) -> Page:
    page = open_page()
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    return page


class TestPasskey:
    def test_is_the_second_factor_and_then_signs_in_alone(
        self, with_authenticator: Page, by_name: str, link: str
    ) -> None:
        page = with_authenticator
        page.goto(by_name + link)
        page.fill("#id_password1", PASSWORD)
        page.fill("#id_password2", PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/account/password/done"))
        page.goto(f"{by_name}/account/sign-in")
        page.fill("#id_login", "ana")
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("/account/second-factor"))  # before anything else
        page.goto(f"{by_name}/account/second-factor/keys/new")  # the password was typed just now
        page.fill("input[name=name]", "Phone")
        page.check("input[name=passwordless]")
        page.click("#mfa_webauthn_add")
        expect(page).to_have_url(re.compile("/account/second-factor/codes"))
        page.goto(f"{by_name}/admin/users")
        expect(page.get_by_text("ana").first).to_be_visible()
        page.context.clear_cookies()
        page.goto(f"{by_name}/account/sign-in")
        page.click("#passkey_login")
        expect(page).to_have_url(re.compile("/work/"))
        page.goto(f"{by_name}/admin/users")
        expect(page.get_by_text("ana").first).to_be_visible()
