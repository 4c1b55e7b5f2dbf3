"""What a customer owes on a day, and what was paid or credited and settles nothing of it.

The second stands beside the first and is never taken off it: nobody has said yet what it is for
(see `analysis.expressions.unapplied` for the same over all customers).
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from clientela.records.models import Customer
from clientela.security.permits import Access
from clientela.security.selectors import in_reach
from clientela.trade.models import Allocation, Invoice, Payment
from clientela.trade.selectors.open_items import KNOWN, open_invoices_of, sees_open


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What is owed in one currency and what stands beside it, in its minor units."""

    currency: str
    open_minor: int = 0
    overdue_minor: int = 0
    money_minor: int = 0  # of payments; negative where more was paid back than paid
    credit_minor: int = 0  # of credit notes


def owed_by(access: Access, customer: Customer, *, at_day: date) -> list[Owed]:
    """Return what a customer owes and what stands beside it, by currency; nothing to who may not
    be told it."""
    if not sees_open(access, customer):
        return []
    due = Coalesce(F("due_on"), F("issued_on"))
    items = open_invoices_of(access, customer, at_day=at_day).filter(issued_on__lte=at_day)
    items = items.annotate(left=F("gross_minor") - F("settled_minor"), due=due)
    parts = {
        "open_minor": _by_currency(items),
        "overdue_minor": _by_currency(items.filter(due__lt=at_day)),
        "money_minor": _by_currency(_money(access, customer, at_day)),
        "credit_minor": _by_currency(_credit(access, customer, at_day)),
    }
    currencies = sorted({currency for part in parts.values() for currency in part})
    return [
        Owed(currency=one, **{name: part.get(one, 0) for name, part in parts.items()})
        for one in currencies
    ]


def _by_currency(rows: QuerySet[Invoice] | QuerySet[Payment]) -> dict[str, int]:
    summed = rows.order_by().values("currency").annotate(sum=Sum("left"))
    return {one["currency"]: int(one["sum"]) for one in summed if one["sum"]}


def _money(access: Access, customer: Customer, at_day: date) -> QuerySet[Payment]:
    reach = in_reach(access.reach("receivable.read"))
    rows = Payment.objects.filter(reach, customer=customer, voided_at=None)
    rows = rows.exclude(standing=Payment.Standing.APPLIED).filter(received_on__lte=at_day)
    return rows.annotate(left=F("amount_minor") - F("applied_minor"))


def _credit(access: Access, customer: Customer, at_day: date) -> QuerySet[Invoice]:
    reach = in_reach(access.reach("receivable.read"))
    used = Allocation.objects.filter(
        Q(credit_note=OuterRef("pk")), voided_at=None, allocated_on__lte=at_day
    )
    summed = used.order_by().values("credit_note").annotate(sum=Sum("amount_minor")).values("sum")
    rows = Invoice.objects.filter(
        reach, customer=customer, voided_at=None, settlement=KNOWN, gross_minor__lt=0,
        issued_on__lte=at_day,
    )  # fmt: skip
    applied = Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)
    return rows.annotate(left=-F("gross_minor") - applied)
