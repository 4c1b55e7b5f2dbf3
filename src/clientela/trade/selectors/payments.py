"""Reading payments: scoped to the user, newest first, each with how it stands.

    not applied = amount − Σ allocations of it that stand

Both stand on the payment's row, kept by the database (see `Payment.standing`). A payment of no
customer has the scope of the node that its row named, or of its import: who reaches that node
sees it, and nobody sees it as one of their own customers'. Payments are class S3 as a whole: the
amounts, days and means of one are shown where `Access.view` shows that class.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Count, F, QuerySet

from clientela.kernel.filters import demand_choice, filters_from
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.kernel.text import is_storable
from clientela.records.models import Customer, Source
from clientela.security.permits import Access
from clientela.security.roles import View
from clientela.security.selectors import in_reach
from clientela.store.reading import note_rows
from clientela.trade.models import Allocation, Invoice, Payment
from clientela.trade.models.invoices import OF_A_LIST, OF_NOBODY
from clientela.trade.numbers import MADE
from clientela.trade.selectors.documents import MOST_LINES, customer_id_of

BY_RECEIPT = ["-received_on", "-id"]
ACT = "payment.read"
APPLIED, UNAPPLIED, NOBODYS = Payment.Standing.APPLIED.value, "unapplied", "no_customer"
STATES = (UNAPPLIED, *Payment.Standing.values, NOBODYS)  # what a list may be filtered by
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_SECRET = ("state", "currency", "received_from", "received_to")


@dataclass(frozen=True, kw_only=True)
class PaymentFilters:
    """What a list of payments may be filtered by."""

    number: str = ""  # exact
    invoice: str = ""  # number of the invoice that it names, exact
    customer: str = ""  # public id
    state: str = ""  # how it stands; `unapplied`: not in full; `no_customer`: of nobody known yet
    source: str = ""  # name
    run: str = ""  # public id of the import; the interface says which run that is
    currency: str = ""
    received_from: date | None = None
    received_to: date | None = None  # that day included

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "PaymentFilters":
        """Return filters from request parameters. Raises Invalid naming each bad one."""
        values = filters_from(given, cls.__dataclass_fields__, _parsed)
        return cls(**values)  # type: ignore[arg-type]


def payments(
    access: Access, filters: PaymentFilters, *, run_id: int | None = None
) -> tuple[QuerySet[Payment], list[str]]:
    """Return the payments that `access` reaches, with `unapplied_minor`, and the order for paging.

    Raises NotPermitted; Invalid for a filter that would tell what the user may not see.
    :param run_id: of the import that `filters.run` names.
    """
    rows = _reached(access).filter(voided_at=None)
    if access.worst_view("S3", ACT) is not View.PLAIN:
        told = [name for name in _SECRET if getattr(filters, name)]
        if told:
            params = ({"field": name} for name in told)
            raise Invalid(*(Reason(code="filter_not_allowed", params=p) for p in params))
    if filters.number or filters.invoice:
        # Numbers are of a source: naming the sources lets their index be used.
        rows = rows.filter(source_id__in=list(Source.objects.values_list("id", flat=True)))
    if filters.number:
        rows = rows.filter(number=filters.number)
    if filters.invoice:
        rows = rows.exclude(invoice_number="").filter(invoice_number=filters.invoice)
    if filters.customer:
        rows = rows.filter(customer_id=customer_id_of(access, filters.customer, ACT))
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    rows = _of_books(rows, filters)
    return rows.select_related("customer", "source"), BY_RECEIPT


def _of_books(rows: QuerySet[Payment], filters: PaymentFilters) -> QuerySet[Payment]:
    """Narrow payments by what their source tells of them, and by how they stand."""
    if filters.state == UNAPPLIED:
        rows = rows.exclude(standing=APPLIED)
    elif filters.state == NOBODYS:
        rows = rows.filter(OF_NOBODY)
    elif filters.state:  # and nothing that follows from it: the planner would expect too few
        rows = rows.filter(standing=filters.state)
    if filters.source:
        found = Source.objects.filter(name=filters.source).values_list("id", flat=True).first()
        rows = rows.filter(OF_A_LIST, source_id=found or 0)
    if filters.currency:
        rows = rows.filter(currency=filters.currency)
    if filters.received_from:
        rows = rows.filter(received_on__gte=filters.received_from)
    if filters.received_to:
        rows = rows.filter(received_on__lte=filters.received_to)
    return rows


def payments_of(access: Access, customer: Customer) -> QuerySet[Payment]:
    """Return a customer's payments, each with `unapplied_minor`; the caller pages by BY_RECEIPT.

    The same rows as the list of all shows of that customer, to the same readers. Raises
    NotPermitted.
    """
    return _reached(access).filter(customer=customer, voided_at=None)


def payment_by_public_id(access: Access, public_id: str) -> Payment:
    """Return one payment. Raises NotPermitted; NotInScope for what is foreign or not there."""
    rows = _reached(access).select_related("customer", "source", "sold_by")
    try:
        found = rows.filter(public_id=public_id).first()
    except ValidationError:
        found = None
    if found is None:
        raise NotInScope("payment")
    note_rows([found])
    return found


def settled_by(access: Access, payment: Payment) -> Sequence[Allocation]:
    """Return what a payment settles, oldest first; not of invoices that are out of reach."""
    reach = in_reach(access.reach(ACT))
    rows = Allocation.objects.filter(reach, payment=payment, voided_at=None)
    rows = rows.select_related("invoice").order_by("allocated_on", "id")
    return list(rows[:MOST_LINES])


def invoices_named(access: Access, rows: Sequence[Payment]) -> dict[int, str]:
    """Return the public id of the invoice that each of `rows` names, where it is in reach."""
    if not access.may("trade.read"):
        return {}
    numbers = {one.invoice_number for one in rows if one.invoice_number}
    if not numbers:
        return {}
    found = Invoice.objects.filter(
        in_reach(access.reach("trade.read")), voided_at=None, number__in=sorted(numbers),
        source_id__in=sorted({one.source_id for one in rows}),
    )  # fmt: skip
    ids = {(s, n): str(p) for s, n, p in found.values_list("source_id", "number", "public_id")}
    named = {one.pk: ids.get((one.source_id, one.invoice_number)) for one in rows}
    return {pk: public_id for pk, public_id in named.items() if public_id}


def payment_links(access: Access, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return public id and number (empty: it came without one) of those that `access` reaches."""
    if not access.may(ACT):
        return {}
    rows = Payment.objects.filter(in_reach(access.reach(ACT)), pk__in=ids)
    return {row.pk: (str(row.public_id), row.own_number) for row in rows}


def payers_of_unapplied(
    access: Access, pairs: Collection[tuple[int | None, str]], filters: PaymentFilters
) -> set[tuple[int | None, str]]:
    """Return of which customers (None: of nobody known) and currencies of `pairs` a list of
    payments would show some that are not applied in full. None to who may not ask for that list.

    :param filters: what narrows the list besides.
    """
    if not pairs or not access.may(ACT) or access.worst_view("S3", ACT) is not View.PLAIN:
        return set()
    rows = _of_books(_reached(access).filter(voided_at=None), filters)
    rows = rows.exclude(standing=APPLIED).order_by()
    keys = rows.values_list("customer_id", "currency")
    # One query, which reads a row of each pair, of which there may be very many; where a pair has
    # none, what is not applied of that customer.
    first = [keys.filter(customer=one, currency=currency)[:1] for one, currency in pairs]
    return set(first[0].union(*first[1:], all=True))


def unapplied_of_run(access: Access, run_id: int) -> dict[str, int]:
    """Return how many payments of a run stand in each way, as of now, and how many are nobody's.

    Those that are applied, and a known customer's, are left out.
    """
    if not access.may(ACT):
        return {}
    rows = Payment.objects.filter(in_reach(access.reach(ACT)), run_id=run_id, voided_at=None)
    counted = rows.exclude(standing=APPLIED).order_by().values("standing").annotate(n=Count("id"))
    found = {one["standing"]: one["n"] for one in counted}
    nobodys = rows.filter(OF_NOBODY).count()
    return found | ({NOBODYS: nobodys} if nobodys else {})


def _reached(access: Access) -> QuerySet[Payment]:
    access.demand(ACT)
    return _told(Payment.objects.filter(in_reach(access.reach(ACT))))


def _told(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    return rows.annotate(unapplied_minor=F("amount_minor") - F("applied_minor"))


def _parsed(name: str, text: str) -> object:
    if name in ("received_from", "received_to"):
        return date.fromisoformat(text) if text else None
    if not is_storable(text) or MADE in text:  # a key that was made is no number to be found by
        raise ValueError("a control character")
    if name == "state" and text:
        demand_choice(name, text, STATES)
    if name == "currency":
        text = text.upper()
        if text and not _CURRENCY.fullmatch(text):
            raise ValueError("no currency")
    return text
