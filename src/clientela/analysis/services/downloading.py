"""An answer that leaves the product: in groups for who knows customers by pseudonym, and an event.

A page is read where the figures are worked with. Everything else is carried off: a file, what the
API answers a program, and what a command prints, on a terminal too, which may be a file or a pipe.
"""

from datetime import datetime

from clientela.analysis.results import Answer
from clientela.analysis.services.asking import ask
from clientela.analysis.services.question import EACH, Asked, is_standing
from clientela.audit.services import record_event
from clientela.kernel.reasons import NotPermitted, Permit, Reason
from clientela.security.permits import Access
from clientela.security.roles import ACTS, Role

ROLES = {Role.ANALYST, Role.DATA_STEWARD}  # those that work with figures
GROUPS_ALONE = {Role.MARKETING}  # read customers by name, and carry no list of them away


def may_download(access: Access, asked: Asked) -> Permit:
    """Answer whether a user may take an answer away as it is asked."""
    permit = may_download_any(access)
    return _in_groups_alone(access, asked) if permit else permit


def may_download_any(access: Access) -> Permit:
    """Answer whether a user may take any answer away at all, whatever is asked."""
    if access.may("analysis.run") and access.roles & ROLES:
        return Permit()
    return Permit(reasons=(Reason(code="act_not_permitted", params={"act": "analysis.download"}),))


def _in_groups_alone(access: Access, asked: Asked) -> Permit:
    """Answer whether what is asked may be carried off by who may only take groups.

    What has groups beside its rows for each customer is taken in those.
    """
    if takes_groups(access):
        if asked.parameters.get("by") == EACH:
            (by,) = (p for p in asked.analysis.parameters if p.name == "by")
            choices = ", ".join(one for one in by.choices if one != EACH)
            reason = Reason(code="download_of_groups_only", params={"choices": choices})
            return Permit(reasons=(reason,))
        if not is_standing(asked):
            return Permit(reasons=(Reason(code="download_of_standing_only"),))
    return Permit()


def takes_groups(access: Access) -> bool:
    """Tell whether a user who is shown single customers takes away groups alone.

    So it is where not all that is looked at may be read by name, and for marketing.
    """
    if not access.sees_single("analysis.run"):
        return False  # answered in groups at once
    asking = {role for role in access.roles if role in ACTS["analysis.run"]}
    if asking <= GROUPS_ALONE:
        return True
    asked, named = access.reach("analysis.run"), access.reach("customer.read")
    if named.everything:
        return False
    named_nodes = named.nodes | named.own_nodes
    inside = asked.nodes <= named.nodes and asked.own_nodes <= named_nodes
    return asked.everything or not inside


def answer_to_take(access: Access, asked: Asked) -> Answer:
    """Return the whole answer as it may be taken away. Raises NotPermitted."""
    permit = may_download(access, asked)
    if not permit:
        raise NotPermitted(*permit.reasons)
    return ask(access, asked, grouped=takes_groups(access))


def answer_for_program(access: Access, asked: Asked) -> Answer:
    """Return the whole answer as the API and the command line give it. Raises NotPermitted."""
    access.demand("analysis.run")
    permit = _in_groups_alone(access, asked)
    if not permit:
        raise NotPermitted(*permit.reasons)
    return ask(access, asked, grouped=takes_groups(access))


def record_download(answer: Answer, *, at: datetime) -> None:
    """Write who took which answer with how many rows."""
    record_event(
        act="analysis.answer.downloaded",
        at=at,
        subject=("analysis", answer.analysis),
        rows=len(answer.rows),
        after={"as_of": answer.as_of.isoformat(), "parameters": dict(answer.parameters)},
    )
