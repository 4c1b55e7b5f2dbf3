"""What pages with long lists share: one page of rows, and the way on and back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from clientela.kernel.reasons import Invalid
from clientela.store.paging import page_of
from clientela.web.reasons import sentence
from clientela.web.request import Request

Row = TypeVar("Row", bound=Model)
SIZE, FIRST = 50, "-"
PAGING = frozenset({"cursor", "trail"})


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Row]):
    """A page of a list, and the ways on and back.

    `forward` are query parameters, None on the last page; `back` is the cursor of the page
    before, empty where that is the first one or not known; `later`: not the first page.
    """

    items: list[Row]
    forward: dict[str, str] | None
    back: str
    later: bool
    extra: dict[str, object] = field(default_factory=dict)


def given(request: Request, *, apart_from: frozenset[str] = PAGING) -> dict[str, str]:
    """Return the filters in the address: every parameter that is not empty."""
    found = {name: str(value) for name, value in request.GET.items() if value}
    return {name: value for name, value in found.items() if name not in apart_from}


def unread(
    request: Request, refusal: Invalid, fields: Sequence[str], context: dict[str, Any], *, of: str
) -> HttpResponse:
    """Return the list's page with what is wrong beside each filter, and all that was typed.

    Raises the refusal again where it is of something else than the values of `fields`.
    """
    wrong = {str(reason.params.get("field")): sentence(reason) for reason in refusal.reasons}
    if not wrong.keys() <= set(fields):
        raise refusal
    request.refusal = refusal
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    context |= {"wrong": dict.fromkeys(fields, "") | wrong, "unread": True}
    answer = render(request, f"{of}/{'rows' if part else 'list'}.html", context, status=422)
    answer["X-Beside-Fields"] = "1"  # not a message: see shell.js
    return answer


def listed(
    request: Request, rows: QuerySet[Row], order: Sequence[str], *, size: int = SIZE
) -> Listed[Row]:
    """Return the page of `rows` that the request asks for.

    The address carries the cursor of the page before and no other, so that it does not grow:
    one step back, or to the first page, without counting or a memory of the server. Raises
    Invalid for a false cursor.
    """
    cursor, before = request.GET.get("cursor", ""), request.GET.get("trail", "")
    page = page_of(rows, order=order, cursor=cursor or None, size=size)
    forward = {"cursor": page.next, "trail": cursor or FIRST} if page.next else None
    back = before if cursor and before != FIRST else ""
    return Listed(items=page.items, forward=forward, back=back, later=bool(cursor))
