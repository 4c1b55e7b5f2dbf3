"""Reading orders and invoices: scoped to the user, newest first (payments: see `payments`).

Amounts are class S3. A row's amounts are shown by `Access.view`, and a list may be
filtered by an amount only where every grant shows them, or the filter would tell them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from clientela.kernel.filters import demand_choice, filters_from
from clientela.kernel.money import NotMoney, exponent_of
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.kernel.text import is_storable
from clientela.records.models import Customer, Source
from clientela.records.selectors import last_class_run
from clientela.security.models import OrgNode
from clientela.security.permits import Access
from clientela.security.roles import View
from clientela.security.selectors import in_reach
from clientela.store.reading import note_rows
from clientela.trade.models import (
    Allocation,
    Delivery,
    Invoice,
    InvoiceLine,
    Order,
    Payment,
)

BY_ISSUE, BY_ORDER = ["-issued_on", "-id"], ["-ordered_on", "-id"]
MOST_LINES = 500  # lines of one document on one page


@dataclass(frozen=True, kw_only=True)
class InvoiceFilters:
    """What a list of invoices may be filtered by. Amounts are in the group's currency."""

    number: str = ""  # exact
    customer: str = ""  # public id
    kind: str = ""
    issued_from: date | None = None
    issued_to: date | None = None  # that day included
    least: Decimal | None = None  # net
    most: Decimal | None = None

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "InvoiceFilters":
        """Return filters from request parameters. Raises Invalid naming each bad one."""
        values = filters_from(given, cls.__dataclass_fields__, _parsed)
        return cls(**values)  # type: ignore[arg-type]


def invoices(access: Access, filters: InvoiceFilters) -> tuple[QuerySet[Invoice], list[str]]:
    """Return the invoices and credit notes that `access` reaches, and the order for paging.

    Raises NotPermitted; Invalid for a filter that would tell what the user may not see.
    """
    access.demand("trade.read")
    rows = Invoice.objects.filter(in_reach(access.reach("trade.read")), voided_at=None)
    if filters.number:
        # Numbers are unique within a source: naming the sources lets their index be used.
        sources = list(Source.objects.values_list("id", flat=True))
        rows = rows.filter(source_id__in=sources, number=filters.number)
    if filters.customer:
        rows = rows.filter(customer_id=customer_id_of(access, filters.customer, "trade.read"))
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    if filters.issued_from:
        rows = rows.filter(issued_on__gte=filters.issued_from)
    if filters.issued_to:
        rows = rows.filter(issued_on__lte=filters.issued_to)
    rows = rows.filter(_amount_between(access, filters))
    return rows.select_related("customer", "credits"), BY_ISSUE


def invoices_of(access: Access, customer: Customer) -> QuerySet[Invoice]:
    """Return a customer's invoices and credit notes; the caller pages by BY_ISSUE."""
    access.demand("trade.read")
    reach = in_reach(access.reach("trade.read"))
    return Invoice.objects.filter(reach, customer=customer, voided_at=None)


def orders_of(access: Access, customer: Customer) -> QuerySet[Order]:
    """Return a customer's orders; the caller pages by BY_ORDER."""
    access.demand("trade.read")
    reach = in_reach(access.reach("trade.read"))
    return Order.objects.filter(reach, customer=customer, voided_at=None)


def invoice_by_public_id(access: Access, public_id: str) -> Invoice:
    """Return one invoice. Raises NotPermitted; NotInScope for what is foreign or not there."""
    access.demand("trade.read")
    reach = in_reach(access.reach("trade.read"))
    rows = Invoice.objects.filter(reach).select_related(
        "customer", "source", "sold_by", "order", "credits"
    )
    try:
        found = rows.filter(public_id=public_id).first()
    except ValidationError:
        found = None
    if found is None:
        raise NotInScope("invoice")
    note_rows([found])
    return found


def invoice_links(access: Access, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return public id and number of those of `ids` that `access` reaches."""
    if not access.may("trade.read"):
        return {}
    reach = in_reach(access.reach("trade.read"))
    rows = Invoice.objects.filter(reach, pk__in=ids).values_list("id", "public_id", "number")
    return {pk: (str(public_id), number) for pk, public_id, number in rows}


def lines_of(invoice: Invoice) -> Sequence[InvoiceLine]:
    """Return the lines of an invoice that the user has, at most `MOST_LINES`, in their order."""
    rows = InvoiceLine.objects.filter(invoice=invoice).select_related("product")
    return list(rows.order_by("line")[:MOST_LINES])


def allocations_of(access: Access, invoice: Invoice) -> Sequence[Allocation]:
    """Return what settled an invoice, or what a credit note settled, oldest first.

    Nothing without the right to receivables.
    """
    if not access.may("receivable.read"):
        return []
    reach = in_reach(access.reach("receivable.read"))
    side = {"credit_note": invoice} if is_credit(invoice) else {"invoice": invoice}
    rows = Allocation.objects.filter(reach, voided_at=None, **side)
    rows = rows.select_related("payment", "credit_note", "invoice")
    return list(rows.order_by("allocated_on", "id")[:MOST_LINES])


def is_credit(document: Invoice) -> bool:
    """Tell whether a document is owed back: it settles others, and nothing settles it."""
    return document.gross_minor < 0


def sees_amounts(access: Access, row: Invoice | Order | Payment) -> bool:
    """Tell whether the amounts of this document are shown to the user."""
    view = access.view("S3", node_id=row.org_node_id, owner_id=row.owner_id)
    return view is View.PLAIN


def counts_in(nodes: frozenset[int], currency: str, *, of_group: bool) -> bool:
    """Tell whether a document of these nodes is in a currency, taken back or not.

    Of the group, whether one was converted to it as well.
    """
    sold = Q(sold_by_id__in=nodes)
    return any(
        model.objects.filter(sold, currency=currency).exists()
        or (of_group and bool(base) and model.objects.exclude(**{base: None}).exists())
        for model, base in (
            (Invoice, "net_base_minor"), (Payment, "amount_base_minor"),
            (Order, "net_base_minor"), (Delivery, ""),
        )
    )  # fmt: skip


def group_currency() -> str:
    """Return the currency that the group keeps its figures in; empty before the first money."""
    group = OrgNode.objects.filter(kind=OrgNode.Kind.GROUP).only("base_currency").first()
    return group.base_currency if group else ""


def sales_currency() -> str:
    """Return the currency of the net sales that are kept with the classes of customers."""
    run = last_class_run()
    return (run and run.currency) or group_currency()


def _parsed(name: str, text: str) -> object:
    if not text:
        return None if name in ("issued_from", "issued_to", "least", "most") else ""
    if not is_storable(text):
        raise ValueError("a text that nothing can hold")
    if name == "kind":
        demand_choice(name, text, Invoice.Kind.values)
    if name in ("issued_from", "issued_to"):
        return date.fromisoformat(text)
    if name in ("least", "most"):
        try:
            amount = Decimal(text)
        except InvalidOperation as error:
            raise ValueError("not a number") from error
        if not amount.is_finite() or abs(amount) >= Decimal("1e14"):
            raise ValueError("not an amount")
        return amount
    return text


def _amount_between(access: Access, filters: InvoiceFilters) -> Q:
    if filters.least is None and filters.most is None:
        return Q()
    if access.worst_view("S3", "trade.read") is not View.PLAIN:
        raise Invalid(Reason(code="filter_not_allowed", params={"field": "amount"}))
    try:
        scale = exponent_of(group_currency())
    except NotMoney:  # no money has come in, so there is nothing to find
        return Q(pk__in=[])
    between = Q()
    if filters.least is not None:
        between &= Q(net_base_minor__gte=int(filters.least.scaleb(scale)))
    if filters.most is not None:
        between &= Q(net_base_minor__lte=int(filters.most.scaleb(scale)))
    return between


def customer_id_of(access: Access, public_id: str, act: str) -> int:
    """Return the id of a customer that `act` reaches; 0, which none has, for any other."""
    try:
        found = Customer.objects.filter(in_reach(access.reach(act)), public_id=public_id)
        return int(found.values_list("id", flat=True).first() or 0)
    except ValidationError:
        return 0
