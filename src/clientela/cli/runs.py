"""`clientela imports`: what is done with an import after it was begun."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from clientela.cli.exits import exits, misused
from clientela.cli.output import Format, FormatOption
from clientela.cli.principal import As, principal
from clientela.cli.reports import print_report
from clientela.intake.selectors import report_of
from clientela.intake.selectors.given_back import write_rejected
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.intake.services import cancel_run
from clientela.store.context import database_context

app = typer.Typer(
    no_args_is_help=True,
    help="Take out the rejected rows of an import, or stop one that is under way.",
)
RunId = Annotated[str, typer.Argument(help="Id of the import, as `clientela import` says it.")]


@app.command("rejected")
def rejected(
    run: RunId,
    output: Annotated[Path | None, typer.Option(help="File to write; else the terminal.")] = None,
    as_: As = None,
) -> None:
    """Give the rejected rows as they came, each with its line and the reason before it.

    They have the form of the file that they came in, and come in again once they are corrected.
    They go to who brought the file and to nobody else.
    """
    if output is not None and not output.resolve().parent.is_dir():
        raise misused(f"There is no folder {output.resolve().parent}.")
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        found = rejected_as_given(who.access, run, at=at)
        if output is not None:
            with open(output, "wb", opener=_private) as file:
                write_rejected(file, found)
        elif found.is_workbook:
            raise misused("These rows came in a workbook: say --output FILE.xlsx.")
        else:
            write_rejected(sys.stdout.buffer, found)


@app.command("cancel")
def cancel(run: RunId, as_: As = None, format_: FormatOption = Format.TABLE) -> None:
    """Stop an import that has not ended; what was loaded of it is taken back."""
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        report = report_of(cancel_run(access=who.access, public_id=run, at=at))
    print_report(report, format_)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # the rows hold values of every class, in plain
