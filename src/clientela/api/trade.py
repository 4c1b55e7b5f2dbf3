"""Invoices and credit notes, with their lines."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from clientela.api.forms import PageForm, access_of, money
from clientela.api.parameters import Cursor, Limit, filters, takes_filters
from clientela.store.paging import page_of
from clientela.trade.selectors.documents import (
    InvoiceFilters,
    invoice_by_public_id,
    invoices,
    lines_of,
    sees_amounts,
)
from clientela.trade.selectors.open_items import OpenItem, open_items

router = Router(tags=["invoices"])
OWN = {"limit", "cursor"}


FILTERS = {
    "number": "number of the document, exactly",
    "customer": "id of a customer",
    "kind": "`invoice`, `credit_note` or `adjustment`",
    "issued_from": "first day of issue",
    "issued_to": "last day of issue, that day included",
    "least": "least net amount, in the group's currency",
    "most": "greatest net amount, in the group's currency",
}


@router.get("", response=PageForm[dict[str, Any]], openapi_extra=filters(InvoiceFilters, FILTERS))
@takes_filters
def list_invoices(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Return invoices in reach, newest first. A parameter that is no filter is refused."""
    access = access_of(request)
    given = {k: str(v) for k, v in request.GET.items() if k not in OWN}
    rows, order = invoices(access, InvoiceFilters.read(given))
    page = page_of(rows, order=order, cursor=cursor or None, size=limit)
    items = open_items(access, page.items, at_day=access.today)
    found = [_row(access, one, items.get(one.pk)) for one in page.items]
    return {"items": found, "next": page.next}


@router.get("/{public_id}", response=dict[str, Any])
def get_invoice(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Return one invoice with its lines."""
    access = access_of(request)
    invoice = invoice_by_public_id(access, public_id)
    shown = sees_amounts(access, invoice)
    item = open_items(access, [invoice], at_day=access.today).get(invoice.pk)
    return _row(access, invoice, item) | {
        "lines": [
            {
                "line": line.line,
                "product": line.product.code if line.product else None,
                "text": line.text or (line.product.name if line.product else ""),
                "quantity": str(line.quantity),
                "net": money(line.net_minor, line.currency) if shown else None,
                "flags": line.flags.split(",") if line.flags else [],
            }
            for line in lines_of(invoice)
        ]
    }


def _row(access: Any, invoice: Any, item: OpenItem | None) -> dict[str, Any]:
    """Return an invoice; `item`: what is open of it, where its source and the rights tell."""
    shown = sees_amounts(access, invoice)
    customer = invoice.customer
    return {
        "id": str(invoice.public_id),
        "number": invoice.number,
        "kind": invoice.kind,
        "customer": str(customer.public_id) if customer else None,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on if shown else None,
        "net": money(invoice.net_minor, invoice.currency) if shown else None,
        "gross": money(invoice.gross_minor, invoice.currency) if shown else None,
        "state": item.state if item else None,
        "open": money(max(item.open_minor, 0), invoice.currency) if item else None,
        "days_past_due": max(item.days_past_due, 0) if item and item.open_minor > 0 else None,
        "credited_invoice": invoice.credits_number or (invoice.credits and invoice.credits.number),
        "disputed": invoice.disputed if shown else None,
        "voided": invoice.voided_at is not None,
    }
