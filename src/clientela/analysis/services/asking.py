"""An analysis asked by a user: scoped, over one currency, with names where they may be seen.

Classes of customers are computed over everything and stored (`classifying`); what is asked
here takes the reader's own reach as its population and says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Figure
from clientela.analysis.results import Answer
from clientela.analysis.rules import LEAST_IN_GROUP
from clientela.analysis.services import warming
from clientela.analysis.services.copy import copy_folder
from clientela.analysis.services.lately import LATELY
from clientela.analysis.services.presenting import (
    columns_of,
    labelled,
    outer_figures,
    population_of,
    rows_of,
)
from clientela.analysis.services.question import Asked, as_allowed, as_taken
from clientela.analysis.services.standing import standing_of
from clientela.analysis.services.tables import classes_of
from clientela.analysis.services.totals import groups_of, in_order
from clientela.analysis.services.worked import Held, Worked, summary_of, worked_out
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.permits import Access
from clientela.warehouse.session import Session

OPENS: tuple[str, ...] = ("group_key", "customer_id")  # what leads from a row to its documents
# What the whole of an analysis adds up, where not every reader is told it of the rows: the wholes
# of windows that differ by a cohort and a month tell what one bought in the other.
ADDED_UP = {"cohorts": "net_sales_minor"}


@dataclass(frozen=True, kw_only=True)
class Part:
    """A page of the answer: which rows, in which order, with which words in text columns."""

    offset: int = 0
    limit: int = 50
    order: str = ""  # a column of the answer, "-" before a falling one
    only: Mapping[str, str] = field(default_factory=dict)


def ask(access: Access, asked: Asked, part: Part | None = None, *, grouped: bool = False) -> Answer:
    """Answer a question over what `access` reaches: all rows, or a part of them.

    Raises NotPermitted, also for an analysis of figures above the user's classes; Invalid
    when amounts are in several currencies and a rate is missing, or for a column there is not.

    :param grouped: answer as for who sees totals alone, whatever the user sees.
    """
    access.demand("analysis.run")
    given, asked = asked, as_taken(access, asked) if grouped else as_allowed(access, asked)
    analysis = asked.analysis
    single = bool(access.sees_single("analysis.run")) and not grouped
    worked: Worked | Held
    if single:
        none, seen = False, _seen(access, analysis.figures)
        worked, shown = _of_customers(access, asked, seen, part)
    else:
        groups = groups_of(access, asked)
        worked, none, seen = groups.held, groups.none, _seen(access, groups.figures)
        _demand_part(part, groups.figures, seen)
        shown = _of_groups(asked, worked, part)
    standing = standing_of(copy_folder(), at=access.at)
    LATELY.note(access, given)
    warming.see_to_it()
    keys = [{k: row[k] for k in OPENS if k in row} for row in shown.rows]
    rows, drawn = (labelled(access, asked.parameters, r) for r in (shown.rows, shown.drawn))
    outer = outer_figures(seen, asked.parameters)
    (counted,) = worked.population.to_pylist()
    least, sums = 0 if single else LEAST_IN_GROUP, _tells_sums(analysis.name, seen)
    return Answer(
        analysis=analysis.name,
        as_of=asked.as_of,
        from_on=asked.period.from_on,
        snapshot=worked.snapshot,
        parameters=asked.parameters,
        population=population_of(
            counted, worked.currency, access, hidden=none, least=least, sums=sums
        ),
        currency=worked.currency,
        columns=columns_of(outer),
        rows=rows_of(access, outer, rows, worked.currency),
        keys=keys,
        total_rows=shown.total,
        summary=drawn,
        copy=standing.as_json() if standing else None,
    )


@dataclass(frozen=True)
class Shown:
    """What of an answer goes out: rows, how many there are in all, and a few to draw."""

    rows: list[dict[str, Any]]
    total: int
    drawn: list[dict[str, Any]]


def _tells_sums(name: str, seen: Iterable[Figure]) -> bool:
    """Tell whether what an answer was taken over is told in documents and money."""
    return name not in ADDED_UP or ADDED_UP[name] in {figure.name for figure in seen}


def _seen(access: Access, figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures that the user's classes show."""
    classes = classes_of(access)
    return [figure for figure in figures if figure.field_class in classes]


def _demand_part(part: Part | None, figures: Iterable[Figure], seen: Iterable[Figure]) -> None:
    """Raise Invalid where a part is chosen, or put in order, by a figure that is not seen."""
    if part is None:
        return
    names = {figure.name for figure in seen}
    for name in part.only:
        if name not in names:
            raise Invalid(Reason(code="filter_unknown", params={"field": name[:60]}))
    order = part.order.lstrip("-")
    if order in {"", *names}:
        return
    if order in {figure.name for figure in figures}:
        raise Invalid(Reason(code="order_not_allowed", params={"order": order[:40]}))
    raise Invalid(Reason(code="order_unknown", params={"order": order[:40]}))


def _of_customers(
    access: Access, asked: Asked, seen: Iterable[Figure], part: Part | None
) -> tuple[Worked, Shown]:
    """Return an answer with a row for each customer, or other single thing, and a part of it.

    Who is refused the analysis is refused before anything of its columns is.
    """
    with worked_out(access, asked) as worked:
        _demand_part(part, asked.analysis.figures, seen)
        table = asked.in_order(worked.table)
        return worked, _taken(worked.session, table, asked.analysis.name, part, worked.held)


def _taken(
    session: Session, table: ir.Table, name: str, part: Part | None, held: Held | None = None
) -> Shown:
    """Take a part of an answer in its order, with the few rows that its chart draws."""
    rows, total = _part(session, table, part, held.rows.num_rows if held else None)
    if part is None:
        return Shown(rows, total, [])
    drawn = held.drawn if held else session.arrow(summary_of(name, table))
    return Shown(rows, total, drawn.to_pylist())


def _of_groups(asked: Asked, held: Held, part: Part | None) -> Shown:
    """Take a part of an answer in groups: what is hidden is hidden in its order as well."""
    with Session.duckdb() as session:
        table = in_order(asked, ibis.memtable(held.rows))
        return _taken(session, table, asked.analysis.name, part, held)


def _part(
    session: Session, answer: ir.Table, part: Part | None, total: int | None
) -> tuple[list[dict[str, Any]], int]:
    """Return the rows of a part, and how many there are in all: `total` where that is known."""
    if part is None:
        rows = session.rows(answer)
        return rows, len(rows)
    for name, value in part.only.items():
        if not answer[name].type().is_string():
            raise Invalid(Reason(code="filter_unknown", params={"field": name[:60]}))
        answer, total = answer.filter(answer[name] == value), None
    if part.order:
        column = part.order.lstrip("-")
        way = ibis.desc if part.order.startswith("-") else ibis.asc
        answer = answer.order_by(way(answer[column], nulls_first=False))
    if total is None:
        total = int(session.value(answer.count()))
    return session.rows(answer.limit(part.limit, offset=part.offset)), total
