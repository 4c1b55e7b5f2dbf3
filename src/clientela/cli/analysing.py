"""`clientela analyse`: figures from the columnar copy."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from clientela.analysis.results import Answer
from clientela.cli.answers import Shape, only, write
from clientela.cli.days import a_day
from clientela.cli.exits import exits, misused, of_source
from clientela.cli.principal import As, principal
from clientela.kernel.reasons import Reason, Refused
from clientela.store.context import database_context

NAMES = ("abc", "rfm", "sales", "cohorts", "ageing", "punctuality", "dso")


def analyse(
    name: Annotated[str, typer.Argument(help=f"One of: {', '.join(NAMES)}.")],
    as_of: Annotated[str, typer.Option("--as-of", help="Last day that counts, 2026-06-30.")],
    from_: Annotated[str | None, typer.Option("--from", help="First day of the period.")] = None,
    source: Annotated[str | None, typer.Option(help="Only what this source told of.")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="PARAMETER=VALUE.")] = None,
    columns: Annotated[
        str | None, typer.Option(help="Columns to show, parted by commas; else all that fit.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="File to write; else the terminal.")] = None,
    as_: As = None,
    format_: Annotated[
        Shape, typer.Option("--format", help="How to print the answer.")
    ] = Shape.TABLE,
) -> None:
    """Answer one analysis over what the user reaches.

    Who knows customers by pseudonym is answered in groups alone, whatever the format, over whole
    months. Of which days a file is, is said on standard error.
    """
    pairs = [pair.partition("=") for pair in set_ or []]
    if name not in NAMES:
        raise misused(f"NAME is one of {', '.join(NAMES)}.")
    if not all(equals for _, equals, _ in pairs):
        raise misused("--set takes PARAMETER=VALUE.")
    if format_ is Shape.PARQUET and output is None:
        raise misused("--format parquet needs --output FILE.")
    if output is not None and not output.resolve().parent.is_dir():
        raise misused(f"There is no folder {output.resolve().parent}.")
    last, first = _day(as_of), _day(from_) if from_ else None
    answer = _asked(name, last, first, source, {key: value for key, _, value in pairs}, as_)
    with exits():
        write(_only(answer, columns), format_, output, last)


def _asked(
    name: str,
    as_of: date,
    from_on: date | None,
    source: str | None,
    settings: dict[str, str],
    user: str | None,
) -> Answer:
    # The engines are loaded once it is clear that there is something to ask.
    from clientela.analysis.services import answer_for_program, ensure_copy
    from clientela.analysis.services.question import question
    from clientela.warehouse.snapshots import NoSnapshot

    with exits(), principal(user, timezone.now()) as who, database_context(who.context):
        asked = question(
            name, as_of=as_of, at=who.access.at, from_on=from_on, parameters=settings,
            source=source,
        )  # fmt: skip
        who.access.demand("analysis.run")
        ensure_copy()
        try:
            with of_source(source):
                return answer_for_program(who.access, asked)
        except NoSnapshot as error:
            raise Refused(Reason(code="copy_not_ready")) from error


def _only(answer: Answer, columns: str | None) -> Answer:
    if not columns:
        return answer
    wanted = [name.strip() for name in columns.split(",") if name.strip()]
    known = [column.name for column in answer.columns]
    if not wanted or not set(wanted) <= set(known):
        raise misused(f"--columns takes some of {', '.join(known)}.")
    return only(answer, list(dict.fromkeys(wanted)))


def _day(text: str) -> date:
    day = a_day(text)
    if day is None:
        raise misused(f"{text!r} is no day such as 2026-06-30.")
    return day
