"""Which office reads which events of the trail: the table, by hand.

The auditor reads every event of what lies in the auditor's reach, whatever its act. The
security officer and the administrator read acts, wherever they happened: the officer what
is about security, with reveals, refusals and data taken out; the administrator how the
system is run. An act that does not stand here is the auditor's alone. A manager reads of the own
team how often an act was done (`team`), and no event.
"""

from enum import StrEnum
from types import MappingProxyType

from clientela.security.permits import Access
from clientela.security.roles import Role


class Matter(StrEnum):
    """What an event is about, and so whose it is to read."""

    BUSINESS = "business"  # customers and their trade: auditor
    SYSTEM = "system"  # how the system is run: administrator, auditor
    SECURITY = "security"  # who saw, took out or was refused what: security officer, auditor
    RIGHTS = "rights"  # users, roles, tokens, sign-ins: both offices, auditor


OFFICES: MappingProxyType[Role, frozenset[Matter]] = MappingProxyType(
    {
        Role.SECURITY_OFFICER: frozenset({Matter.SECURITY, Matter.RIGHTS}),
        Role.ADMINISTRATOR: frozenset({Matter.SYSTEM, Matter.RIGHTS}),
    }
)

# Who reads the note beside a purpose: it may name a person or a case.
NOTES: frozenset[Role] = frozenset({Role.AUDITOR, Role.SECURITY_OFFICER})

MATTERS: MappingProxyType[str, Matter] = MappingProxyType(
    {
        "records.customer.read": Matter.SECURITY,
        "records.customer.added": Matter.BUSINESS,
        "records.customer.corrected": Matter.BUSINESS,
        "records.customer.archived": Matter.BUSINESS,
        "records.customer.reopened": Matter.BUSINESS,
        "records.record.linked": Matter.BUSINESS,
        "records.pair.set_apart": Matter.BUSINESS,
        "records.source.added": Matter.SYSTEM,
        "records.source.trust_set": Matter.SYSTEM,
        "trade.source.settlement_set": Matter.SYSTEM,
        "worklist.item.opened": Matter.BUSINESS,
        "worklist.item.closed": Matter.BUSINESS,
        "intake.run.received": Matter.BUSINESS,
        "intake.run.answered": Matter.BUSINESS,
        "intake.run.confirmed": Matter.BUSINESS,
        "intake.run.cancelled": Matter.BUSINESS,
        "intake.run.repeated": Matter.BUSINESS,
        "intake.run.tried": Matter.BUSINESS,
        "intake.run.finished": Matter.BUSINESS,
        "intake.run.failed": Matter.BUSINESS,
        "intake.run.taken_back": Matter.BUSINESS,
        "intake.run.out_of_reach": Matter.SECURITY,
        "intake.mapping.saved": Matter.BUSINESS,
        "intake.samples.read": Matter.SECURITY,
        "intake.rejected.downloaded": Matter.SECURITY,
        "trade.rates.set": Matter.SYSTEM,
        "analysis.customers.classified": Matter.BUSINESS,
        "analysis.classes.held_back": Matter.BUSINESS,
        "analysis.answer.downloaded": Matter.SECURITY,
        "analysis.parameter.proposed": Matter.SYSTEM,
        "analysis.parameter.approved": Matter.SYSTEM,
        "analysis.parameter.withdrawn": Matter.SYSTEM,
        "analysis.parameter.declined": Matter.SYSTEM,
        "security.installation.founded": Matter.RIGHTS,
        "security.office.filled": Matter.RIGHTS,
        "security.user.added": Matter.RIGHTS,
        "security.user.disabled": Matter.RIGHTS,
        "security.user.enabled": Matter.RIGHTS,
        "security.user.invited": Matter.RIGHTS,
        "security.user.preferences_changed": Matter.RIGHTS,
        "security.org_node.added": Matter.RIGHTS,
        "security.org_node.corrected": Matter.RIGHTS,
        "security.grant.proposed": Matter.RIGHTS,
        "security.grant.approved": Matter.RIGHTS,
        "security.grant.ended": Matter.RIGHTS,
        "security.token.proposed": Matter.RIGHTS,
        "security.token.approved": Matter.RIGHTS,
        "security.token.issued": Matter.RIGHTS,
        "security.token.revoked": Matter.RIGHTS,
        "security.factor_reset.asked": Matter.RIGHTS,
        "security.factor_reset.confirmed": Matter.RIGHTS,
        "security.factor_reset.withdrawn": Matter.RIGHTS,
        "security.factor_reset.refused": Matter.RIGHTS,
        "security.password_reset.asked": Matter.RIGHTS,
        "security.password_reset.confirmed": Matter.RIGHTS,
        "security.password_reset.withdrawn": Matter.RIGHTS,
        "security.password_reset.refused": Matter.RIGHTS,
        "security.session.begun": Matter.RIGHTS,
        "security.session.refused": Matter.RIGHTS,
        "security.session.ended": Matter.RIGHTS,
        "security.field.revealed": Matter.SECURITY,
        "web.request.refused": Matter.SECURITY,
        "demo.loaded": Matter.SYSTEM,
    }
)


def acts_of(roles: frozenset[Role]) -> frozenset[str]:
    """Return the acts whose events these offices read, wherever they happened."""
    matters = frozenset[Matter]().union(*(OFFICES.get(role, ()) for role in roles))
    return frozenset(act for act, matter in MATTERS.items() if matter in matters)


def reads_notes(access: Access) -> bool:
    """Tell whether `access` reads what was written beside a purpose."""
    return bool(access.may("event.read")) and bool(access.roles & NOTES)
