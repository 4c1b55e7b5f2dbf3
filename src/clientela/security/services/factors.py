"""What its user lost, a second factor with its codes or a password: helped by two persons.

One asks and says why, another confirms within a day, and neither is the user. Of a second
factor, the password stays as it is and no session does; at the next sign-in a new factor has to
be set up. Of a password, a link for a new one is shown once to who confirmed, who hands it over:
whoever asked never sees it, so that nobody alone signs in as somebody else. For two weeks each
sign-in tells the user who did this. Whoever owns the machine may stand for one of the two
persons, since an installation may have no second officer who can sign in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason, Refused
from clientela.security.models import FactorReset, User
from clientela.security.permits import Access, may_confirm_reset
from clientela.security.roles import Role
from clientela.security.services.invitations import lasts, link_for
from clientela.security.services.offices import OPERATOR, is_held_by_another
from clientela.security.services.users import end_sessions

What = FactorReset.What
STANDS = timedelta(days=1)
LONGEST = 400  # characters of a reason


class ResetRefused(Refused):
    """This request may not be confirmed, or not by this person."""


@dataclass(frozen=True, kw_only=True)
class Helped:
    """A request as it stands now, and the link of one that was confirmed about a password."""

    reset: FactorReset
    link: str = ""


@transaction.atomic
def ask_reset(
    *, access: Access, user_id: int, what: What, reason: str, at: datetime
) -> FactorReset:
    """Ask about what a user lost; nothing happens before another confirms.

    Raises NotPermitted, also for oneself; Invalid without a reason, for a user who has no
    second factor or never had a password, or where a request stands already.
    """
    access.demand("factor.propose")
    if user_id == access.user_id:
        raise NotPermitted(Reason(code="not_for_oneself"))
    return _asked(user_id, what, reason, access.username, at)


@transaction.atomic
def confirm_reset(*, access: Access, public_id: str, at: datetime) -> Helped:
    """Take the second factor away that another asked about, or make the link for a password.

    Raises NotPermitted; NotInScope for a request that does not stand; ResetRefused with every
    reason (own request, own account, over).
    """
    access.demand("factor.approve")
    return _confirmed(_standing(public_id), access.username, at)


@transaction.atomic
def end_reset(*, access: Access, public_id: str, at: datetime) -> FactorReset:
    """Withdraw one's own request, or refuse another's. Raises NotPermitted, NotInScope."""
    access.demand("factor.end")
    reset = _standing(public_id)
    reset.ended_by, reset.ended_at = access.username, at
    reset.save(update_fields=["ended_by", "ended_at"])
    own = reset.asked_by == reset.ended_by
    _event("withdrawn" if own else "refused", reset, at)
    return reset


@transaction.atomic
def reset_by_operator(*, username: str, what: What, reason: str, at: datetime) -> Helped:
    """Stand for one of the two persons: confirm the request that stands, or else ask.

    Raises Invalid for an unknown user, and as `ask_reset`; ResetRefused for a request of the
    operator's own, and for one that no security officer but the user could confirm.
    """
    user = User.objects.filter(username=username.strip().lower()).first()
    if user is None:
        raise Invalid(Reason(code="user_unknown", params={"user": username}))
    reset = _open(user, what, at).first()
    if reset is None:
        if not is_held_by_another(Role.SECURITY_OFFICER, [user.username], at=at):
            params = {"user": user.username}
            raise ResetRefused(Reason(code="nobody_else_to_confirm", params=params))
        return Helped(reset=_asked(user.pk, what, reason, OPERATOR, at))
    return _confirmed(_standing(str(reset.public_id)), OPERATOR, at)


def _asked(user_id: int, what: What, reason: str, by: str, at: datetime) -> FactorReset:
    user = User.objects.select_for_update().get(pk=user_id)  # two requests at a time wait
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Invalid(Reason(code="factor_reset_needs_a_reason"))
    if not user.is_active or not _has(user, what):
        code = "no_second_factor_to_reset" if what == What.FACTOR else "no_password_to_reset"
        raise Invalid(Reason(code=code))
    if _open(user, what, at).exists():
        raise Invalid(Reason(code="factor_reset_was_asked_already"))
    reset = FactorReset.objects.create(
        user=user, what=what, reason=said, asked_by=by, asked_at=at, expires_at=at + STANDS
    )
    _event("asked", reset, at)
    return reset


def _has(user: User, what: What) -> bool:
    if what == What.FACTOR:
        return bool(Authenticator.objects.filter(user=user).exists())
    return user.kind == User.Kind.PERSON and user.has_usable_password()


def _open(user: User, what: What, at: datetime) -> QuerySet[FactorReset]:
    found = FactorReset.objects.filter(user=user, what=what, confirmed_at=None, ended_at=None)
    return found.filter(expires_at__gt=at)


def _confirmed(reset: FactorReset, by: str, at: datetime) -> Helped:
    user = User.objects.select_for_update().get(pk=reset.user_id)
    permit = may_confirm_reset(
        subject=user.username, asked_by=reset.asked_by, confirmer=by,
        is_active=user.is_active, expires_at=reset.expires_at, at=at,
    )  # fmt: skip
    if not permit:
        raise ResetRefused(*permit.reasons)
    makes_link = reset.what == What.PASSWORD
    reset.confirmed_by, reset.confirmed_at = by, at
    reset.link_until = at + lasts(user) if makes_link else None
    reset.save(update_fields=["confirmed_by", "confirmed_at", "link_until"])
    link = link_for(user, at) if makes_link else _taken_away(user, at)
    _event("confirmed", reset, at)
    return Helped(reset=reset, link=link)


def _taken_away(user: User, at: datetime) -> str:
    """Take the second factor away and end the sessions. There is no link to show."""
    Authenticator.objects.filter(user=user).delete()
    user.factor_reset_at = at
    user.save(update_fields=["factor_reset_at"])
    end_sessions(user)
    return ""


def _standing(public_id: str) -> FactorReset:
    found = FactorReset.objects.select_for_update(of=("self",)).select_related("user")
    reset = found.filter(public_id=public_id, confirmed_at=None, ended_at=None).first()
    if reset is None:
        raise NotInScope("factor_reset")
    return reset


def _event(became: str, reset: FactorReset, at: datetime) -> None:
    after = {"user": reset.user.username, "reason": reset.reason, "asked_by": reset.asked_by}
    act = f"security.{reset.what}_reset.{became}"
    record_event(act=act, at=at, subject=("security.FactorReset", reset.public_id), after=after)
