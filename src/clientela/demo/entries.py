"""Contacts, cases, surveys, promotions and contracts of a slice, into the books.

Each kind is a run of each source, with its control totals and the digest of its rows.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from clientela.campaigns.services import load_promotions, load_targets
from clientela.contacts.services import load_contacts
from clientela.contracts.services import load_contracts
from clientela.demo import runs
from clientela.demo.asking import BEGINS, OPEN_DAYS, QUESTIONS, code
from clientela.demo.catalogue import CATEGORIES
from clientela.demo.dealings import Dealings
from clientela.demo.entry_rows import (
    Row,
    answer_rows,
    case_rows,
    contact_rows,
    contract_rows,
    invitation_rows,
    target_rows,
)
from clientela.demo.lands import BASE, SOURCES
from clientela.demo.organisation import Staff
from clientela.demo.world import CAMPAIGN_DAYS, World
from clientela.feedback.services import load_answers, load_cases, load_invitations, load_surveys
from clientela.records.models import Source
from clientela.store.context import system_context
from clientela.trade.models import Product

Loader = Callable[..., int]


def open_books(world: World, staff: Staff, at: datetime) -> None:
    """Let each source tell of the surveys and promotions there will be."""
    if world.is_sparse:
        return
    surveys = [
        (code(n), f"{world.day(day):%Y-%m}", QUESTIONS, world.day(day),
         world.day(day) + timedelta(days=OPEN_DAYS))
        for n, day in enumerate(BEGINS)
    ]  # fmt: skip
    promotions = [
        (one.code, CATEGORIES[one.category][2], world.day(one.begins),
         world.day(one.begins + CAMPAIGN_DAYS), *CATEGORIES[one.category][:3],
         one.cut_percent * 100)
        for one in world.campaigns
    ]  # fmt: skip
    for name in SOURCES:
        _run(staff.sources[name], "surveys", f"{name}-surveys.csv", surveys, load_surveys, at)
        _run(
            staff.sources[name], "promotions", f"{name}-promotions.csv", promotions,
            load_promotions, at,
        )  # fmt: skip


def load_dealings(dealings: Dealings, staff: Staff, at: datetime) -> None:
    """Load what departments had to do with the customers of a slice."""
    if dealings.papers.world.is_sparse:
        return
    owners = staff.places.owners
    loaders: list[tuple[str, Loader, Callable[..., Iterator[tuple[int, Row]]]]] = [
        ("contracts", partial(load_contracts, base=BASE, digits=runs.DIGITS), contract_rows),
        ("targets", load_targets, target_rows),
        ("cases", load_cases, partial(case_rows, owners=owners)),
        ("invitations", load_invitations, invitation_rows),
        ("answers", _load_answers, answer_rows),
        ("contacts", load_contacts, partial(contact_rows, owners=owners)),
    ]
    for kind, loader, rows in loaders:
        of_source: list[list[Row]] = [[] for _ in SOURCES]
        for place, row in rows(dealings):
            of_source[place].append(row)
        for name, given in zip(SOURCES, of_source, strict=True):
            origin = staff.sources[name]
            ready = _with_products(origin, given) if kind == "contacts" else given
            file = f"{name}-{kind}-{dealings.papers.part + 1:03d}.csv"
            _run(origin, kind, file, ready, loader, at)


def _load_answers(rows: Sequence[Row], *, run_id: int, source_id: int, at: datetime) -> int:
    """Load answers, which carry their own instant."""
    return load_answers(rows, run_id=run_id, source_id=source_id)


def _with_products(source: Source, rows: list[Row]) -> list[Row]:
    """Return contacts with the id of their product in the place of its code."""
    with system_context(runs.WHY):
        ids = dict(Product.objects.filter(source=source).values_list("code", "id"))
    return [(*row[:9], ids.get(str(row[9])), *row[10:]) for row in rows]


def _run(
    source: Source, kind: str, file: str, rows: Sequence[Row], loader: Loader, at: datetime
) -> None:
    """Load rows of a kind as one run of a source; no run where there are none."""
    if not rows:
        return
    with system_context(runs.WHY):
        run = runs.begin(source, kind, file, at)
        content = "\n".join(map(str, rows)).encode()
        run.sha256, run.size = hashlib.sha256(content).hexdigest(), len(content)
        run.read = run.staged = run.accepted = len(rows)
        written: dict[str, Any] = {kind: loader(rows, run_id=run.pk, source_id=source.pk, at=at)}
        run.written = written
        runs.end(run, at)
