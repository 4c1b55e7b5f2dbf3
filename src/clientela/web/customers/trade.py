"""What a customer ordered, was invoiced and paid: three lists, newest first."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.trade.selectors.beside import owed_by
from clientela.trade.selectors.documents import (
    BY_ISSUE,
    BY_ORDER,
    invoices_of,
    orders_of,
)
from clientela.trade.selectors.open_items import open_invoices_of, open_items, sees_open
from clientela.trade.selectors.payments import BY_RECEIPT, payments_of
from clientela.web.customers.file import around, opened
from clientela.web.lists import listed
from clientela.web.request import Request


@require_safe
def invoices(request: Request, public_id: object) -> HttpResponse:
    """Show the invoices and credit notes of a customer, with what is open of each."""
    access, customer = opened(request, public_id, "trade.read")
    only_open, today = request.GET.get("open") == "1", access.today
    if only_open:
        found = open_invoices_of(access, customer, at_day=today)
    else:
        found = invoices_of(access, customer)
    rows = listed(request, found, BY_ISSUE)
    tells = sees_open(access, customer)
    items = open_items(access, rows.items, at_day=today) if tells else {}
    context = {
        "rows": rows,
        "lines": [(row, items.get(row.pk)) for row in rows.items],
        "tells_open": tells,
        "owed": owed_by(access, customer, at_day=today),
        "links_payments": bool(access.may("payment.read")),
        "only_open": only_open,
        "tab": "invoices",
    }
    return render(request, "customers/invoices.html", context | around(access, customer))


@require_safe
def orders(request: Request, public_id: object) -> HttpResponse:
    """Show the orders of a customer."""
    return documents(request, public_id, orders_of, BY_ORDER, "orders", "trade.read")


@require_safe
def payments(request: Request, public_id: object) -> HttpResponse:
    """Show the payments of a customer."""
    return documents(request, public_id, payments_of, BY_RECEIPT, "payments", "payment.read")


def documents(
    request: Request,
    public_id: object,
    selector: Callable[..., QuerySet[Any]],
    order: list[str],
    tab: str,
    act: str,
) -> HttpResponse:
    """Show one list of a customer's file, page by page, under its tab."""
    access, customer = opened(request, public_id, act)
    rows = listed(request, selector(access, customer), order)
    context = {"rows": rows, "tab": tab, "links_payments": bool(access.may("payment.read"))}
    context |= around(access, customer)
    return render(request, f"customers/{tab}.html", context)
