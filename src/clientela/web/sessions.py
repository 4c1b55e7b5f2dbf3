"""Sign-in as this product wants it of allauth, and the events of sessions."""

import base64
import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from clientela.audit.context import Actor, acting, actor
from clientela.audit.services import record_event
from clientela.kernel.reasons import Reason
from clientela.runtime import keys
from clientela.security.administration import resets_to_tell
from clientela.security.models import User
from clientela.web import account_words as words
from clientela.web.formats import moment
from clientela.web.gate import BEGUN

NONCE = 12  # bytes
FRESH = timedelta(minutes=15)  # a sign-in, as long as a session lasts without a request


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody registers alone, nobody is sent to another site, and all is said in our words."""

    error_messages = DefaultAccountAdapter.error_messages | words.ERRORS

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse an attempt after too many. Raises ValidationError, and leaves an event."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _record_refused(request, credentials, "too_many_requests")
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return what failed attempts are counted by: the account, and where they come from.

        Counted by the account alone, anybody could shut its owner out.
        """
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{self.get_client_ip(request)}"

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Allow paths of this site alone: no scheme, no host, not even our own."""
        return bool(url) and is_own_path(str(url))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what became of it, where there is something to say."""
        said = message or words.MESSAGES.get(message_template or "")
        if said:
            messages.add_message(request, level, str(said), extra_tags=extra_tags)

    def clean_password(self, password: str, user: Any = None) -> str:
        """Return a password that may be used. Raises ValidationError in our words."""
        try:
            return str(super().clean_password(password, user=user))
        except ValidationError as refused:
            codes = [str(one.code) for one in refused.error_list]
            said = [words.PASSWORDS.get(code, words.OTHER_PASSWORD) for code in codes]
            raise ValidationError([ValidationError(str(one)) for one in said]) from refused

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Tell whether to ask who one is once more.

        Whoever has just signed in with all there is to ask for need not say so again to set the
        first second factor up. One that was there before the sign-in is not changed that easily.
        """
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        return not _has_just_signed_in(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to confirm who one is."""
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": words.WAYS[way["id"]]} for way in ways]


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are class S5: kept encrypted under the installation's key."""

    error_messages = DefaultMFAAdapter.error_messages | words.ERRORS

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """Return a name for a new key: its number."""
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(words.KEY) % {"number": held + 1}

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), b"mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        kept = base64.b64decode(encrypted_text)
        return _cipher().decrypt(kept[:NONCE], kept[NONCE:], b"mfa").decode()


def _has_just_signed_in(request: HttpRequest) -> bool:
    """Tell whether the sign-in is fresh and asked for no second factor because there was none."""
    signed_in = [
        one["at"]
        for one in get_authentication_records(request, request.user)
        if one.get("method") == "password" and not one.get("reauthenticated")
    ]
    if not signed_in or time.time() - signed_in[-1] >= FRESH.total_seconds():
        return False
    before = datetime.fromtimestamp(signed_in[-1], UTC)
    return not Authenticator.objects.filter(user=request.user, created_at__lt=before).exists()


def is_own_path(url: str) -> bool:
    """Tell whether `url` is a path of this site and nothing else."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def connect() -> None:
    """Write an event for each sign-in, each refused one and each sign-out."""
    user_logged_in.connect(_begun, dispatch_uid="session_begun")
    user_login_failed.connect(_refused, dispatch_uid="session_refused")
    user_logged_out.connect(_ended, dispatch_uid="session_ended")


def _begun(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    at = getattr(request, "at", None) or timezone.now()
    request.session[BEGUN] = at.isoformat()
    _record("security.session.begun", request, user)
    for reset in resets_to_tell(user, at=at):
        said = words.RESETS[reset.what] % {
            "on": moment(reset.confirmed_at),
            "asked": reset.asked_by,
            "confirmed": reset.confirmed_by,
        }
        messages.warning(request, said, fail_silently=True)


def _refused(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    if request is not None:
        _record_refused(request, credentials, "credentials_wrong")


def _record_refused(request: HttpRequest, credentials: dict[str, Any], code: str) -> None:
    """Write whose account was tried, where it is somebody's.

    What was typed as a name may be a password typed in the wrong field: it is not kept.
    """
    name = str(credentials.get("username", "")).strip().lower()
    tried = User.objects.filter(username=name).only("public_id").first()
    record_event(
        act="security.session.refused",
        at=getattr(request, "at", None) or timezone.now(),
        subject=("security.User", tried.public_id if tried else ""),
        refused=[Reason(code=code)],
    )


def _ended(sender: Any, request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        _record("security.session.ended", request, user)


def _record(act: str, request: HttpRequest, user: Any) -> None:
    now = actor()
    who = Actor(
        user_id=user.pk, name=user.username, channel="page", address=now.address,
        device=now.device, session=now.session, request_id=now.request_id,
    )  # fmt: skip
    at = getattr(request, "at", None) or timezone.now()
    with acting(who):
        record_event(act=act, at=at, subject=("security.User", user.public_id))


def _cipher() -> AESGCM:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"second factors")
    return AESGCM(derive.derive(keys.key("kek")))
