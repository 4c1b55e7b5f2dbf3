"""Which right a write of the pages takes: asked before anything of its form is looked at.

Whoever may not do it at all learns neither which fields a form has nor what was wrong with
them. Which records an act reaches is asked by the service, which asks for the right again.
"""

from collections.abc import Mapping

from clientela.analysis.services.downloading import may_download_any
from clientela.kernel.reasons import NotPermitted
from clientela.security.permits import Access

DOWNLOAD = "analyses:download"  # by role, which no act of the table says
# route -> the acts of which its POST takes one; a write that does not stand here is everybody's
NEEDS: Mapping[str, tuple[str, ...]] = {
    "customers:new": ("customer.write",),
    "customers:edit": ("customer.contact", "customer.write"),
    "customers:archive": ("customer.write",),
    "customers:reopen": ("customer.write",),
    "customers:reveal": ("customer.reveal",),
    "customers:save_view": ("customer.read",),
    "customers:delete_view": ("customer.read",),
    "imports:new": ("import.run",),
    "imports:answers": ("import.run",),
    "imports:confirm": ("import.run",),
    "imports:cancel": ("import.run",),
    "imports:mapping": ("import.run",),
    "imports:download": ("import.run",),
    "imports:take_back": ("import.take_back",),
    "admin:user_new": ("user.write",),
    "admin:user_disable": ("user.write",),
    "admin:user_enable": ("user.write",),
    "admin:user_link": ("user.write",),
    "admin:user_grant": ("grant.propose",),
    "admin:user_grant_end": ("grant.end",),
    "admin:approval_grant": ("grant.approve",),
    "admin:user_factor_reset": ("factor.propose",),
    "admin:user_password_reset": ("factor.propose",),
    "admin:approval_factor": ("factor.approve",),
    "admin:user_factor_end": ("factor.end",),
    "admin:parameter": ("parameter.propose",),
    "admin:approval_parameter": ("parameter.approve",),
    "admin:parameter_end": ("parameter.end",),
    "admin:organisation": ("organisation.write",),
    "admin:place": ("organisation.write",),
    "admin:tokens": ("token.propose",),
    "admin:token_approve": ("token.approve",),
    "admin:token_issue": ("token.propose",),
    "admin:token_revoke": ("token.revoke",),
    "admin:sources": ("source.write",),
    "admin:source_trust": ("source.write",),
    "admin:source_settlement": ("source.write",),
    "admin:rates": ("rate.write",),
    "admin:rates_file": ("rate.write",),
}


def demand_write(access: Access | None, route: str) -> None:
    """Raise NotPermitted, naming every right that would do, unless `access` may write there."""
    if access is None:
        return
    if route == DOWNLOAD:
        permit = may_download_any(access)
        if not permit:
            raise NotPermitted(*permit.reasons)
    if route in NEEDS:
        access.demand_any(*NEEDS[route])
