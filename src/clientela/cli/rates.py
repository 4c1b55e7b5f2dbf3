"""`clientela rates`: what currencies were worth, what is missing, and bringing it in."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clientela.cli.exits import FAILED, complain, exits, misused, told
from clientela.cli.options import As
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows
from clientela.kernel.text import legible

if TYPE_CHECKING:
    from clientela.intake.services.rates_file import RatesBrought
    from clientela.trade.services import RatesEntered

app = typer.Typer(
    help="Show the exchange rates in force and those that are missing, or enter some."
)

Sure = Annotated[
    bool,
    typer.Option(
        "--yes", help="Take a rate too that is more than a tenth away from the one beside it."
    ),
]
All = Annotated[bool, typer.Option("--all", help="Every rate, not the newest ones alone.")]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    as_: As = None,
    all_: All = False,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Show the newest exchange rate of each currency and those that are missing, or enter some."""
    if context.invoked_subcommand is not None:
        return
    from django.utils import timezone

    from clientela.cli.principal import principal
    from clientela.store.context import database_context
    from clientela.trade.selectors.rates import missing_rates, newest_rates, rates_in_force

    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        missing = [
            {
                "currency": one.currency, "base": one.base, "first_day": one.first_on,
                "last_day": one.last_on, "documents": one.documents,
            }
            for one in missing_rates(who.access, today=who.access.today)
        ]  # fmt: skip
        held = [
            {
                "currency": one.currency, "base": one.base, "day": one.on_day,
                "rate": format(one.rate.normalize(), "f"), "origin": one.origin,
            }
            for one in (rates_in_force(who.access).order_by("-on_day", "currency", "id") if all_
                        else newest_rates(who.access))
        ]  # fmt: skip
    if format_ is Format.JSON:
        as_json({"missing": missing, "rates": held})
        return
    for title, rows in (("missing", missing), ("in force" if all_ else "newest", held)):
        if rows:
            values = [list(row.values()) for row in rows]
            as_rows(list(rows[0]), values, title, numbers={"rate", "documents"})
    if not missing and not held:
        typer.echo("No rates were entered yet, and no document waits for one.")


@app.command("set")
def set_(
    from_: Annotated[str, typer.Argument(metavar="FROM", help="The currency: USD.")],
    to: Annotated[str, typer.Argument(metavar="TO", help="The currency of the group: EUR.")],
    rate: Annotated[str, typer.Argument(help="What one FROM is worth in TO: 0.92.")],
    on: Annotated[str, typer.Option("--on", help="The day: 2026-06-30.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check it, change nothing.")] = False,
    yes: Sure = False,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Enter what a currency was worth on a day; another rate for the same day corrects it."""
    from django.utils import timezone

    from clientela.cli.days import a_day
    from clientela.cli.principal import principal
    from clientela.store.context import database_context
    from clientela.trade.services import GivenRate, enter_rates

    day, value = a_day(on), _number(rate)
    if day is None:
        raise misused(f"{on!r} is no day such as 2026-06-30.")
    if value is None:
        raise misused(f"{rate!r} is no rate such as 0.92.")
    at = timezone.now()
    with exits(), principal(as_, at) as who:
        given = GivenRate(currency=from_.upper(), base=to.upper(), on_day=day, rate=value)
        with database_context(who.context):
            entered = enter_rates(
                access=who.access, rates=[given], origin="command", at=at, dry_run=dry_run,
                confirmed=yes,
            )  # fmt: skip
        _follow(entered, at)
    _print(_entered(entered, dry_run=dry_run), format_)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV or workbook with the columns day, from, to and rate.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, change nothing.")
    ] = False,
    yes: Sure = False,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Bring the rates of a file in, all or, where a row cannot be taken, none."""
    if not file.is_file():
        raise misused(f"There is no file {file}.")
    from django.utils import timezone

    from clientela.cli.principal import principal
    from clientela.intake.services.rates_file import bring_rates
    from clientela.store.context import database_context

    at = timezone.now()
    with exits(), principal(as_, at) as who:
        with database_context(who.context):
            brought = bring_rates(
                access=who.access, path=file, name=legible(file.name), at=at, dry_run=dry_run,
                confirmed=yes,
            )  # fmt: skip
        _follow(brought.entered, at)
    if brought.entered is None:
        _print_bad(brought, format_)
        raise typer.Exit(FAILED)
    _print({"rows": brought.rows, **_entered(brought.entered, dry_run=dry_run)}, format_)


def _number(text: str) -> Decimal | None:
    """Return a plain number such as 0.92: neither an exponent nor thousands."""
    whole, _, part = text.partition(".")
    plain = text.isascii() and whole.isdigit() and (part.isdigit() or "." not in text)
    return Decimal(text) if plain else None


def _follow(entered: "RatesEntered | None", at: datetime) -> None:
    """Bring the copy and the classes up to date with the documents that changed."""
    if entered is not None and entered.documents:
        from clientela.analysis.services import bring_up_to_date

        bring_up_to_date(at=at)


def _entered(entered: "RatesEntered", *, dry_run: bool) -> dict[str, Any]:
    told_ = {
        "added": entered.added, "corrected": entered.corrected, "unchanged": entered.unchanged,
        "documents": entered.documents,
    }  # fmt: skip
    return {"dry_run": True, **told_} if dry_run else told_


def _print(values: dict[str, Any], format_: Format) -> None:
    as_json(values) if format_ is Format.JSON else as_pairs("rates", values)


def _print_bad(brought: "RatesBrought", format_: Format) -> None:
    bad = [
        {
            "line": one.line, "column": one.column, "code": one.reason.code,
            "why": told(one.reason),
        }
        for one in brought.bad
    ]  # fmt: skip
    if format_ is Format.JSON:
        as_json({"rows": brought.rows, "added": 0, "corrected": 0, "bad": bad})
        return
    rows = len({one.line for one in brought.bad})
    wrong = "1 row is wrong" if rows == 1 else f"{rows:,} rows are wrong"
    complain(f"Nothing was brought in: {wrong}.")
    rows_told = [list(row.values()) for row in bad]
    as_rows(list(bad[0]), rows_told, first=["line", "column", "why"], wrapped={"why"})
