"""`clientela import`: a file from the disk into the books."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from clientela.analysis.services import bring_up_to_date
from clientela.cli.exits import FAILED, QUESTIONS, USAGE, error_console, exits
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows, console, progress
from clientela.cli.principal import As, Principal, principal
from clientela.intake.results import RunReport
from clientela.intake.selectors import report_of, samples_of
from clientela.intake.selectors.samples import NO_SAMPLES
from clientela.intake.services import advance, receive_file
from clientela.records.services import source_for_import
from clientela.store.context import database_context


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV or workbook; gzip is accepted.")],
    source: Annotated[str, typer.Option(help="Where the records come from; made if it is new.")],
    kind: Annotated[str | None, typer.Option(help="What a row is; suggested if absent.")] = None,
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
    """Bring a file in: read, map, check, load, and account for every row."""
    answers = _answers(file, answer or [])
    at = timezone.now()
    with exits(), principal(as_, at) as who:
        with database_context(who.context):
            origin = source_for_import(access=who.access, name=source, at=at)
            run, new = receive_file(
                access=who.access, source=origin, path=file, name=file.name, at=at, kind=kind,
                mapping=mapping, settings=set_ or [], answers=answers, take_sure=yes,
                dry_run=dry_run,
            )  # fmt: skip
        repeated = not new and run.state == "done"
        if not repeated and run.state != "needs_answers":
            with progress() as bars:
                run = advance(run, who.access, at=at, confirmed=True, progress=bars)
            if not dry_run:
                bring_up_to_date(at=at)
        report = _report(run, repeated, who, at)
    _print(report, format_)
    if report.questions:
        raise typer.Exit(QUESTIONS)
    if report.state == "failed":
        raise typer.Exit(FAILED)


def _answers(file: Path, pairs: list[str]) -> dict[str, str]:
    """Return the answers by question; ends the command when something is misspelt."""
    if not file.is_file():
        error_console.print(f"[red]There is no file {file}.[/red]")
        raise typer.Exit(USAGE)
    if not all("=" in pair for pair in pairs):
        error_console.print("[red]--answer takes ID=VALUE[/red]")
        raise typer.Exit(USAGE)
    return dict(pair.split("=", 1) for pair in pairs)


def _report(run, repeated: bool, who: Principal, at: datetime) -> RunReport:  # type: ignore[no-untyped-def]
    with database_context(who.context):
        samples = samples_of(who.access, run, at=at) if run.questions else NO_SAMPLES
        return report_of(run, repeated=repeated, samples=samples)


def _print(report: RunReport, format_: Format) -> None:
    if format_ is Format.JSON:
        as_json(report.as_json())
        return
    facts = {"state": report.state, "run": report.run, **report.totals.as_json()}
    facts |= {f"net {currency}": net for currency, net in report.amounts.items()}
    facts |= {f"written: {table}": rows for table, rows in report.written.items()}
    facts |= {f"flagged: {code}": rows for code, rows in sorted(report.flagged.items())}
    as_pairs(report.file.name, facts)
    if report.by_reason:
        as_rows(
            ("reason", "outcome", "rows"), [(c.code, c.outcome, c.rows) for c in report.by_reason]
        )
    if report.questions:
        console.print("Open questions; answer with --answer ID=VALUE:")
        as_rows(
            ("id", "question", "choices"),
            [(q.id, q.code, ", ".join(c.value for c in q.choices[:8])) for q in report.questions],
        )
