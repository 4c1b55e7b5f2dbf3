"""Setting what the company's figures are worked out with: one proposes, another approves.

A proposal is a value with its instant, and never changes. It is approved as it was shown, or not
at all: not after a week, not once its day began, not when what it replaces is no longer what it
was. What is approved is a new row; nothing that was in force before is touched.
"""

import hashlib
import json
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from clientela.analysis.defaults import PREFIX, Dated, Standing, against_others, value_at
from clientela.analysis.expressions.spec import BadQuestion
from clientela.analysis.services.company import proposals, standing
from clientela.audit.context import actor
from clientela.audit.services import record_event
from clientela.kernel.days import begin_of, day_in
from clientela.kernel.reasons import Invalid, NotInScope, Reason, Refused
from clientela.security.permits import Access, may_approve_parameter
from clientela.security.selectors import company_zone
from clientela.store.models import Parameter, ParameterProposal

STANDS = timedelta(days=7)
FURTHEST = timedelta(days=366)  # that a day may lie ahead
LONGEST = 400  # characters of a reason
REFRESH = "clientela.analysis.tasks.refresh"
_LOCK = "clientela parameters"  # one proposal or decision at a time: values are held to others


class ProposalRefused(Refused):
    """This proposal may not be approved, or not by this person, or not any more."""


@transaction.atomic
def propose_parameter(
    *, access: Access, name: str, value: Any, from_on: date | None = None, at: datetime
) -> ParameterProposal:
    """Propose a value, from the approval on or from the begin of a coming day of the company.

    Raises NotPermitted; NotInScope for an unknown name; Invalid for a value that is none, that
    holds already or goes against another, for a day that is not to come, or where a proposal for
    the same stands.
    """
    access.demand("parameter.propose")
    one = standing(name)
    _one_at_a_time()
    begins = None if from_on is None else _begin(from_on, at)
    new = Dated(name=name, value=_read(one, value), valid_from=begins or at)
    dated = _dated()
    before = value_at(name, dated, new.valid_from)
    if new.value == before:
        raise Invalid(Reason(code="parameter_holds_already", params={"field": "value"}))
    reasons = against_others(new, dated)
    if reasons:
        raise Invalid(*reasons)
    if proposals(access, at=at, name=name).exists():
        raise Invalid(Reason(code="parameter_was_proposed_already"))
    proposal = ParameterProposal.objects.create(
        name=name, value=new.value, replaces=before, valid_from=begins,
        proposed_by=access.username, proposed_through=actor().channel, proposed_at=at,
        expires_at=min(at + STANDS, begins) if begins else at + STANDS,
    )  # fmt: skip
    _event("proposed", proposal, at)
    return proposal


@transaction.atomic
def approve_parameter(
    *, access: Access, public_id: str, shown: str | None = None, at: datetime
) -> ParameterProposal:
    """Put the value in force that another person proposed, as a new row.

    Raises NotPermitted; NotInScope; ProposalRefused with every reason (decided, own proposal,
    over, another than was shown, or no longer what it was proposed against).

    :param shown: `digest` of the proposal that the approver saw; None for whoever names it by its
        id alone, behind which it does not change.
    """
    access.demand("parameter.approve")
    _one_at_a_time()
    proposal = _found(public_id)
    permit = may_approve_parameter(
        proposed_by=proposal.proposed_by, approver=access.username,
        proposed_through=proposal.proposed_through, through=actor().channel,
        expires_at=proposal.expires_at, at=at,
    )  # fmt: skip
    if not permit:
        raise ProposalRefused(*permit.reasons)
    if shown is not None and shown != digest(proposal):
        raise ProposalRefused(Reason(code="parameter_is_not_as_shown"))
    new = Dated(name=proposal.name, value=proposal.value, valid_from=proposal.valid_from or at)
    _still_stands(new, proposal.replaces)
    proposal.approved_by, proposal.approved_at = access.username, at
    proposal.save(update_fields=["approved_by", "approved_at"])
    Parameter.objects.create(
        name=new.name, value=new.value, valid_from=new.valid_from,
        set_by=proposal.proposed_by, approved_by=access.username,
    )  # fmt: skip
    _event("approved", proposal, at, valid_from=new.valid_from.isoformat())
    if new.valid_from <= at:
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(REFRESH, queueing_lock="refresh").defer()
    return proposal


@transaction.atomic
def end_proposal(
    *, access: Access, public_id: str, reason: str = "", at: datetime
) -> ParameterProposal:
    """Withdraw one's own proposal, or decline another's with a reason.

    Raises NotPermitted, NotInScope, ProposalRefused for one that was decided, and Invalid.
    """
    access.demand("parameter.end")
    _one_at_a_time()
    proposal = _found(public_id)
    said = " ".join(reason.split())
    own = proposal.proposed_by == access.username
    if (not said and not own) or len(said) > LONGEST or not said.isprintable():
        raise Invalid(Reason(code="proposal_needs_a_reason", params={"field": "reason"}))
    proposal.ended_by, proposal.ended_at, proposal.ended_reason = access.username, at, said
    proposal.save(update_fields=["ended_by", "ended_at", "ended_reason"])
    _event("withdrawn" if own else "declined", proposal, at, reason=said)
    return proposal


def digest(proposal: ParameterProposal) -> str:
    """Return what is approved when this proposal is: every part of it in one word."""
    told = [str(proposal.public_id), proposal.name, proposal.value, proposal.replaces,
            proposal.valid_from and proposal.valid_from.isoformat(), proposal.proposed_by]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _read(one: Standing, value: Any) -> Any:
    try:
        return one.parameter.checked(value)
    except BadQuestion as error:
        told = dict(error.reason.params) | {"field": "value"}
        code = _OF_A_VALUE.get(error.reason.code, error.reason.code)
        raise Invalid(Reason(code=code, params=told)) from error


_OF_A_VALUE = {
    "parameter_not_a_number": "value_not_a_number",
    "parameter_out_of_range": "value_out_of_range",
}


def _begin(day: date, at: datetime) -> datetime:
    zone = company_zone()
    today = day_in(zone, at)
    if not today < day <= today + FURTHEST:
        raise Invalid(Reason(code="parameter_day_not_to_come", params={"field": "valid_from"}))
    return begin_of(day, zone)


def _still_stands(new: Dated, replaces: Any) -> None:
    """Refuse what was proposed against a state that is no more. Raises ProposalRefused."""
    dated = _dated()
    if value_at(new.name, dated, new.valid_from) != replaces:
        raise ProposalRefused(Reason(code="parameter_was_changed_since"))
    reasons = against_others(new, dated)
    if reasons:
        raise ProposalRefused(*reasons)


def _dated() -> list[Dated]:
    rows = Parameter.objects.filter(name__startswith=PREFIX).order_by("id")
    return [Dated(name=n, value=v, valid_from=f) for n, v, f in rows.values_list(
        "name", "value", "valid_from")]  # fmt: skip


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])


def _found(public_id: str) -> ParameterProposal:
    try:
        proposal = ParameterProposal.objects.filter(public_id=public_id).first()
    except ValidationError:  # no id at all
        proposal = None
    if proposal is None:
        raise NotInScope("parameter")
    if proposal.approved_at or proposal.ended_at:
        raise ProposalRefused(Reason(code="parameter_proposal_is_decided"))
    return proposal


def _event(act: str, proposal: ParameterProposal, at: datetime, **more: str) -> None:
    record_event(
        act=f"analysis.parameter.{act}",
        at=at,
        subject=("store.ParameterProposal", proposal.public_id),
        before={proposal.name: proposal.replaces},
        after={proposal.name: proposal.value, "proposed_by": proposal.proposed_by, **more},
    )
