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

# as a browser does when the person cancels
REFUSES = """() => { navigator.credentials.get = () =>
    Promise.reject(new DOMException("cancelled", "NotAllowedError")) }"""


def link(role: Role, name: str) -> str:
    """Return the path of an officer's first link, in an installation founded where there is none."""
    now = timezone.now()
    with transaction.atomic(), system_context("a new installation"):
        found(name="Group", base_currency="EUR", at=now)
        (one,) = appoint(persons={role: name}, at=now)
    return "/" + one.link.split("/", 3)[3]


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


def set_password(page: Page, address: str) -> None:
    page.goto(address)
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account/password/done"))


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/account/sign-in")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/account/second-factor"))


class TestPasskey:
    def test_is_the_second_factor_and_then_signs_in_alone(
        self, with_authenticator: Page, by_name: str
    ) -> None:
        page = with_authenticator
        set_password(page, by_name + link(Role.ADMINISTRATOR, "ana"))
        sign_in(page, by_name, "ana")  # the second factor is asked for before anything else
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

    def test_is_asked_for_first_where_there_is_no_code_and_says_why_none_was_used(
        self, with_authenticator: Page, by_name: str
    ) -> None:
        page = with_authenticator
        set_password(page, by_name + link(Role.SECURITY_OFFICER, "eva"))
        sign_in(page, by_name, "eva")
        page.goto(f"{by_name}/account/second-factor/keys/new")
        page.fill("input[name=name]", "Key")
        page.click("#mfa_webauthn_add")
        expect(page).to_have_url(re.compile("/account/second-factor/codes"))
        page.context.clear_cookies()
        sign_in(page, by_name, "eva")
        expect(page).to_have_url(re.compile("/account/second-factor/ask"))
        expect(page.locator(".entrance-card button").first).to_have_text("Use a security key")
        expect(page.get_by_label("Recovery code")).to_be_visible()
        expect(page.get_by_text("authenticator app")).to_have_count(0)
        page.evaluate(REFUSES)
        page.click("#mfa_webauthn_authenticate")
        expect(page.get_by_role("alert")).to_contain_text("No key was used")
        page.reload()
        page.click("#mfa_webauthn_authenticate")
        expect(page).to_have_url(re.compile("/work/"))
