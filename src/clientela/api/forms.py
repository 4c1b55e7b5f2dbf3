"""Shapes that several answers share."""

from typing import Any, Generic, TypeVar

from django.http import HttpRequest
from ninja import Schema

from clientela.kernel.money import Money
from clientela.security.permits import Access

Item = TypeVar("Item")


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
