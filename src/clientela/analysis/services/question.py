"""A question: which analysis, over what time, how; checked, and as a reader may ask it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Analysis, BadQuestion
from clientela.analysis.registry import ANALYSES
from clientela.kernel.period import DAY, Period
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted
from clientela.security.permits import Access

OF_TOTALS = {"by", "per"}  # what readers of totals alone may choose
THIN = {"product"}  # groups in most of whose months few customers bought


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question: which analysis, over what time, how, and from which source."""

    analysis: Analysis
    period: Period
    as_of: date
    parameters: Mapping[str, Any]
    source: str | None = None

    def in_order(self, answer: ir.Table) -> ir.Table:
        """Return an answer in the order it is shown in."""
        return self.analysis.in_order(answer, self.parameters)


def question(
    name: str,
    *,
    as_of: date,
    from_on: date | None = None,
    parameters: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> Asked:
    """Return a checked question. Raises NotInScope for an unknown name, Invalid for the rest."""
    analysis = ANALYSES.get(name)
    if analysis is None:
        raise NotInScope("analysis")
    try:
        settings = analysis.settings(dict(parameters or {}))
        period = analysis.period(as_of, from_on)
    except BadQuestion as error:
        raise Invalid(error.reason) from error
    return Asked(analysis=analysis, period=period, as_of=as_of, parameters=settings, source=source)


def as_allowed(access: Access, asked: Asked) -> Asked:
    """Return the question as this reader may ask it: for some in all, never for each customer.

    Who sees totals alone asks over whole months that are over, of everything in reach and with
    the standing parameters: two questions that differ by a day, a source or a point of a limit
    would tell a customer by their difference. Raises NotPermitted for what goes beyond.
    """
    permit = access.sees_single("analysis.run")
    if permit:
        return asked
    if not is_standing(asked) or asked.parameters.get("by") == "customer":
        raise NotPermitted(*permit.reasons)
    return in_groups(asked)


def is_standing(asked: Asked) -> bool:
    """Tell whether a question is over every source with the standing limits."""
    standing = asked.analysis.settings({})
    chosen = {name for name, value in asked.parameters.items() if value != standing[name]}
    return asked.source is None and not chosen - OF_TOTALS


def has_row_for_each(asked: Asked) -> bool:
    """Tell whether the answer has a row for each customer."""
    by_customer = any(f.name == "customer_id" for f in asked.analysis.figures)
    each = asked.parameters.get("per", "customer") == "customer"
    return (by_customer and each) or asked.parameters.get("by") == "customer"


def in_groups(asked: Asked) -> Asked:
    """Return the question in all or for groups, over whole months that are over.

    Groups that are thin in each month are asked over the usual length to the end of a quarter,
    and no other.
    """
    analysis = asked.analysis
    per = {"per": "total"} if "per" in asked.parameters else {}
    as_of, from_on = _month_over(asked.as_of), None
    if asked.parameters.get("by") in THIN:
        as_of = _quarter_over(as_of)
    elif asked.period != analysis.period(asked.as_of) and asked.period.from_on is not None:
        from_on = min(asked.period.from_on, as_of).replace(day=1)
    return replace(
        asked,
        as_of=as_of,
        period=analysis.period(as_of, from_on),
        parameters={**asked.parameters, **per},
    )


def _month_over(day: date) -> date:
    """Return the last day of the last month that has ended on this day."""
    return day if (day + DAY).day == 1 else day.replace(day=1) - DAY


def _quarter_over(day: date) -> date:
    """Return the last day of the last quarter that has ended on this last day of a month."""
    while day.month % 3:
        day = day.replace(day=1) - DAY
    return day
