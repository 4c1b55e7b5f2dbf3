"""A question: which analysis, over what time, how; checked, and as a reader may ask it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from clientela.analysis.expressions.spec import Analysis, BadQuestion
from clientela.analysis.registry import ANALYSES
from clientela.kernel.period import Period
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted
from clientela.security.permits import Access


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question: which analysis, over what time, how, and from which source."""

    analysis: Analysis
    period: Period
    as_of: date
    parameters: Mapping[str, Any]
    source: str | None = None


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

    Raises NotPermitted for groups that are single customers.
    """
    permit = access.sees_single("analysis.run")
    if permit:
        return asked
    if asked.parameters.get("by") == "customer":
        raise NotPermitted(*permit.reasons)
    if asked.parameters.get("per") == "customer":
        return replace(asked, parameters={**asked.parameters, "per": "total"})
    return asked
