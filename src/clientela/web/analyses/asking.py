"""What a request asks of an analysis: cut-off, period, source, parameters, and which part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date

from clientela.analysis.services.asking import Part
from clientela.analysis.services.question import Asked, question
from clientela.kernel.reasons import Invalid, Reason

SIZE = 50
OWN = {"as_of", "from", "source", "order", "page", "only"}
MOST_PAGES = 10_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A question with the part of its answer that the page shows."""

    asked: Asked
    part: Part
    page: int
    given: dict[str, str]  # parameters as they were given, for the form


def read(query: Mapping[str, Any], name: str, *, today: date, at: datetime) -> Wanted:
    """Return what the address asks. Raises Invalid for what cannot be read."""
    given = {k: str(v).strip() for k, v in query.items() if str(v).strip()}
    parameters = {k: v for k, v in given.items() if k not in OWN}
    parameters = {k: v for k, v in parameters.items() if not k.startswith("is:")}
    asked = question(
        name,
        as_of=_day(given, "as_of") or today,
        at=at,
        from_on=_day(given, "from"),
        parameters=parameters,
        source=given.get("source"),
    )
    page = max(1, min(_whole(given.get("page", "1")), MOST_PAGES))
    only = {k[3:]: v for k, v in given.items() if k.startswith("is:")}
    part = Part(offset=(page - 1) * SIZE, limit=SIZE, order=given.get("order", ""), only=only)
    return Wanted(asked=asked, part=part, page=page, given=given)


def _day(given: dict[str, str], name: str) -> date | None:
    text = given.get(name)
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Invalid(Reason(code="value_not_a_date", params={"field": name}))
    return day


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Invalid(Reason(code="value_not_a_number", params={"field": "page"}))
    return int(text)
