"""The list of payments, and one payment with what it settles."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.intake.selectors import run_id_of, run_names
from clientela.kernel.reasons import Invalid
from clientela.records.selectors import name_of, source_names
from clientela.security.permits import Access
from clientela.trade.selectors.documents import sees_amounts
from clientela.trade.selectors.payments import (
    STATES,
    PaymentFilters,
    invoices_named,
    payment_by_public_id,
    payments,
    settled_by,
)
from clientela.web import words
from clientela.web.lists import given, listed, unread
from clientela.web.request import Request
from clientela.web.typed import read_filters

if TYPE_CHECKING:
    from clientela.trade.models import Payment

DAYS = ("received_from", "received_to")
FIELDS = (*DAYS, "currency")  # whose value may be unreadable


@require_safe
def payment_list(request: Request) -> HttpResponse:
    """Show a page of the payments that the user reaches, newest first."""
    access = request.access
    access.demand("payment.read")
    chosen = given(request)
    run_id = run_id_of(access, chosen.get("run", ""))
    context: dict[str, Any] = {
        "given": chosen,
        "states": [(code, words.word(words.STANDINGS, code)) for code in STATES],
        "sources": source_names(access) if access.may("analysis.run") else [],
        "run": run_names(access, [run_id]).get(run_id or 0),
    }
    try:
        rows, order = payments(access, _filters(chosen), run_id=run_id)
        page = listed(request, rows, order)
    except Invalid as refusal:
        return unread(request, refusal, FIELDS, context, of="payments")
    context |= {
        "rows": page,
        "lines": _lines(access, page.items),
        "wrong": dict.fromkeys(FIELDS, ""),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    return render(request, "payments/rows.html" if part else "payments/list.html", context)


def _filters(chosen: Mapping[str, str]) -> PaymentFilters:
    """Return what was chosen as filters. Raises Invalid with all that cannot be read of it."""
    try:
        read = read_filters(chosen, days=DAYS)
    except Invalid as days:
        reasons = list(days.reasons)
        try:
            PaymentFilters.read({k: v for k, v in chosen.items() if k not in DAYS})
        except Invalid as others:
            reasons += others.reasons
        raise Invalid(*reasons) from None
    return PaymentFilters.read(read)


@require_safe
def payment(request: Request, public_id: object) -> HttpResponse:
    """Show one payment."""
    access = request.access
    found = payment_by_public_id(access, str(public_id))
    (line,) = _lines(access, [found])
    settles = settled_by(access, found) if line["amounts"] else []
    context = line | {
        "settles": settles,
        "elsewhere_minor": found.applied_minor - sum(one.amount_minor for one in settles),
        "links_invoices": bool(access.may("trade.read")),
        "run": run_names(access, [found.run_id]).get(found.run_id or 0),
    }
    return render(request, "payments/one.html", context)


def _lines(access: Access, rows: "Sequence[Payment]") -> list[dict[str, Any]]:
    """Return payments with the names and links that are shown beside them."""
    named = invoices_named(access, rows)
    return [
        {
            "payment": row,
            "name": name_of(access, row.customer) if row.customer else "",
            "amounts": sees_amounts(access, row),
            "invoice": named.get(row.pk),
        }
        for row in rows
    ]
