"""`clientela reset-factor`: whoever owns the machine stands for one of the two persons it takes."""

import sys
from typing import Annotated

import typer
from django.utils import timezone

from clientela.audit.context import Actor, acting
from clientela.cli.exits import error_console, exits, told
from clientela.cli.founding import ready
from clientela.cli.output import Format, FormatOption, as_json
from clientela.kernel.reasons import Reason
from clientela.security.services.factors import reset_by_operator
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
    at = timezone.now()
    with exits():
        ready(at=at)
        with (
            acting(Actor(user_id=None, name=OPERATOR, channel="cli")),
            system_context("a second factor that was lost"),
        ):
            reset = reset_by_operator(username=user, reason=reason, at=at)
    code = "factor_reset_done" if reset.confirmed_at else "factor_reset_waits"
    if format_ is Format.JSON:
        as_json({"user": reset.user.username, "state": code, "asked_by": reset.asked_by})
        return
    sys.stdout.write(f"{reset.user.username}\n")
    error_console.print(told(Reason(code=code)), markup=False)
