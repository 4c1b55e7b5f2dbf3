"""`clientela appoint`: the first administrator and security officer, named by the machine's owner."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils import timezone

from clientela.audit.context import Actor, acting
from clientela.cli.exits import error_console, exits, misused, told
from clientela.cli.founding import ready
from clientela.cli.output import Format, FormatOption, as_json
from clientela.kernel.reasons import Reason
from clientela.security.roles import Role
from clientela.security.services.offices import OPERATOR, appoint, vacant_offices
from clientela.store.context import system_context


def appoint_officers(
    administrator: Annotated[
        str, typer.Option(help="User name of who will propose roles; a new one becomes a user.")
    ] = "",
    security_officer: Annotated[
        str, typer.Option(help="User name of who will approve them: another person.")
    ] = "",
    format_: FormatOption = Format.TABLE,
) -> None:
    """Name the administrator and the security officer of an installation that has none."""
    named = {Role.ADMINISTRATOR: administrator, Role.SECURITY_OFFICER: security_officer}
    persons = {role: name for role, name in named.items() if name}
    if not persons:
        raise misused("--administrator NAME --security-officer NAME")
    at = timezone.now()
    with exits():
        ready(at=at)
        with (
            acting(Actor(user_id=None, name=OPERATOR, channel="cli")),
            system_context("appointing the officers of an installation"),
        ):
            appointed = appoint(persons=persons, at=at)
    if format_ is Format.JSON:
        as_json([asdict(one) for one in appointed])
        return
    for one in appointed:
        link = f"  {one.link}\n" if one.link else ""  # never cut
        sys.stdout.write(f"{one.username} ({one.role})\n{link}")
        if one.instead_of:
            passed = {"user": one.instead_of, "now": one.username}
            error_console.print(told(Reason(code="office_passed_on", params=passed)), markup=False)
    error_console.print(told(Reason(code="links_set_the_password")), markup=False)


def say_vacant_offices() -> None:
    """Say which office nobody holds yet, and the command that fills it."""
    with system_context("looking for vacant offices"):
        vacant = vacant_offices(at=timezone.now())
    if vacant:
        options = " ".join(f"--{role.replace('_', '-')} NAME" for role in vacant)
        reason = Reason(code="offices_vacant", params={"command": f"clientela appoint {options}"})
        error_console.print(told(reason), markup=False, soft_wrap=True)
