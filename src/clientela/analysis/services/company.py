"""The analyses as the company has them: with the defaults that are in force at an instant.

What is asked is asked by today's settings, also of a day long past: `as_of` says which documents
count, not which settings. An answer that was stored carries the settings it was worked out with.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clientela.analysis.defaults import PREFIX, STANDING, Standing
from clientela.analysis.expressions.spec import MONTHS, Analysis
from clientela.analysis.registry import ANALYSES
from clientela.kernel.reasons import NotInScope
from clientela.security.permits import Access
from clientela.store.models import Parameter, ParameterProposal
from clientela.store.selectors import parameters_in_force


@dataclass(frozen=True, kw_only=True)
class Held:
    """A parameter with the value in force, and the row that set it: None where none did."""

    standing: Standing
    value: Any
    row: Parameter | None
    coming: Parameter | None  # the next one, whose instant is still to come


def values_set(at: datetime) -> dict[str, Any]:
    """Return what the company set of its analyses, as it holds at an instant, by dotted name."""
    held = parameters_in_force(PREFIX, at=at)
    return {name: value for name, value in held.items() if name in STANDING}


def analysis_in_force(name: str, values: Mapping[str, Any]) -> Analysis:
    """Return an analysis with what the company set as its defaults."""
    return ANALYSES[name].with_companys(values) if values else ANALYSES[name]


def parameters_of(analysis: Analysis) -> dict[str, Any]:
    """Return what an answer that nobody asked otherwise is worked out with."""
    months = {} if analysis.months is None else {MONTHS.name: analysis.months}
    return {**analysis.settings({}), **months}


def standing(name: str) -> Standing:
    """Return a parameter that the company may set. Raises NotInScope."""
    if name not in STANDING:
        raise NotInScope("parameter")
    return STANDING[name]


def held(access: Access, *, at: datetime) -> list[Held]:
    """Return every parameter that the company may set with what holds of it."""
    access.demand("parameter.read")
    now: dict[str, Parameter] = {}
    coming: dict[str, Parameter] = {}
    for row in Parameter.objects.filter(name__in=STANDING).order_by("valid_from", "id"):
        if row.valid_from <= at:
            now[row.name] = row
        elif row.name not in coming or coming[row.name].valid_from == row.valid_from:
            coming[row.name] = row
    return [
        Held(
            standing=one,
            value=now[name].value if name in now else one.parameter.default,
            row=now.get(name),
            coming=coming.get(name),
        )
        for name, one in STANDING.items()
    ]


def history(access: Access, name: str) -> QuerySet[Parameter]:
    """Return every value that was set of a parameter, the latest first. Raises NotInScope."""
    access.demand("parameter.read")
    return Parameter.objects.filter(name=standing(name).name).order_by("-valid_from", "-id")


def proposals(access: Access, *, at: datetime, name: str = "") -> QuerySet[ParameterProposal]:
    """Return the proposals that stand, oldest first; of one parameter, or of all."""
    access.demand("parameter.read")
    found = ParameterProposal.objects.filter(approved_at=None, ended_at=None, expires_at__gt=at)
    if name:
        found = found.filter(name=name)
    return found.order_by("proposed_at", "id")


def names_of_proposals(access: Access, ids: Collection[UUID]) -> dict[str, str]:
    """Return public id -> dotted name, for the proposals that events are about."""
    if not access.may("parameter.read"):
        return {}
    found = ParameterProposal.objects.filter(public_id__in=ids, name__in=STANDING)
    return {str(key): name for key, name in found.values_list("public_id", "name")}


def proposals_awaiting(access: Access, *, at: datetime) -> QuerySet[ParameterProposal]:
    """Return the proposals that `access` could approve, oldest first."""
    access.demand("parameter.approve")
    return proposals(access, at=at).exclude(proposed_by=access.username)
