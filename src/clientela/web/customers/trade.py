"""What a customer ordered, was invoiced and paid: three lists, newest first."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.trade.selectors.documents import (
    BY_ISSUE,
    BY_ORDER,
    BY_RECEIPT,
    invoices_of,
    orders_of,
    payments_of,
)
from clientela.web.customers.file import around, opened
from clientela.web.lists import listed
from clientela.web.request import Request


@require_safe
def invoices(request: Request, public_id: object) -> HttpResponse:
    """Show the invoices and credit notes of a customer."""
    return documents(request, public_id, invoices_of, BY_ISSUE, "invoices")


@require_safe
def orders(request: Request, public_id: object) -> HttpResponse:
    """Show the orders of a customer."""
    return documents(request, public_id, orders_of, BY_ORDER, "orders")


@require_safe
def payments(request: Request, public_id: object) -> HttpResponse:
    """Show the payments of a customer."""
    return documents(request, public_id, payments_of, BY_RECEIPT, "payments")


def documents(
    request: Request,
    public_id: object,
    selector: Callable[..., QuerySet[Any]],
    order: list[str],
    tab: str,
) -> HttpResponse:
    """Show one list of a customer's file, page by page, under its tab."""
    access, customer = opened(request, public_id)
    rows = listed(request, selector(access, customer), order)
    context = {"rows": rows, "tab": tab} | around(access, customer)
    return render(request, f"customers/{tab}.html", context)
