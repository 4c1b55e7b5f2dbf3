"""What documents behind a row say beside what they add: as much as its figures can be followed by.

An analysis that is in no entry of `DETAILS` is followed by its documents' amounts alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.expressions import open_documents, punctuality_items
from clientela.analysis.expressions.common import same
from clientela.analysis.expressions.spec import Analysis, Tables
from clientela.kernel.period import Period
from clientela.tables.invoices import INVOICES

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Follow:
    """A question and the keys of one row of its answer."""

    analysis: Analysis
    tables: Tables
    period: Period
    row: Row
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Detail:
    """`lines`: the documents with what they say; `sums`: one row, the figures that lines add up to;
    `others`: one row at most, figures of the answer that do not follow from these lines."""

    lines: Callable[[Follow], ir.Table]
    sums: Callable[[Follow, ir.Table], ir.Table]
    others: Callable[[Follow], ir.Table] | None = None


def _aged(asked: Follow) -> ir.Table:
    found = asked.analysis.behind(asked.tables, asked.period, asked.row, asked.given)
    return open_documents.with_ages(found, asked.tables, asked.period)


def _judged(asked: Follow) -> ir.Table:
    return punctuality_items.lines(asked.tables, asked.period, dict(asked.row), **asked.given)


def _row(asked: Follow) -> ir.Table:
    """Return the row itself, from its customer's documents alone."""
    tables, row = dict(asked.tables), asked.row
    if asked.given["per"] == "customer":
        i = tables[INVOICES.name]
        tables[INVOICES.name] = i.filter(same(i.customer_id, row["customer_id"]))
    return asked.analysis.rows(tables, asked.period, asked.given)


DETAILS: Mapping[str, Detail] = {
    "ageing": Detail(_aged, lambda _, found: found.agg(**open_documents.sums_of(found))),
    "dso": Detail(_aged, lambda _, found: found.agg(**open_documents.owed_of(found)), _row),
    "punctuality": Detail(
        _judged, lambda asked, found: punctuality_items.sums_of(found, **asked.given)
    ),
}
