"""The link with which a person sets the own password: nobody chooses another's.

One person makes it for somebody who never had a password; for anybody else it takes two
(`factors`), or whoever makes it could sign in as its user.

It is good for one password and no longer than half an hour (goal G41). Only somebody who never
had a password gets three days: there is nothing yet that a stray link could open, and a new
colleague does not always sit ready. The link of somebody who has one ends with that password,
so an invitation never lives on as the longer link of an account in use.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils.http import base36_to_int

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.security.models import User
from clientela.security.permits import Access

FIRST = timedelta(days=3)
AGAIN = timedelta(minutes=30)


class Links(PasswordResetTokenGenerator):
    """Keys of links: they end with the next sign-in or change of password, and with their time.

    Whether a user has a password is part of what is signed through the password itself, so a
    key made for the first one is void for the second.
    """

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Tell whether this key of this user is good now."""
        if not user or not token or not super().check_token(user, token):
            return False
        made = base36_to_int(token.partition("-")[0])
        return self._num_seconds(self._now()) - made <= lasts(user).total_seconds()


def lasts(user: User) -> timedelta:
    """Return how long a link of this user is good."""
    return AGAIN if user.has_usable_password() else FIRST


@transaction.atomic
def invite(*, access: Access, user_id: int, at: datetime) -> str:
    """Return the address of a link that sets this user's first password, within three days.

    Raises NotPermitted, also for oneself; Invalid for a service account or a disabled user, and
    for one who has a password already.
    """
    access.demand("user.write")
    if user_id == access.user_id:
        raise NotPermitted(Reason(code="not_for_oneself"))
    user = User.objects.select_for_update().get(pk=user_id)
    if user.kind != User.Kind.PERSON or not user.is_active:
        raise Invalid(Reason(code="link_needs_an_active_person"))
    if user.has_usable_password():
        raise Invalid(Reason(code="password_link_takes_two"))
    return link_for(user, at)


def link_for(user: User, at: datetime) -> str:
    """Return the address of a user's link, under the public address, and leave its event.

    It names the user by the public id, in the part that the library calls `uidb36`.
    """
    record_event(act="security.user.invited", at=at, subject=("security.User", user.public_id))
    parts = {"uidb36": user.public_id.hex, "key": Links().make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return f"{settings.PUBLIC_URL}{path}"


def user_of_link(part: str) -> User | None:
    """Return the user whom a link names, or None."""
    try:
        return User.objects.filter(public_id=UUID(hex=part)).first()
    except ValueError:
        return None
