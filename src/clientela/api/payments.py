"""Payments, each with how it stands."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from clientela.api.forms import PageForm, access_of, money
from clientela.api.parameters import Cursor, Limit, filters, takes_filters
from clientela.intake.selectors import run_id_of, run_names
from clientela.store.paging import page_of
from clientela.trade.selectors.documents import sees_amounts
from clientela.trade.selectors.payments import (
    STATES,
    PaymentFilters,
    invoices_named,
    payment_by_public_id,
    payments,
    settled_by,
)

router = Router(tags=["payments"])
OWN = {"limit", "cursor"}
FILTERS = {
    "number": "number that its source gave the payment, exactly",
    "invoice": "number of the invoice that it names, exactly",
    "customer": "id of a customer",
    "state": "how it stands: " + ", ".join(f"`{state}`" for state in STATES)
    + "; `unapplied` takes all that are not applied in full, `no_customer` those of which the "
    "customer is not known",
    "source": "name of a source",
    "run": "id of an import, for who may look at imports",
    "currency": "ISO 4217 code of the payment",
    "received_from": "first day of receipt",
    "received_to": "last day of receipt, that day included",
}  # fmt: skip


@router.get("", response=PageForm[dict[str, Any]], openapi_extra=filters(PaymentFilters, FILTERS))
@takes_filters
def list_payments(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Return payments in reach, newest first. A parameter that is no filter is refused."""
    access = access_of(request)
    given = PaymentFilters.read({k: str(v) for k, v in request.GET.items() if k not in OWN})
    rows, order = payments(access, given, run_id=run_id_of(access, given.run))
    page = page_of(rows, order=order, cursor=cursor or None, size=limit)
    return {"items": _rows(access, page.items), "next": page.next}


@router.get("/{public_id}", response=dict[str, Any])
def get_payment(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Return one payment with what it settles, of invoices in reach."""
    access = access_of(request)
    payment = payment_by_public_id(access, public_id)
    shown = sees_amounts(access, payment)
    (row,) = _rows(access, [payment])
    return row | {
        "settles": [
            {
                "invoice": str(one.invoice.public_id),
                "number": one.invoice.number,
                "day": one.allocated_on,
                "amount": money(one.amount_minor, one.currency),
            }
            for one in settled_by(access, payment)
            if shown
        ]
    }


def _rows(access: Any, rows: Any) -> list[dict[str, Any]]:
    named, runs = invoices_named(access, rows), run_names(access, [one.run_id for one in rows])
    return [_row(access, one, named.get(one.pk), runs.get(one.run_id)) for one in rows]


def _row(
    access: Any, payment: Any, invoice: str | None, run: tuple[str, str] | None
) -> dict[str, Any]:
    """Return a payment; `invoice`: the id of the one it names; `run`: the import it came by."""
    shown = sees_amounts(access, payment)

    def amount(minor: int) -> dict[str, str] | None:
        return money(minor, payment.currency) if shown else None

    voided = payment.voided_at is not None
    return {
        "id": str(payment.public_id),
        "number": payment.own_number or None,
        "customer": str(payment.customer.public_id) if payment.customer else None,
        "customer_key": payment.customer_key or None,
        "received_on": payment.received_on if shown else None,
        "method": payment.method if shown else None,
        "amount": amount(payment.amount_minor),
        "applied": None if voided else amount(payment.applied_minor),
        "unapplied": None if voided else amount(payment.unapplied_minor),
        "invoice_number": payment.invoice_number or None,
        "invoice": invoice,
        "state": "voided" if voided else payment.standing if shown else None,
        "source": payment.source.name,
        "import": run[0] if run else None,
        "voided": voided,
    }
