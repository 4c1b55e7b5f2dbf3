"""Shapes that several answers share."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from django.http import HttpRequest
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from clientela.kernel.money import Money
from clientela.kernel.reasons import Invalid, Reason, demand_storable
from clientela.security.permits import Access

Item = TypeVar("Item")


def _as_text(value: object) -> object:
    """Refuse a number for a day: what a library makes of one is a day in 1970."""
    if isinstance(value, str | None):
        return value
    raise PydanticCustomError("date_type", "a day is written as text")


LONGEST_REASON = 200  # characters, as on the pages
YesNo = StrictBool  # neither 1 nor "yes"
Day = Annotated[date, BeforeValidator(_as_text)]


class Asked(Schema):
    """The body of a write: a field that is not its own is refused, as in the forms of pages."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, given: object) -> object:
        demand_storable(_texts("body", given))
        return given


def _texts(field: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each text in a value of JSON, and each name, with the field it stands in."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name, name
            yield from _texts(name, part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(field, part)


class MoneyForm(Schema):
    amount: str
    currency: str


class PageForm(Schema, Generic[Item]):
    items: list[Item]
    next: str | None


def money(minor: int | None, currency: str) -> dict[str, str] | None:
    """Return an amount in minor units as the API shows money."""
    if minor is None:
        return None
    return {"amount": str(Money.of_minor(minor, currency).amount), "currency": currency}


def access_of(request: HttpRequest) -> Access:
    """Return what the caller may do; the API's sign-in has seen to it that there is one."""
    access: Access = request.access  # type: ignore[attr-defined]
    return access


def at_of(request: HttpRequest) -> Any:
    """Return the instant of the request: everything in it happens then."""
    return request.at  # type: ignore[attr-defined]


def demand_own_fields(request: HttpRequest, known: Iterable[str]) -> None:
    """Refuse a form with a field that is none of `known`, or a text that nothing can hold.
    Raises Invalid with each such field."""
    sent = {*request.POST, *request.FILES}
    foreign = sorted(sent - set(known))
    if foreign:
        raise Invalid(*(Reason(code="field_unknown", params={"field": n[:60]}) for n in foreign))
    demand_storable((name, text) for name, texts in request.POST.lists() for text in texts)
