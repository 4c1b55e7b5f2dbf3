"""Short ways to ask an analysis in a test."""

from datetime import date
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.registry import ANALYSES
from clientela.warehouse.session import Session


def answer(
    session: Session,
    name: str,
    tables: dict[str, ir.Table],
    as_of: str,
    from_on: str | None = None,
    **parameters: Any,
) -> list[dict[str, Any]]:
    """Return the rows of an analysis, in its order."""
    analysis = ANALYSES[name]
    period = analysis.period(date.fromisoformat(as_of), from_on and date.fromisoformat(from_on))
    return session.rows(analysis.rows(tables, period, parameters))


def population(
    session: Session, name: str, tables: dict[str, ir.Table], as_of: str, **parameters: Any
) -> dict[str, Any]:
    """Return the one row that says over what the answer is taken."""
    analysis = ANALYSES[name]
    period = analysis.period(date.fromisoformat(as_of))
    (row,) = session.rows(analysis.counted(tables, period, parameters))
    return row


def documents(
    session: Session,
    name: str,
    tables: dict[str, ir.Table],
    as_of: str,
    row: dict[str, Any],
    **parameters: Any,
) -> list[dict[str, Any]]:
    """Return the documents behind a row."""
    analysis = ANALYSES[name]
    period = analysis.period(date.fromisoformat(as_of))
    return session.rows(analysis.behind(tables, period, row, parameters))
