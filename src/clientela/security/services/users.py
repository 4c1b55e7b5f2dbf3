"""Users. Nobody chooses another's password: a new user gets a link and sets it."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.days import zone_names
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.security.models import User
from clientela.security.permits import Access

LANGUAGES = {"en", "zh-hans", "es"}
THEMES = {"auto", "light", "dark"}


NOBODY = frozenset({"operator", "set-up"})  # who stands in records where it was no user


@transaction.atomic
def add_user(
    *,
    access: Access,
    username: str,
    at: datetime,
    full_name: str = "",
    email: str = "",
    language: str = "",
    kind: str = User.Kind.PERSON,
) -> User:
    """Add a user without a password and without any right.

    Raises NotPermitted; Invalid when the name is taken or not usable.
    """
    access.demand("user.write")
    return _added(
        User(
            username=username, full_name=full_name.strip(), email=email.strip(),
            language=language, kind=kind, created_at=at, created_by=access.username,
        )
    )  # fmt: skip


def new_person(*, username: str, at: datetime, created_by: str) -> User:
    """Add a person for the machine's owner, as `add_user` does for an administrator."""
    return _added(User(username=username, created_at=at, created_by=created_by))


def _added(user: User) -> User:
    """Keep a new user without a password. Raises Invalid for a name taken or not usable."""
    name = user.username.strip().lower()
    if not name or len(name) > 80 or any(c.isspace() for c in name):
        raise Invalid(Reason(code="username_invalid"))
    if name in NOBODY or User.objects.filter(username=name).exists():
        raise Invalid(Reason(code="username_taken", params={"username": name}))
    user.username = name
    user.set_unusable_password()
    user.save()
    record_event(
        act="security.user.added",
        at=user.created_at,
        subject=("security.User", user.public_id),
        after={"username": name, "kind": user.kind},
    )
    return user


@transaction.atomic
def disable_user(*, access: Access, user_id: int, at: datetime) -> User:
    """Shut a user out now: sessions end, tokens and grants stop counting at once.

    Raises NotPermitted, also for oneself, so that nobody locks everybody out.
    """
    access.demand("user.write")
    if user_id == access.user_id:
        raise NotPermitted(Reason(code="not_for_oneself"))
    user = User.objects.select_for_update().get(pk=user_id)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    record_event(act="security.user.disabled", at=at, subject=("security.User", user.public_id))
    return user


@transaction.atomic
def enable_user(*, access: Access, user_id: int, at: datetime) -> User:
    """Let a user in again. Raises NotPermitted."""
    access.demand("user.write")
    user = User.objects.select_for_update().get(pk=user_id)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_event(act="security.user.enabled", at=at, subject=("security.User", user.public_id))
    return user


@transaction.atomic
def change_preferences(
    *,
    access: Access,
    at: datetime,
    language: str | None = None,
    theme: str | None = None,
    time_zone: str | None = None,
) -> User:
    """Change one's own language, appearance or time zone. Raises Invalid for what there is not.

    :param time_zone: of the IANA list; empty: that of the place where one works.
    """
    if language not in LANGUAGES | {None} or theme not in THEMES | {None}:
        raise Invalid(Reason(code="preference_unknown"))
    if time_zone and time_zone not in zone_names():
        raise Invalid(Reason(code="time_zone_unknown", params={"field": "time_zone"}))
    user = User.objects.select_for_update().get(pk=access.user_id)
    before = _preferences(user)
    user.language, user.theme = language or user.language, theme or user.theme
    user.time_zone = user.time_zone if time_zone is None else time_zone
    user.save(update_fields=["language", "theme", "time_zone"])
    record_event(
        act="security.user.preferences_changed",
        at=at,
        subject=("security.User", user.public_id),
        before=before,
        after=_preferences(user),
    )
    return user


def _preferences(user: User) -> dict[str, str]:
    return {"language": user.language, "theme": user.theme, "time_zone": user.time_zone}


def end_sessions(user: User) -> None:
    """Delete the sessions of a user. Each request checks `is_active` as well."""
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
