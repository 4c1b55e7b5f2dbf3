"""A question: which analysis, over what time, how; checked, and as a reader may ask it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Analysis, BadQuestion
from clientela.analysis.registry import ANALYSES
from clientela.analysis.services.company import analysis_in_force, values_set
from clientela.kernel.period import DAY, Period, months_later
from clientela.kernel.reasons import Invalid, NotInScope, NotPermitted, Reason
from clientela.security.permits import Access
from clientela.security.roles import View

OF_TOTALS = {"by", "per"}  # what readers of totals alone may choose
EACH = "customer"  # groups of one: a row for each customer
THIN = {"product"}  # groups in most of whose months few customers bought
YEAR = 12  # months that who reads no document asks over at least


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question: which analysis, over what time, how, and from which source.

    The analysis has the company's defaults; `companys` names those that were set.
    """

    analysis: Analysis
    period: Period
    as_of: date
    parameters: Mapping[str, Any]
    source: str | None = None
    companys: tuple[tuple[str, Any], ...] = ()

    @property
    def chosen(self) -> dict[str, Any]:
        """The parameters that are not as the company has them."""
        standing = self.analysis.settings({})
        return {name: v for name, v in self.parameters.items() if v != standing[name]}

    @property
    def is_of_its_length(self) -> bool:
        """Tell whether the days are those that the analysis has by itself."""
        try:
            return self.period == self.analysis.period(self.as_of)
        except BadQuestion:  # it has none that end so early
            return False

    def in_order(self, answer: ir.Table) -> ir.Table:
        """Return an answer in the order it is shown in."""
        return self.analysis.in_order(answer, self.parameters)


def question(
    name: str,
    *,
    as_of: date,
    at: datetime,
    from_on: date | None = None,
    parameters: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> Asked:
    """Return a checked question. Raises NotInScope for an unknown name, Invalid for the rest.

    :param at: when it is asked: what is not given is as the company has it then, whatever day the
        figures are of.
    """
    if name not in ANALYSES:
        raise NotInScope("analysis")
    values = values_set(at)
    analysis = analysis_in_force(name, values)
    try:
        settings = analysis.settings(dict(parameters or {}))
        period = analysis.period(as_of, from_on)
    except BadQuestion as error:
        raise Invalid(error.reason) from error
    return Asked(
        analysis=analysis, period=period, as_of=as_of, parameters=settings, source=source,
        companys=tuple(sorted(values.items())),
    )  # fmt: skip


def as_allowed(access: Access, asked: Asked) -> Asked:
    """Return the question as this reader may ask it: for some in all, never for each customer.

    Who reads no document asks over a year at least: what a customer bought in a day is one. Who
    sees totals alone asks over whole months that are over, of everything in reach and with the
    standing parameters: two questions that differ by a day, a source or a point of a limit would
    tell a customer by their difference. Raises NotPermitted for what goes beyond.
    """
    permit = access.sees_single("analysis.run")
    if permit:
        return asked if reads_documents(access) else over_a_year(asked, access.today)
    if asked.parameters.get("by") == EACH:
        raise NotPermitted(*permit.reasons)
    if not is_standing(asked):
        raise NotPermitted(Reason(code="totals_of_standing_only"))
    return in_groups(asked, access.today)


def as_taken(access: Access, asked: Asked) -> Asked:
    """Return the question as its answer in groups is carried off by who sees single customers."""
    asked = asked if reads_documents(access) else over_a_year(asked, access.today)
    return in_groups(asked, access.today)


def reads_documents(access: Access) -> bool:
    """Tell whether somebody who may analyse reads what a single document says."""
    return access.worst_view("S3", "analysis.run") is View.PLAIN


@contextmanager
def _days_there_are() -> Iterator[None]:
    """Refuse a question whose days begin before there are any."""
    try:
        yield
    except BadQuestion as error:
        raise Invalid(error.reason) from error
    except (ValueError, OverflowError) as error:
        raise Invalid(Reason(code="day_out_of_range")) from error


@_days_there_are()
def over_a_year(asked: Asked, today: date) -> Asked:
    """Return the question over whole months that are over, a year of them at least."""
    as_of = _month_over(min(asked.as_of, today))
    period, from_on = asked.analysis.period(as_of), asked.period.from_on
    if from_on is not None:
        if asked.is_of_its_length:
            from_on = period.from_on or from_on
        year = months_later(as_of + DAY, -YEAR)
        period = asked.analysis.period(as_of, min(from_on.replace(day=1), year))
    return replace(asked, as_of=as_of, period=period)


def is_standing(asked: Asked) -> bool:
    """Tell whether a question is over every source with the standing limits."""
    return asked.source is None and not asked.chosen.keys() - OF_TOTALS


@_days_there_are()
def in_groups(asked: Asked, today: date) -> Asked:
    """Return the question in all or for groups, over whole months that are over.

    Groups that are thin in each month are asked over the length that the analysis has by itself
    to the end of a quarter, and no other: not one that the company set either, since the answer of
    before and that of after would tell the months between.
    """
    analysis = asked.analysis
    per = {"per": "total"} if "per" in asked.parameters else {}
    as_of, from_on = _month_over(min(asked.as_of, today)), None
    if asked.parameters.get("by") in THIN:
        as_of = _quarter_over(as_of)
        from_on = ANALYSES[analysis.name].period(as_of).from_on
    elif not asked.is_of_its_length and asked.period.from_on is not None:
        from_on = min(asked.period.from_on, as_of).replace(day=1)
    return replace(
        asked,
        as_of=as_of,
        period=analysis.period(as_of, from_on),
        parameters={**asked.parameters, **per},
    )


def _month_over(day: date) -> date:
    """Return the last day of the last month that has ended on this day: with it, or before."""
    return day if (day + DAY).day == 1 else day.replace(day=1) - DAY


def _quarter_over(day: date) -> date:
    """Return the last day of the last quarter that has ended on this last day of a month."""
    while day.month % 3:
        day = day.replace(day=1) - DAY
    return day
