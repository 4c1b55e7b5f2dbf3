"""An analysis asked by a user: scoped, over one currency, with names where they may be seen.

Classes of customers are computed over everything and stored (`classifying`); what is asked
here takes the reader's own reach as its population and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Analysis
from clientela.analysis.expressions.summaries import TOTALS, totals
from clientela.analysis.results import Answer
from clientela.analysis.services import warming
from clientela.analysis.services.lately import LATELY
from clientela.analysis.services.presenting import (
    columns_of,
    labelled,
    outer_figures,
    population_of,
    rows_of,
)
from clientela.analysis.services.question import Asked, as_allowed
from clientela.analysis.services.tables import classes_of, tables_for
from clientela.analysis.services.worked import answerable, summary_of, worked_out
from clientela.kernel.money import Money
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.records.selectors import (
    customer_by_public_id,
)
from clientela.security.permits import Access
from clientela.warehouse.session import Session


@dataclass(frozen=True, kw_only=True)
class Part:
    """A page of the answer: which rows, in which order, with which words in text columns."""

    offset: int = 0
    limit: int = 50
    order: str = ""  # a column of the answer, "-" before a falling one
    only: Mapping[str, str] = field(default_factory=dict)


def ask(access: Access, asked: Asked, part: Part | None = None) -> Answer:
    """Answer a question over what `access` reaches: all rows, or a part of them.

    Raises NotPermitted, also for an analysis of figures above the user's classes; Invalid
    when amounts are in several currencies and a rate is missing, or for a column there is not.
    """
    access.demand("analysis.run")
    given, asked = asked, as_allowed(access, asked)
    analysis, figures = asked.analysis, asked.analysis.figures
    with worked_out(access, asked) as worked:
        session, answer = worked.session, analysis.in_order(worked.table)
        shown = answer
        if analysis.name in TOTALS and not access.sees_single("analysis.run"):
            shown, figures = totals(analysis.name, answer), TOTALS[analysis.name]
        held = worked.held
        known = held.rows.num_rows if held is not None and shown is answer else None
        rows, total = _part(session, shown, part, known)
        drawn: list[dict[str, Any]] = []
        if part is not None:
            summary = held.drawn if held else session.arrow(summary_of(asked, worked.table))
            drawn = summary.to_pylist()
    LATELY.note(access, given)
    warming.see_to_it()
    keys = [{k: row[k] for k in ("group_key",) if k in row} for row in rows]
    rows, drawn = (labelled(access, asked.parameters, some) for some in (rows, drawn))
    seen = outer_figures(
        [f for f in figures if f.field_class in classes_of(access)], asked.parameters
    )
    return Answer(
        analysis=analysis.name,
        as_of=asked.as_of,
        from_on=asked.period.from_on,
        snapshot=worked.snapshot,
        parameters=asked.parameters,
        population=population_of(worked.population.to_pylist()[0], worked.currency, access),
        currency=worked.currency,
        columns=columns_of(seen),
        rows=rows_of(access, seen, rows, worked.currency),
        keys=keys,
        total_rows=total,
        summary=drawn,
    )


def documents_behind(
    access: Access, asked: Asked, given: Mapping[str, str], *, most: int = 500
) -> list[dict[str, Any]]:
    """Return the documents that a row stands for, oldest first, at most `most`.

    Raises NotPermitted, also for who sees totals alone: a document is one customer's.

    :param given: the row's keys as text; a customer by public id.
    """
    permit = access.sees_single("analysis.run")
    if not permit:
        raise NotPermitted(*permit.reasons)
    access.demand("analysis.trace")
    row = _keys(access, asked.analysis, given)
    opened = tables_for(access, asked.analysis, asked.source, act="analysis.trace")
    with opened as one, answerable(asked):
        behind = asked.analysis.behind(one.tables, asked.period, row, asked.parameters)
        rows = one.session.rows(behind.limit(most))
    return [
        {
            **row,
            "currency": one.currency,
            "amount": str(Money.of_minor(row["amount_minor"], one.currency).amount),
        }
        for row in rows
    ]


def _part(
    session: Session, answer: ir.Table, part: Part | None, total: int | None
) -> tuple[list[dict[str, Any]], int]:
    """Return the rows of a part, and how many there are in all: `total` where that is known."""
    if part is None:
        rows = session.rows(answer)
        return rows, len(rows)
    for name, value in part.only.items():
        if name not in answer.columns or not answer[name].type().is_string():
            raise Invalid(Reason(code="filter_unknown", params={"field": name[:60]}))
        answer, total = answer.filter(answer[name] == value), None
    if part.order:
        column = part.order.lstrip("-")
        if column not in answer.columns:
            raise Invalid(Reason(code="order_not_allowed", params={"order": column[:40]}))
        way = ibis.desc if part.order.startswith("-") else ibis.asc
        answer = answer.order_by(way(answer[column], nulls_first=False))
    if total is None:
        total = int(session.value(answer.count()))
    return session.rows(answer.limit(part.limit, offset=part.offset)), total


def _keys(access: Access, analysis: Analysis, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys that name a row, typed; a customer's public id becomes its own."""
    row: dict[str, Any] = {}
    for figure in analysis.figures:
        if not figure.is_key:
            continue
        if figure.name == "customer_id":
            public = given.get("customer")
            row[figure.name] = customer_by_public_id(access, public).pk if public else None
        else:
            text = given.get(figure.name)
            try:
                row[figure.name] = int(text) if text and figure.type == "int64" else text or None
            except ValueError as error:
                params = {"field": figure.name}
                raise Invalid(Reason(code="field_not_a_number", params=params)) from error
    return row
