"""The link with which a person sets the own password: nobody chooses another's."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.security.models import User
from clientela.security.permits import Access


@transaction.atomic
def invite(*, access: Access, user_id: int, at: datetime) -> str:
    """Return the address of a link that sets this user's password once, for three days.

    The link ends with the next sign-in or change of password. A second factor that the
    user has stays as it is, so the link alone opens no account that needs one.
    Raises NotPermitted, also for oneself; Invalid for a service account or a disabled user.
    """
    access.demand("user.write")
    if user_id == access.user_id:
        raise NotPermitted(Reason(code="not_for_oneself"))
    user = User.objects.select_for_update().get(pk=user_id)
    if user.kind != User.Kind.PERSON or not user.is_active:
        raise Invalid(Reason(code="link_needs_an_active_person"))
    return link_for(user, at)


def link_for(user: User, at: datetime) -> str:
    """Return the address of a user's link, under the public address, and leave its event."""
    record_event(act="security.user.invited", at=at, subject=("security.User", user.public_id))
    parts = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    path = reverse("account_reset_password_from_key", kwargs=parts)
    return f"{settings.PUBLIC_URL}{path}"
