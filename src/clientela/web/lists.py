"""What pages with long lists share: one page of rows, and the way on and back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from clientela.store.paging import page_of
from clientela.web.request import Request

Row = TypeVar("Row", bound=Model)
SIZE, TRAIL, APART = 50, 20, "~"
PAGING = frozenset({"cursor", "trail"})


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[Row]):
    """A page of a list; `forward` and `back` are query parameters, None where there is no way."""

    items: list[Row]
    forward: dict[str, str] | None
    back: dict[str, str] | None
    extra: dict[str, object] = field(default_factory=dict)


def given(request: Request, *, apart_from: frozenset[str] = PAGING) -> dict[str, str]:
    """Return the filters in the address: every parameter that is not empty."""
    found = {name: str(value) for name, value in request.GET.items() if value}
    return {name: value for name, value in found.items() if name not in apart_from}


def listed(
    request: Request, rows: QuerySet[Row], order: Sequence[str], *, size: int = SIZE
) -> Listed[Row]:
    """Return the page of `rows` that the request asks for.

    The address carries the cursors of the pages before (at most twenty), so that the way
    back needs neither counting nor a memory of the server. Raises Invalid for a false one.
    """
    cursor = request.GET.get("cursor", "")
    trail = [one for one in request.GET.get("trail", "").split(APART) if one]
    page = page_of(rows, order=order, cursor=cursor or None, size=size)
    forward = back = None
    if page.next:
        forward = {"cursor": page.next, "trail": APART.join([*trail, cursor or "-"][-TRAIL:])}
    if cursor:
        before = trail[-1] if trail and trail[-1] != "-" else ""
        back = {"cursor": before, "trail": APART.join(trail[:-1]) if before else ""}
    return Listed(items=page.items, forward=forward, back=back)
