"""`clientela settings`: what holds here, and a way to have the company's figures set otherwise.

Without a word behind it the command shows the environment's settings and needs no database. What
figures are worked out with is proposed by one person and approved by another, of whom one has to
sign in on the pages: at the command line anybody may act under any name.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clientela.cli.exits import error_console, exits, misused
from clientela.cli.installing import settings
from clientela.cli.options import As
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows

if TYPE_CHECKING:
    from clientela.store.models import ParameterProposal

DAYS = ("coming_from", "since", "valid_from", "expires_at")
app = typer.Typer(help="Show every setting in force and where it comes from; secrets never.")
ProposalId = Annotated[str, typer.Argument(help="Id of the proposal, as `propose` says it.")]


@app.callback(invoke_without_command=True)
def show(context: typer.Context, format_: FormatOption = Format.TABLE) -> None:
    """Show every setting in force and where it comes from; secrets never."""
    if context.invoked_subcommand is None:
        settings(format_)


@app.command("figures")
def figures(as_: As = None, format_: FormatOption = Format.TABLE) -> None:
    """Show what figures are worked out with, since when, by whom, and what is proposed."""
    from django.utils import timezone

    from clientela.analysis.services.company import held, proposals
    from clientela.cli.principal import principal
    from clientela.store.context import database_context

    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        rows = [
            {
                "name": one.standing.name,
                "value": one.value,
                "built_in": one.standing.parameter.default,
                "coming": one.coming and one.coming.value,
                "coming_from": one.coming and one.coming.valid_from,
                "since": one.row and one.row.valid_from,
                "set_by": one.row and one.row.set_by,
                "approved_by": one.row and one.row.approved_by,
            }
            for one in held(who.access, at=at)
        ]
        waiting = [_told(one) for one in proposals(who.access, at=at)]
    if format_ is Format.JSON:
        as_json({"figures": rows, "proposals": waiting})
        return
    left_out = _table(rows, ("name", "value", "coming", "coming_from", "set_by", "approved_by"))
    if waiting:
        left_out += _table(waiting, ("id", "value", "instead_of", "valid_from", "proposed_by"))
    if left_out:
        error_console.print(f"Columns left out: {', '.join(left_out)}. --format json has all.")


def _table(rows: list[dict[str, Any]], first: tuple[str, ...]) -> list[str]:
    """Print rows with days for instants; return the columns that the terminal was too narrow for."""
    told = [[_brief(value) for value in row.values()] for row in rows]
    return list(as_rows(list(rows[0]), told, whole={"id", "name", *DAYS}, first=first))


def _brief(value: object) -> object:
    return value.strftime("%Y-%m-%d") if isinstance(value, datetime) else value


@app.command("propose")
def propose(
    name: Annotated[
        str, typer.Argument(help="What to set, as `clientela settings figures` names it.")
    ],
    value: Annotated[str, typer.Argument(help="The value.")],
    from_: Annotated[
        str | None,
        typer.Option("--from", help="Day it holds from, 2026-06-30; else from the approval on."),
    ] = None,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Propose what figures are to be worked out with; another person has to approve it."""
    from django.utils import timezone

    from clientela.analysis.services.proposing import propose_parameter
    from clientela.cli.days import a_day
    from clientela.cli.principal import principal
    from clientela.store.context import database_context

    day = a_day(from_) if from_ else None
    if from_ and day is None:
        raise misused(f"{from_!r} is no day such as 2026-06-30.")
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        made = propose_parameter(access=who.access, name=name, value=value, from_on=day, at=at)
        _print(made, format_)


@app.command("approve")
def approve(proposal: ProposalId, as_: As = None, format_: FormatOption = Format.TABLE) -> None:
    """Put in force what another person proposed on the pages."""
    from django.utils import timezone

    from clientela.analysis.services.proposing import approve_parameter
    from clientela.cli.principal import principal
    from clientela.store.context import database_context

    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        _print(approve_parameter(access=who.access, public_id=proposal, at=at), format_)


@app.command("decline")
def decline(
    proposal: ProposalId,
    reason: Annotated[str, typer.Option(help="Why not; not needed for one's own.")] = "",
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Decline what another person proposed, or withdraw one's own proposal."""
    from django.utils import timezone

    from clientela.analysis.services.proposing import end_proposal
    from clientela.cli.principal import principal
    from clientela.store.context import database_context

    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        ended = end_proposal(access=who.access, public_id=proposal, reason=reason, at=at)
        _print(ended, format_)


def _print(proposal: "ParameterProposal", format_: Format) -> None:
    told = _told(proposal)
    as_json(told) if format_ is Format.JSON else as_pairs("proposal", told)


def _told(proposal: "ParameterProposal") -> dict[str, Any]:
    decided = "approved" if proposal.approved_at else "ended" if proposal.ended_at else "waits"
    return {
        "id": str(proposal.public_id),
        "name": proposal.name,
        "value": proposal.value,
        "instead_of": proposal.replaces,
        "valid_from": proposal.valid_from,
        "proposed_by": proposal.proposed_by,
        "state": decided,
        "expires_at": proposal.expires_at,
    }
