"""`clientela reset-factor`, `reset-password`: the machine's owner is one of the two persons."""

import sys
from typing import Annotated

import typer
from django.utils import timezone

from clientela.audit.context import Actor, acting
from clientela.cli.exits import error_console, exits, told
from clientela.cli.founding import ready
from clientela.cli.output import Format, FormatOption, as_json
from clientela.kernel.reasons import Reason
from clientela.security.services.factors import Helped, What, reset_by_operator
from clientela.security.services.offices import OPERATOR
from clientela.store.context import system_context


def reset_factor(
    user: Annotated[str, typer.Argument(help="User name of who lost the second factor.")],
    reason: Annotated[
        str, typer.Option(help="What was lost, and how you know; needed where nobody asked yet.")
    ] = "",
    format_: FormatOption = Format.TABLE,
) -> None:
    """Take a lost second factor away, together with an officer: the one asks, the other confirms."""
    helped = _helped(user, What.FACTOR, reason)
    code = "factor_reset_done" if helped.reset.confirmed_at else "factor_reset_waits"
    _say(helped, code, format_)


def reset_password(
    user: Annotated[str, typer.Argument(help="User name of who forgot the password.")],
    reason: Annotated[
        str, typer.Option(help="What happened, and how you know; needed where nobody asked yet.")
    ] = "",
    format_: FormatOption = Format.TABLE,
) -> None:
    """Make a link for a new password, together with an officer: the one asks, the other confirms.

    The link is shown to who confirms.
    """
    helped = _helped(user, What.PASSWORD, reason)
    _say(helped, "password_link_made" if helped.link else "factor_reset_waits", format_)


def _helped(user: str, what: What, reason: str) -> Helped:
    at = timezone.now()
    with exits():
        ready(at=at)
        with (
            acting(Actor(user_id=None, name=OPERATOR, channel="cli")),
            system_context("a second factor or a password that was lost"),
        ):
            return reset_by_operator(username=user, what=what, reason=reason, at=at)


def _say(helped: Helped, code: str, format_: Format) -> None:
    reset = helped.reset
    link = {"link": helped.link} if helped.link else {}
    if format_ is Format.JSON:
        as_json({"user": reset.user.username, "state": code, "asked_by": reset.asked_by, **link})
        return
    sys.stdout.write(f"{reset.user.username}\n")
    if helped.link:
        sys.stdout.write(f"  {helped.link}\n")  # a link is never cut
    error_console.print(told(Reason(code=code)), markup=False)
