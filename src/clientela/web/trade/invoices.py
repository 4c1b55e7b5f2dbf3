"""The list of invoices, and one invoice with its lines and what settled it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.kernel.reasons import Invalid
from clientela.records.selectors import name_of
from clientela.security.roles import View
from clientela.trade.selectors.documents import (
    InvoiceFilters,
    allocations_of,
    group_currency,
    invoice_by_public_id,
    invoices,
    is_credit,
    lines_of,
    sees_amounts,
)
from clientela.web import words
from clientela.web.lists import given, listed, unread
from clientela.web.request import Request
from clientela.web.typed import read_filters

AMOUNTS, DAYS = ("least", "most"), ("issued_from", "issued_to")
FIELDS = (*DAYS, *AMOUNTS)  # whose value may be unreadable


@require_safe
def invoice_list(request: Request) -> HttpResponse:
    """Show a page of the invoices that the user reaches, newest first."""
    access = request.access
    access.demand("trade.read")
    chosen = given(request)
    context = {
        "given": chosen,
        "kinds": words.INVOICES.items(),
        "currency": group_currency(),
        "by_amount": access.worst_view("S3", "trade.read") is View.PLAIN,
    }
    try:
        read = read_filters(chosen, amounts=AMOUNTS, days=DAYS)
        rows, order = invoices(access, InvoiceFilters.read(read))
        page = listed(request, rows, order)
    except Invalid as refusal:
        return unread(request, refusal, FIELDS, context, of="trade")
    lines = [
        {
            "invoice": row,
            "name": name_of(access, row.customer) if row.customer else "",
            "amounts": sees_amounts(access, row),
        }
        for row in page.items
    ]
    context |= {"rows": page, "lines": lines, "wrong": dict.fromkeys(FIELDS, "")}
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    return render(request, "trade/rows.html" if part else "trade/list.html", context)


@require_safe
def invoice(request: Request, public_id: object) -> HttpResponse:
    """Show one invoice."""
    access = request.access
    found = invoice_by_public_id(access, str(public_id))
    amounts = sees_amounts(access, found)
    settled = allocations_of(access, found) if amounts else []
    context = {
        "invoice": found,
        "name": name_of(access, found.customer) if found.customer else "",
        "lines": lines_of(found),
        "settled": settled,
        "is_credit": is_credit(found),
        "open_minor": abs(found.gross_minor) - sum(one.amount_minor for one in settled),
        "amounts": amounts,
        "sees_settled": amounts and bool(access.may("receivable.read")),
        "links_payments": bool(access.may("payment.read")),
        "at_day": access.today,
    }
    return render(request, "trade/invoice.html", context)
