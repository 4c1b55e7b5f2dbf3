"""`clientela import`: a file from the disk into the books."""

import hashlib
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from clientela.cli.exits import FAILED, QUESTIONS, REFUSED, complain, exits, misused, told
from clientela.cli.output import Format, FormatOption, progress
from clientela.cli.principal import As, Principal, principal
from clientela.cli.reports import print_report
from clientela.intake.results import FileFacts, RunReport, Totals
from clientela.intake.selectors import report_of, run_by_public_id, samples_of
from clientela.intake.selectors.samples import NO_SAMPLES
from clientela.intake.services import (
    advance,
    cancel_run,
    hold_name,
    receive_file,
    told_if_failed,
)
from clientela.intake.services.locking import RunStopped
from clientela.kernel.reasons import Conflict, Reason, Refused
from clientela.kernel.text import legible
from clientela.records.services import source_for_import
from clientela.store.context import database_context
from clientela.store.lost import connection_lost

WHOLE = ("done", "already_imported", "dry_run")  # nothing is left to do
KINDS = "customers, products, sales_lines, invoices or payments"
GOING_ON = ("working", "ready")  # another process is at it


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV or workbook; gzip is accepted.")],
    source: Annotated[str, typer.Option(help="Where the records come from; made if it is new.")],
    kind: Annotated[
        str | None, typer.Option(help=f"What a row is: {KINDS}; suggested if absent.")
    ] = None,
    mapping: Annotated[str | None, typer.Option(help="Saved mapping to use.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="FIELD=VALUE for all rows.")
    ] = None,
    answer: Annotated[list[str] | None, typer.Option(help="ID=VALUE, to a question.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, load nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Take the unambiguous suggestions.")] = False,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Bring a file in: read, map, check, load, and account for every row.

    Ctrl-C stops it, and takes back what was loaded by then.
    """
    answers, at, run = _answers(file, answer or []), timezone.now(), None
    with exits(), principal(as_, at) as who:
        try:
            with database_context(who.context):
                hold_name(source)
                origin = source_for_import(access=who.access, name=source, at=at, trial=dry_run)
                run, new = receive_file(
                    access=who.access, source=origin, path=file, name=legible(file.name), at=at, kind=kind,
                    mapping=mapping, settings=set_ or [], answers=answers, take_sure=yes,
                    dry_run=dry_run,
                )  # fmt: skip
            repeated = not new and run.state == "done"
            if not repeated and run.state != "needs_answers":
                run, repeated = _loaded(run, who, at, dry_run)
        except Refused as refused:
            if format_ is Format.JSON:
                print_report(_failed(file, refused, run), format_)
            raise
        report = _report(run, repeated, who, at)
    print_report(report, format_)
    _end(report)


def _end(report: RunReport) -> None:
    """Raise the exit that is promised for what is left to do; nothing else where nothing is."""
    if report.questions:
        raise typer.Exit(QUESTIONS)
    if report.state in GOING_ON:
        complain(told(Reason(code="run_is_worked_at")), code="run_is_worked_at")
        raise typer.Exit(REFUSED)
    if report.state == "cancelled":
        complain(told(Reason(code="run_cancelled")), code="run_cancelled")
    if report.state not in WHOLE:
        raise typer.Exit(FAILED)


def _loaded(run, who: Principal, at: datetime, dry_run: bool):  # type: ignore[no-untyped-def]
    """Take a run to its end; return it, and whether somebody else has brought it there."""
    try:
        with progress() as bars, told_if_failed(run, at):
            run = advance(run, who.access, at=at, confirmed=True, progress=bars)
    except RunStopped:
        with database_context(who.context):
            run = run_by_public_id(who.access, str(run.public_id), act="import.run")
        return run, run.state == "done"
    except KeyboardInterrupt:
        return _cancelled(run, who), False
    except Exception as error:
        if connection_lost(error):
            raise Refused(Reason(code="import_interrupted")) from error
        raise
    if not dry_run and run.state == "done":
        # The engines of the analyses are loaded once there is something to bring to them.
        from clientela.analysis.services import bring_up_to_date

        bring_up_to_date(at=at)
    return run, False


def _cancelled(run, who: Principal):  # type: ignore[no-untyped-def]
    """Stop a run as the person at the terminal wishes; return it as it has ended."""
    complain(told(Reason(code="run_is_being_stopped")))
    with database_context(who.context), suppress(Conflict):  # it had just ended by itself
        cancel_run(access=who.access, public_id=str(run.public_id), at=timezone.now())
    with database_context(who.context):
        return run_by_public_id(who.access, str(run.public_id), act="import.run")


def _answers(file: Path, pairs: list[str]) -> dict[str, str]:
    """Return the answers by question; ends the command when something is misspelt."""
    if not file.is_file():
        raise misused(f"There is no file {file}.")
    if not all("=" in pair for pair in pairs):
        raise misused("--answer takes ID=VALUE.")
    return dict(pair.rsplit("=", 1) for pair in pairs)


def _report(run, repeated: bool, who: Principal, at: datetime) -> RunReport:  # type: ignore[no-untyped-def]
    with database_context(who.context):
        samples = samples_of(who.access, run, at=at) if run.questions else NO_SAMPLES
        return report_of(run, repeated=repeated, samples=samples)


def _failed(file: Path, refused: Refused, run) -> RunReport:  # type: ignore[no-untyped-def]
    """Return the report of a file that was refused before any row of it was taken, or of a run
    that goes on when the command is given again."""
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    facts = FileFacts(name=legible(file.name), sha256=sha256, encoding=None, separator=None, rows=0)
    return RunReport(
        run=str(run.public_id) if run else None,
        state="failed",
        file=facts,
        totals=Totals(),
        errors=tuple(refused.reasons),
    )
