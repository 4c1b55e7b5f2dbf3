"""`clientela imports`: what is done with an import after it was begun."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import timezone

from clientela.cli.exits import FAILED, exits, misused
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows
from clientela.cli.principal import As, Principal, principal
from clientela.cli.reports import mapping_in_words, print_report
from clientela.intake.results import RunReport
from clientela.intake.selectors import (
    mapping_row,
    report_of,
    rows_of,
    run_by_public_id,
    runs,
    samples_of,
)
from clientela.intake.selectors.edited import edited_of
from clientela.intake.selectors.given_back import write_rejected
from clientela.intake.selectors.leaning import leaning_on
from clientela.intake.selectors.samples import NO_SAMPLES
from clientela.intake.selectors.sealed_rows import Rejected, rejected_as_given
from clientela.intake.services import cancel_run, save_mapping, take_back
from clientela.intake.services.taking_back import demand_loaded
from clientela.store.context import database_context
from clientela.store.paging import LARGEST, page_of

app = typer.Typer(
    help="Show the imports, newest first; take one back, keep its mapping, or give out its "
    "rejected rows."
)
REASON = 200  # characters, as on the page
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx")  # of the file of rejected rows
NUMBERS = {"read", "accepted", "rejected", "skipped"}
RunId = Annotated[str, typer.Argument(help="Id of the import, as `clientela import` says it.")]


@app.callback(invoke_without_command=True)
def show_all(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="How many to show.")] = 20,
    cursor: Annotated[
        str | None, typer.Option(help="Where to go on, as `next` of the answer before says.")
    ] = None,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Show the imports, newest first; take one back, keep its mapping, or give out its rows."""
    if context.invoked_subcommand is not None:
        return
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        found = runs(who.access)
        page = page_of(found, order=["-started_at", "-id"], cursor=cursor, size=limit)
        rows = rows_of(page.items)
    if format_ is Format.JSON:
        as_json({"items": rows, "next": page.next})
    elif not rows:
        typer.echo("There is no import yet.")
    else:
        values = [list(row.values()) for row in rows]
        as_rows(list(rows[0]), values, whole={"run"}, numbers=NUMBERS)
        if page.next:
            typer.echo(f"There are more: --cursor {page.next}")


@app.command("show")
def show(run: RunId, as_: As = None, format_: FormatOption = Format.TABLE) -> None:
    """Show one import: its totals, what is worth knowing, and what it asks."""
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        found = run_by_public_id(who.access, run)
        samples = samples_of(who.access, found, at=at) if found.questions else NO_SAMPLES
        report = report_of(found, samples=samples)
    print_report(report, format_)


@app.command("take-back")
def take_run_back(
    run: RunId,
    reason: Annotated[str, typer.Option(help="Why; it is written to the audit trail.")],
    yes: Annotated[bool, typer.Option("--yes", help="Take it back without asking.")] = False,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Take a finished import back whole: its documents are voided, its statements ignored.

    It stays in the ledger, so that everyone can see what was once believed, and its file may come
    in again.
    """
    why = " ".join(reason.split())[:REASON]
    if not why:
        raise misused("Say why: --reason TEXT.")
    at = timezone.now()
    with exits(), principal(as_, at) as who:
        if not yes:
            _ask(run, who)
        report, more = _taken_back(run, who, why, timezone.now())  # the answer took its time
    print_report(report, format_, more=more)


def _ask(run: str, who: Principal) -> None:
    """Show what an import has brought and ask whether it goes; end the command where it stays."""
    with database_context(who.context):
        found = run_by_public_id(who.access, run, act="import.take_back")
        demand_loaded(found)
        facts = {f"written: {table}": rows for table, rows in found.written.items()}
        edited = edited_of(who.access, found)
        if edited.count:
            facts["customers that somebody edited since, which stand"] = edited.count
        for one in leaning_on(found):
            facts[f"rows that {one['file']} left out for it: send it again"] = one["rows"]
    if not _is_terminal():
        raise misused("There is nobody to ask here: say --yes to take it back.")
    as_pairs(found.file_name, facts, file=sys.stderr)
    if not typer.confirm("What it brought counts no more from now on. Take it back?", err=True):
        typer.echo("Nothing was changed.", err=True)
        raise typer.Exit(FAILED)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _taken_back(
    run: str, who: Principal, reason: str, at: datetime
) -> tuple[RunReport, dict[str, Any]]:
    with database_context(who.context):
        found = take_back(access=who.access, public_id=run, at=at, reason=reason)
        report = report_of(found)
        more = {
            "edited": edited_of(who.access, found).as_json(), "leaning": leaning_on(found),
        }  # fmt: skip
    # The engines of the analyses are loaded once the figures have to follow.
    from clientela.analysis.services import bring_up_to_date

    bring_up_to_date(at=at)
    return report, more


@app.command("rejected")
def rejected(
    run: RunId,
    output: Annotated[
        Path | None,
        typer.Option(
            help="File to write: .csv, .tsv or .txt of a text, .xlsx of a workbook; else the terminal."
        ),
    ] = None,
    as_: As = None,
) -> None:
    """Give the rejected rows as they came, each with its line and the reason before it.

    They have the form of the file that they came in, and come in again once they are corrected.
    They go to who brought the file and to nobody else.
    """
    if output is not None:
        _demand_place(output)
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        found = rejected_as_given(who.access, run, at=at)
        if output is not None and not _fits(output, found):
            came = "a workbook" if found.is_workbook else "a text"
            raise misused(f"These rows came in {came}: say --output FILE{found.suffix}.")
        if output is not None:
            with open(output, "wb", opener=_private) as file:
                write_rejected(file, found)
        elif found.is_workbook:
            raise misused("These rows came in a workbook: say --output FILE.xlsx.")
        else:
            write_rejected(sys.stdout.buffer, found)


@app.command("save-mapping")
def keep_mapping(
    run: RunId,
    name: Annotated[str, typer.Option(help="Name to give with the next file (--mapping).")],
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Keep how an import was mapped under a name of its source's own, for the next file."""
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        row = mapping_row(save_mapping(access=who.access, public_id=run, name=name, at=at))
    as_json(row) if format_ is Format.JSON else as_pairs("mapping", mapping_in_words(row))


@app.command("cancel")
def cancel(run: RunId, as_: As = None, format_: FormatOption = Format.TABLE) -> None:
    """Stop an import that has not ended; what was loaded of it is taken back."""
    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        report = report_of(cancel_run(access=who.access, public_id=run, at=at))
    print_report(report, format_)


def _demand_place(output: Path) -> None:
    """End the command as misused where a file of this name could not be what it says, or has no
    folder."""
    if output.suffix.lower() not in SUFFIXES:
        known = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise misused(f"Rejected rows are written to a file that ends with {known}.")
    if not output.resolve().parent.is_dir():
        raise misused(f"There is no folder {output.resolve().parent}.")


def _fits(output: Path, found: Rejected) -> bool:
    return (output.suffix.lower() == ".xlsx") is found.is_workbook


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)  # the rows hold values of every class, in plain
