"""Every text of signing in is the product's own, in each of its languages."""

import re
from pathlib import Path

import allauth
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from babel.messages.pofile import read_po
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.web.test_sign_in import PASSWORD, sign_in, with_password
from tests.web.world import World

LANGUAGES = {"en": "en", "zh-hans": "zh_Hans", "es": "es"}
# The texts of allauth that are no words of its own: both products' catalogues hold them.
OURS = Path(__file__).parents[2] / "src/clientela/locale"


@pytest.fixture
def world(world: World) -> World:
    cache.clear()
    return world


def allauths(language: str) -> set[str]:
    """Return every text of allauth in a language that the product does not say itself."""
    ours: set[str] = set()
    found: set[str] = set()
    kept_in = LANGUAGES[language] if language != "en" else "es"
    path = Path(allauth.__file__).parent / f"locale/{kept_in}/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id:
                texts = message.id if language == "en" else message.string
                found |= {texts} if isinstance(texts, str) else set(texts)
    for kept in OURS.glob("*/LC_MESSAGES/django.po"):
        with kept.open("rb") as file:
            for message in read_po(file):
                for texts in (message.id, message.string):
                    ours |= {texts} if isinstance(texts, str) else set(texts)
    return {text for text in found - ours if text.strip() and "%" not in text}


def said(html: str) -> set[str]:
    """Return every text of a page, and of the attributes that are read."""
    inner = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.S)
    texts = re.findall(r">([^<>]+)<", inner)
    texts += re.findall(r'(?:placeholder|alt|title|aria-label)="([^"]*)"', inner)
    return {re.sub(r"\s+", " ", text).strip() for text in texts} - {""}


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


class Visitor:
    """Somebody who goes through every page of signing in, and notes what they say."""

    def __init__(self, world: World, language: str) -> None:
        self.user = with_password(world, "sales")
        self.user.language = language
        self.user.save()
        self.client = Client(headers={"accept-language": language})
        self.pages: dict[str, str] = {}

    def note(self, name: str, answer: object) -> str:
        text = answer.content.decode()
        self.pages[name] = text
        return text

    def get(self, name: str, **kwargs: object) -> str:
        return self.note(name, self.client.get(reverse(name, kwargs=kwargs), follow=True))

    def post(self, name: str, data: dict[str, str], **kwargs: object) -> str:
        answer = self.client.post(reverse(name, kwargs=kwargs), data, follow=True)
        return self.note(f"{name} sent {sorted(data.items())}", answer)

    def everywhere(self) -> None:
        self.get("account_login")
        sign_in(self.client, "sales")
        for name in ("mfa_index", "account_change_password", "account_reauthenticate"):
            self.get(name)
        self.post("account_reauthenticate", {"password": "wrong"})
        self.post("account_reauthenticate", {"password": ""})
        self.post("account_reauthenticate", {"password": PASSWORD})
        for one, other in (("short", "short"), ("a password to keep", "another"),
                           ("sales-sales-sales", "sales-sales-sales"), ("", "")):  # fmt: skip
            old = PASSWORD if one else "wrong"
            data = {"oldpassword": old, "password1": one, "password2": other}
            self.post("account_change_password", data)
        self.get("mfa_activate_totp")
        self.post("mfa_activate_totp", {"code": "000000"})
        secret = self.client.session["mfa.totp.secret"]
        self.post("mfa_activate_totp", {"code": code_of(secret)})
        for name in ("mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
                     "mfa_deactivate_totp", "mfa_list_webauthn", "mfa_add_webauthn",
                     "usersessions_list", "mfa_reauthenticate"):  # fmt: skip
            self.get(name)
        self.post("mfa_reauthenticate", {"code": "000000"})
        key = Authenticator.objects.create(
            user=self.user,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Blue", "credential": {}},
        )
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            self.get(name, pk=key.pk)
        self.post("mfa_edit_webauthn", {"name": ""}, pk=key.pk)
        self.post("mfa_generate_recovery_codes", {})
        key.delete()
        self.get("account_logout")
        self.post("account_logout", {})
        sign_in(self.client, "sales")
        self.get("mfa_authenticate")
        self.post("mfa_authenticate", {"code": "000000"})


class TestSigningIn:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_nothing_in_allauths_words(self, world, settings, language) -> None:
        settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
        visitor = Visitor(world, language)
        visitor.everywhere()
        foreign = allauths(language)
        assert len(foreign) > 50
        wrong = {name: said(page) & foreign for name, page in visitor.pages.items()}
        assert not {name: texts for name, texts in wrong.items() if texts}
        assert len(visitor.pages) > 24
        for name, page in visitor.pages.items():
            assert f'<html lang="{language}"' in page, name
            assert 'class="entrance"' in page or 'id="side"' in page, name  # the product's shell
