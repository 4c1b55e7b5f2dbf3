"""What the page of a user shows of a second factor and a password that may be lost."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientela.security.administration import holds_factor, resets_of
from clientela.security.roles import Role
from clientela.security.services.offices import is_held_by_another
from clientela.web.fields import Field
from clientela.web.request import Request

if TYPE_CHECKING:
    from clientela.security.models import FactorReset, User

# what was lost -> the field of the reason: both forms may stand on one page
REASONS = {"factor": "reason", "password": "why"}
_HINTS: dict[str, str | Promise] = {
    "factor": _("What was lost, and how you know that this person asks."),
    "password": _("What happened, and how you know that this person asks."),
}
_ROUTES = {"factor": "admin:user_factor_reset", "password": "admin:user_password_reset"}


@dataclass(kw_only=True)
class Panel:
    """One of the two: whether the user has it, what was asked, and what this reader may do."""

    what: str
    holds: bool
    reset: "FactorReset | None"
    url: str
    fields: list[Field]
    may_confirm: bool
    may_end: bool
    own: bool
    command: str  # by which the machine's owner confirms, where no officer could; else empty
    wrong: list[str]


def panels(request: Request, found: "User") -> dict[str, Panel]:
    """Return what is shown of this user's password and second factor."""
    access = request.access
    resets = resets_of(access, found, at=request.at)
    holds = {"password": found.has_usable_password(), "factor": holds_factor(access, found)}
    return {
        what: _panel(request, found, what, has, resets.get(what)) for what, has in holds.items()
    }


def _panel(
    request: Request, found: "User", what: str, holds: bool, reset: "FactorReset | None"
) -> Panel:
    access, other = request.access, found.pk != request.access.user_id
    own = reset is not None and reset.asked_by == access.username
    may_ask = other and holds and found.is_active and reset is None
    key = REASONS[what]
    reason = Field(key=key, label=_("Reason"), value=request.POST.get(key, ""), required=True,
                   most=400, hint=_HINTS[what])  # fmt: skip
    return Panel(
        what=what,
        holds=holds,
        reset=reset,
        url=reverse(_ROUTES[what], args=[found.public_id]),
        fields=[reason] if may_ask and access.may("factor.propose") else [],
        may_confirm=reset is not None and other and not own and bool(access.may("factor.approve")),
        may_end=reset is not None and bool(access.may("factor.end")),
        own=own,
        command=_command(request, found, what, reset.asked_by if reset else access.username),
        wrong=[],
    )


def _command(request: Request, found: "User", what: str, asked_by: str) -> str:
    neither = (found.username, asked_by)
    if is_held_by_another(Role.SECURITY_OFFICER, neither, at=request.at):
        return ""
    return f"clientela reset-{what} {found.username}"
