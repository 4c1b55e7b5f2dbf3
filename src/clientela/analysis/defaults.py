"""What a company may set of its analyses, each under a dotted name: `analysis.abc.months`.

Nothing is listed here: the analyses say of their parameters which are the company's, with type,
limits and what has to rise. A value holds from an instant on; where none was set, the default of
the analysis does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clientela.analysis.expressions.spec import Analysis, Parameter
from clientela.analysis.registry import ANALYSES
from clientela.kernel.reasons import Reason

PREFIX = "analysis."


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One parameter that a company may set, of one analysis."""

    name: str  # dotted
    analysis: Analysis
    parameter: Parameter


@dataclass(frozen=True, kw_only=True)
class Dated:
    """A value of a parameter from an instant on."""

    name: str
    value: Any
    valid_from: datetime


STANDING: Mapping[str, Standing] = {
    one.standing_name(parameter.name): Standing(
        name=one.standing_name(parameter.name), analysis=one, parameter=parameter
    )
    for one in ANALYSES.values()
    for parameter in one.companys
}


def value_at(name: str, dated: Iterable[Dated], at: datetime) -> Any:
    """Return what holds of a parameter at an instant: the latest that was set, or the default.

    :param dated: in the order in which they were set: of the same instant the last one holds.
    """
    held = [one for one in dated if one.name == name and one.valid_from <= at]
    if not held:
        return STANDING[name].parameter.default
    return sorted(held, key=lambda one: one.valid_from)[-1].value


def against_others(new: Dated, dated: Iterable[Dated]) -> tuple[Reason, ...]:
    """Return why a value may not hold beside the others: at its instant, or when another changes.

    `dated` are the values of the other parameters and of this one, past and to come.
    """
    after = [*dated, new]
    own = STANDING[new.name].analysis
    over = min(
        (d.valid_from for d in after if d.name == new.name and d.valid_from > new.valid_from),
        default=None,
    )
    turns = sorted({d.valid_from for d in after if d.valid_from >= new.valid_from})
    for pair in own.rising:
        lower, upper = map(own.standing_name, pair)
        if new.name not in (lower, upper):
            continue
        for turn in turns:
            if over is not None and turn >= over:
                break
            low, high = value_at(lower, after, turn), value_at(upper, after, turn)
            if low >= high:
                return (_crossed(new.name, lower, upper, low, high),)
    return ()


def _crossed(name: str, lower: str, upper: str, low: Any, high: Any) -> Reason:
    other, value = (upper, high) if name == lower else (lower, low)
    code = "parameter_not_under" if name == lower else "parameter_not_over"
    parameter = STANDING[other].parameter.name
    return Reason(code=code, params={"field": "value", "against": parameter, "limit": str(value)})
