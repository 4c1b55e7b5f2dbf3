"""Lists page by page without counting or skipping: keyset paging.

The cursor is the sort values of the last row shown, so page 4,000 costs what page 1
does, and rows that arrive meanwhile shift nothing. It is encrypted and authenticated
(`store.opaque`): it tells nothing of the row's keys, and a changed one, or one of another
list, is refused, so it is no way to ask about rows one cannot see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime

from clientela.kernel.reasons import Invalid, Reason
from clientela.store.opaque import NotOurs, conceal, disclose
from clientela.store.reading import note_rows

Row = TypeVar("Row", bound=Model)
LARGEST = 200


@dataclass(frozen=True)
class Page(Generic[Row]):
    items: list[Row]
    next: str | None  # cursor of the following page
    previous: bool  # whether this is not the first page


def page_of(
    rows: QuerySet[Row], *, order: Sequence[str], cursor: str | None = None, size: int = 50
) -> Page[Row]:
    """Return one page of `rows` in `order` ("-name" for falling, nulls always last).

    `order` must end in a unique column. Raises Invalid for a cursor that is not ours, or a size
    that no page has.
    """
    if not 1 <= size <= LARGEST:
        params = {"field": "limit", "least": "1", "most": str(LARGEST)}
        raise Invalid(Reason(code="parameter_out_of_range", params=params))
    columns = [name.lstrip("-") for name in order]
    if cursor:
        after = _read(rows.model, cursor, order)
        rows = rows.filter(_bound(rows.model, order[0], after[0]), _after(rows.model, order, after))
    found = list(rows.order_by(*(_ordering(rows.model, name) for name in order))[: size + 1])
    more = len(found) > size
    kept = found[:size]
    note_rows(kept)
    following = _write(rows.model, order, [_value(kept[-1], c) for c in columns]) if more else None
    return Page(items=kept, next=following, previous=bool(cursor))


def _nullable(model: type[Model], column: str) -> bool:
    """Tell whether a column may be null: only then do nulls have a place in the order.

    `NULLS LAST` on a column that is never null would keep PostgreSQL from using its index.
    """
    return "__" in column or bool(getattr(model._meta.get_field(column), "null", True))


def _ordering(model: type[Model], name: str) -> Any:
    column = name.lstrip("-")
    last = True if _nullable(model, column) else None
    falling = name.startswith("-")
    return F(column).desc(nulls_last=last) if falling else F(column).asc(nulls_last=last)


def _bound(model: type[Model], name: str, value: Any) -> Q:
    """Return what follows from `_after` for the first column alone.

    An index is entered there; of the alternatives that `_after` spells out none would let it,
    and each page would read all those before it.
    """
    column = name.lstrip("-")
    if _nullable(model, column):
        return Q()
    return Q(**{f"{column}__lte" if name.startswith("-") else f"{column}__gte": value})


def _after(model: type[Model], order: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the rows that follow `values`: (a, b) > (x, y) spelled out, nulls last."""
    following, equal = Q(pk__in=[]), Q()
    for name, value in zip(order, values, strict=True):
        column = name.lstrip("-")
        if value is None:
            equal &= Q(**{f"{column}__isnull": True})
            continue
        beyond = Q(**{f"{column}__lt" if name.startswith("-") else f"{column}__gt": value})
        if _nullable(model, column):
            beyond |= Q(**{f"{column}__isnull": True})
        following |= equal & beyond
        equal &= Q(**{column: value})
    return following


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    return value


def _use(model: type[Model]) -> str:
    return f"page of {model._meta.label}"


def _write(model: type[Model], order: Sequence[str], values: list[Any]) -> str:
    return conceal([list(order), [_kept(v) for v in values]], use=_use(model))


def _kept(value: Any) -> Any:
    if isinstance(value, int | str | bool | None):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)  # an id, an amount


def _read(model: type[Model], cursor: str, order: Sequence[str]) -> list[Any]:
    try:
        kept_order, values = disclose(cursor, use=_use(model))
    except NotOurs as error:
        raise Invalid(Reason(code="cursor_invalid")) from error
    if kept_order != list(order):
        raise Invalid(Reason(code="cursor_of_another_order"))
    return [_moment(v) for v in values]


def _moment(value: Any) -> Any:
    """Return dates and instants as such; other text stays text."""
    if not isinstance(value, str) or len(value) < 10 or value[4:5] != "-":
        return value
    try:
        return parse_datetime(value) if "T" in value else parse_date(value) or value
    except ValueError:
        return value
