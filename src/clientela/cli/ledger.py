"""`clientela records`: the ledger looked at and rebuilt."""

from datetime import date, datetime
from typing import Annotated

import typer
from django.utils import timezone
from django.utils.translation import gettext

from clientela.cli.days import a_day, an_instant
from clientela.cli.exits import FAILED, exits, misused
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows, console
from clientela.cli.principal import As, principal
from clientela.kernel.days import instant_of
from clientela.kernel.reasons import NotPermitted
from clientela.records.selectors import (
    current_day,
    customer_by_public_id,
    file_of,
    head_of,
    log_of,
    name_of,
    outer_values,
)
from clientela.records.services import rebuild
from clientela.store.context import database_context, system_context

app = typer.Typer(
    no_args_is_help=True,
    help="Look at the ledger of what sources said, and rebuild customers from it.",
)


@app.command("rebuild")
def rebuild_customers(
    check: Annotated[bool, typer.Option("--check", help="Compare only; change nothing.")] = False,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Recompute every customer from its versions and count the differences."""
    at = timezone.now()
    with exits(), principal(as_, at) as who:
        if not who.access.reach("source.write").everything:  # every customer is read and counted
            raise NotPermitted(who.access.lacks("source.write"))
        with system_context("a rebuild reads the whole ledger"):
            found = rebuild(at=at, check_only=check)
    answer = {"customers": found.customers, "differences": found.differences}
    if format_ is Format.JSON:
        as_json(answer | {"sample": list(found.sample)})
    else:
        as_pairs("rebuild", answer)
    if check and found.differences:
        raise typer.Exit(FAILED)


@app.command("log")
def log(customer: Annotated[str, typer.Option(help="Public id.")], as_: As = None) -> None:
    """Print versions, links and rules of a customer as JSON lines, for anyone to replay.

    A field that you see masked on the file is its mask here too.
    """
    with exits(), principal(as_, timezone.now()) as who, database_context(who.context):
        for entry in log_of(who.access, customer_by_public_id(who.access, customer)):
            as_json(entry)


@app.command("show")
def show(
    customer: Annotated[str, typer.Argument(help="Public id.")],
    true_on: Annotated[str | None, typer.Option(help="Day, as it was true on.")] = None,
    known_on: Annotated[str | None, typer.Option(help="Instant, as we knew it on.")] = None,
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Show a customer's file, now or as of a day, each fact with its origin.

    As of another time the name is that of then too, and nothing where none was known.
    """
    at = timezone.now()
    with exits():
        asked, instant = _day(true_on), _instant(known_on, at)
    with exits(), principal(as_, at) as who, database_context(who.context):
        day = asked or current_day(who.access, at)
        found = customer_by_public_id(who.access, customer)
        facts = file_of(who.access, found, true_on=day, known_on=instant)
        name: str | None = str(name_of(who.access, found))
        if true_on or known_on:
            name = head_of(who.access, found, facts, true_on=day, known_on=instant).name
        named = outer_values(facts)
    rows = [
        (f.key, None if value is None else str(value), f.source_name, f.true_from, f.known_at)
        for f, value in zip(facts, named, strict=True)
    ]
    columns = ("fact", "value", "source", "true_from", "known_at")
    if format_ is Format.JSON:
        as_json(
            {"customer": customer, "name": name, "true_on": day, "known_on": instant,
             "facts": [dict(zip(columns, row, strict=True)) for row in rows]}
        )  # fmt: skip
    else:
        brief = [(*row[:-1], f"{row[-1]:%Y-%m-%d %H:%M}") for row in rows]
        if not brief:
            console.print(gettext("Nothing is known of this customer then") + ".")
            return
        as_rows(columns, brief, title=name or customer, first=["value"], wrapped={"value"})


def _day(text: str | None) -> date | None:
    day = a_day(text) if text else None
    if text and day is None:
        raise misused("--true-on takes a date such as 2026-03-31.")
    return day


def _instant(text: str | None, at: datetime) -> datetime:
    instant = an_instant(text) if text else at
    if text and instant is None and a_day(text):
        instant = an_instant(f"{text}T23:59:59.999999+00:00")
    if instant is None or instant.tzinfo is None:
        raise misused("--known-on takes an instant with its zone, 2026-03-31T12:00:00Z.")
    return instant_of(instant, "known_on")
