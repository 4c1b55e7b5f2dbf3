"""The list of customers: filters, order, columns, saved views, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clientela.analysis.rules import SEGMENTS
from clientela.kernel.reasons import Reason
from clientela.records.selectors import (
    Filters,
    allowed_orders,
    customers,
    name_of,
    purchases_of,
    told_of_any,
)
from clientela.records.selectors.customers import ORDERS, Order, owners
from clientela.security.administration import names_of_users
from clientela.security.permits import Access
from clientela.security.selectors import organisation
from clientela.store.selectors import saved_views
from clientela.trade.selectors.documents import sales_currency
from clientela.web import formats, words
from clientela.web.analyses import words as figures
from clientela.web.industries import DIVISIONS, SECTIONS, industry_code
from clientela.web.lists import PAGING, Listed, given, listed
from clientela.web.reasons import sentence
from clientela.web.request import Request

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from clientela.records.models import Customer

PAGE = "customers"
CONTROLS = PAGING | {"order", "columns"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that may be chosen. `order`: what its head sorts by."""

    code: str
    label: str | Promise
    order: str = ""
    figure: bool = False


COLUMNS = (
    Column(code="kind", label=gettext_lazy("Kind")),
    Column(code="stage", label=gettext_lazy("Stage")),
    Column(code="country", label=gettext_lazy("Country")),
    Column(code="city", label=gettext_lazy("City")),
    Column(code="industry", label=gettext_lazy("Industry")),
    Column(code="branch", label=gettext_lazy("Branch")),
    Column(code="owner", label=gettext_lazy("Account manager")),
    Column(code="abc", label=gettext_lazy("ABC class")),
    Column(code="segment", label=gettext_lazy("Segment")),
    Column(code="sales", label=gettext_lazy("Net sales, 12 months"), order="sales", figure=True),
    Column(code="last", label=gettext_lazy("Last purchase"), order="last_purchase", figure=True),
    Column(code="known", label=gettext_lazy("Known since"), order="known", figure=True),
)  # fmt: skip
USUAL = ("country", "city", "branch", "owner", "abc", "sales", "last")


@require_safe
def customer_list(request: Request) -> HttpResponse:
    """Show a page of the customers that the user reaches."""
    access = request.access
    access.demand("customer.read")
    chosen = given(request, apart_from=CONTROLS)
    asked = request.GET.get("order", "")
    filters, order, rows, keys = opened(access, chosen, asked)
    orders = allowed_orders(access, filters)
    unfit = asked in ORDERS and asked not in orders
    page = listed(request, rows, keys)
    offered = _offered(access)
    columns = _columns(request.GET.get("columns", ""), offered)
    context = {
        "rows": page,
        "columns": columns,
        "lines": _lines(access, page, {column.code for column in columns}),
        "heads": [_head(column, order, orders) for column in columns],
        "name_head": _head(Column(code="name", label=_("Name"), order="name"), order, orders),
        "filters": filters,
        "filtered": bool(chosen),
        "may_add": bool(access.may("customer.write")),
        "may_import": bool(access.may("import.run")),
        "order": "" if unfit else asked,
        "unfit": sentence(Reason(code="order_not_allowed")) if unfit else "",
        "currency": sales_currency(),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    if part:
        return render(request, "customers/rows.html", context)
    shown = {column.code for column in columns}
    context["choice"] = [(one, one.code in shown) for one in offered]
    return render(request, "customers/list.html", context | _around(access, filters.owner))


def opened(
    access: Access, chosen: Mapping[str, str], asked: str
) -> tuple[Filters, Order, "QuerySet[Customer]", list[str]]:
    """Return what these filters and this order mean, the customers and the keys of their order.

    An order that other roles may use, of a view kept or of a link, gives way to the usual one.
    Raises Invalid for what the list cannot be opened with.
    """
    read = dict(chosen)
    if "industry" in read:  # typed or chosen in words
        read["industry"] = industry_code(read["industry"])
    filters = Filters.read(read)
    orders = allowed_orders(access, filters)
    usual = not asked or (asked in ORDERS and asked not in orders)
    order = cast(Order, orders[0] if usual else asked)
    rows, keys = customers(access, filters, order)
    return filters, order, rows, keys


def _around(access: Access, chosen: str) -> dict[str, Any]:
    return {
        "kinds": words.KINDS.items(),
        "stages": words.STAGES.items(),
        "countries": formats.countries(),
        "industries": sorted({str(text) for text in (*SECTIONS.values(), *DIVISIONS.values())}),
        "segments": [(one.name, figures.code(one.name)) for one in SEGMENTS],
        "nodes": organisation(),
        "owners": _owners(access, chosen),
        "views": saved_views(access.user_id, PAGE),
    }


def _owners(access: Access, chosen: str) -> list[tuple[str, str]]:
    """Return the account managers to choose from; what was typed stands there, whoever it is."""
    others = owners(access).exclude(pk=access.user_id)
    named = [(user.username, str(user)) for user in others]
    known = {"", "me", "none", *(code for code, _name in named)}
    return named if chosen in known else [(chosen, chosen), *named]


def _offered(access: Access) -> list[Column]:
    """Return the columns that tell the reader anything: of purchases, what it may be told."""
    hidden = {"sales", "last_purchase"} - told_of_any(access)
    return [column for column in COLUMNS if column.order not in hidden]


def _columns(chosen: str, offered: list[Column]) -> list[Column]:
    codes = set(chosen.split(",")) if chosen else set(USUAL)
    return [column for column in offered if column.code in codes]


def _head(column: Column, order: str, allowed: list[str]) -> dict[str, Any]:
    """Return the head of a column: a second press turns the order round."""
    first = f"-{column.order}" if column.figure else column.order
    other = column.order if column.figure else f"-{column.order}"
    sorts = column.order and first in allowed and other in allowed
    now = order.lstrip("-") == column.order
    return {
        "label": column.label,
        "figure": column.figure,
        "order": (other if order == first else first) if sorts else "",
        "sorted": ("descending" if order.startswith("-") else "ascending") if now else "",
    }


def _lines(access: Access, page: "Listed[Customer]", shown: set[str]) -> list[dict[str, Any]]:
    managers = {}
    if "owner" in shown:
        managers = names_of_users([c.owner_id for c in page.items if c.owner_id is not None])
    return [
        {
            "customer": customer,
            "name": name_of(access, customer),
            "purchases": purchases_of(access, customer),
            "url": reverse("customers:file", args=[customer.public_id]),
            "owner": managers.get(customer.owner_id or 0, ""),
        }
        for customer in page.items
    ]
