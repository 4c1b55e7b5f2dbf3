"""A second factor that its user lost, recovery codes and all: taken away by two persons.

One asks and says why, another confirms within a day, and neither is the user. The password
stays as it is and no session does; at the next sign-in a new factor has to be set up, and for
two weeks each sign-in tells the user who did this. Whoever owns the machine may stand for one
of the two persons, since an installation may have no second officer who can sign in.
"""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from clientela.audit.services import record_event
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason, Refused
from clientela.security.models import FactorReset, User
from clientela.security.permits import Access, may_confirm_reset
from clientela.security.services.offices import OPERATOR
from clientela.security.services.users import end_sessions

STANDS = timedelta(days=1)
LONGEST = 400  # characters of a reason


class ResetRefused(Refused):
    """This request may not be confirmed, or not by this person."""


@transaction.atomic
def ask_factor_reset(*, access: Access, user_id: int, reason: str, at: datetime) -> FactorReset:
    """Ask that a user's second factor be taken away; nothing happens before another confirms.

    Raises NotPermitted, also for oneself; Invalid without a reason, for a user who has no
    second factor, or where a request stands already.
    """
    access.demand("factor.propose")
    if user_id == access.user_id:
        raise NotPermitted(Reason(code="not_for_oneself"))
    return _asked(user_id, reason, access.username, at)


@transaction.atomic
def confirm_factor_reset(*, access: Access, public_id: str, at: datetime) -> FactorReset:
    """Take the second factor away that another person asked about.

    Raises NotPermitted; NotInScope for a request that does not stand; ResetRefused with every
    reason (own request, own account, over).
    """
    access.demand("factor.approve")
    return _confirmed(_standing(public_id), access.username, at)


@transaction.atomic
def end_factor_reset(*, access: Access, public_id: str, at: datetime) -> FactorReset:
    """Withdraw one's own request, or refuse another's. Raises NotPermitted, NotInScope."""
    access.demand("factor.end")
    reset = _standing(public_id)
    reset.ended_by, reset.ended_at = access.username, at
    reset.save(update_fields=["ended_by", "ended_at"])
    own = reset.asked_by == reset.ended_by
    _event("security.factor_reset.withdrawn" if own else "security.factor_reset.refused", reset, at)
    return reset


@transaction.atomic
def reset_by_operator(*, username: str, reason: str, at: datetime) -> FactorReset:
    """Stand for one of the two persons: confirm the request that stands, or else ask.

    Raises Invalid for an unknown user, and as `ask_factor_reset`; ResetRefused for a request
    of the operator's own.
    """
    user = User.objects.filter(username=username.strip().lower()).first()
    if user is None:
        raise Invalid(Reason(code="user_unknown", params={"user": username}))
    open_ones = FactorReset.objects.filter(user=user, confirmed_at=None, ended_at=None)
    reset = open_ones.filter(expires_at__gt=at).first()
    if reset is None:
        return _asked(user.pk, reason, OPERATOR, at)
    return _confirmed(_standing(str(reset.public_id)), OPERATOR, at)


def _asked(user_id: int, reason: str, by: str, at: datetime) -> FactorReset:
    user = User.objects.select_for_update().get(pk=user_id)  # two requests at a time wait
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Invalid(Reason(code="factor_reset_needs_a_reason", params={"field": "reason"}))
    if not user.is_active or not Authenticator.objects.filter(user=user).exists():
        raise Invalid(Reason(code="no_second_factor_to_reset"))
    others = FactorReset.objects.filter(user=user, confirmed_at=None, ended_at=None)
    if others.filter(expires_at__gt=at).exists():
        raise Invalid(Reason(code="factor_reset_was_asked_already"))
    reset = FactorReset.objects.create(
        user=user, reason=said, asked_by=by, asked_at=at, expires_at=at + STANDS
    )
    _event("security.factor_reset.asked", reset, at)
    return reset


def _confirmed(reset: FactorReset, by: str, at: datetime) -> FactorReset:
    user = User.objects.select_for_update().get(pk=reset.user_id)
    permit = may_confirm_reset(
        subject=user.username, asked_by=reset.asked_by, confirmer=by,
        expires_at=reset.expires_at, at=at,
    )  # fmt: skip
    if not permit:
        raise ResetRefused(*permit.reasons)
    reset.confirmed_by, reset.confirmed_at = by, at
    reset.save(update_fields=["confirmed_by", "confirmed_at"])
    Authenticator.objects.filter(user=user).delete()
    user.factor_reset_at = at
    user.save(update_fields=["factor_reset_at"])
    end_sessions(user)
    _event("security.factor_reset.confirmed", reset, at)
    return reset


def _standing(public_id: str) -> FactorReset:
    found = FactorReset.objects.select_for_update(of=("self",)).select_related("user")
    reset = found.filter(public_id=public_id, confirmed_at=None, ended_at=None).first()
    if reset is None:
        raise NotInScope("factor_reset")
    return reset


def _event(act: str, reset: FactorReset, at: datetime) -> None:
    after = {"user": reset.user.username, "reason": reset.reason, "asked_by": reset.asked_by}
    record_event(act=act, at=at, subject=("security.FactorReset", reset.public_id), after=after)
