"""What is open of invoices on a day, and how long past due (see `analysis` for the same in all).

    open = gross − Σ allocations of payments and credit notes until that day

A source that tells no payments says nothing of what is open. Credit notes are credit, not
receivables. Receivables are a commercial secret: only who reads both is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from clientela.kernel.reasons import Invalid, Reason
from clientela.records.models import Customer
from clientela.security.permits import Access
from clientela.security.roles import View
from clientela.security.selectors import in_reach
from clientela.trade.models import Allocation, Invoice
from clientela.trade.selectors.documents import invoices_of

KNOWN = "known"


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """What is open of one invoice, in minor units of its currency."""

    open_minor: int
    days_past_due: int  # 0 or less: not due yet

    @property
    def state(self) -> Literal["paid", "open", "overdue"]:
        if self.open_minor <= 0:
            return "paid"
        return "overdue" if self.days_past_due > 0 else "open"


def sees_open(access: Access, of: Customer | Invoice) -> bool:
    """Tell whether the user is told what of an invoice, or of a customer's, is open."""
    where: dict[str, Any] = {"node_id": of.org_node_id, "owner_id": of.owner_id}
    secret = access.view("S3", **where) is View.PLAIN
    return secret and bool(access.reach("receivable.read").covers(**where))


def open_invoices_of(access: Access, customer: Customer, *, at_day: date) -> QuerySet[Invoice]:
    """Return a customer's invoices with something open on a day; the caller pages by BY_ISSUE.

    Raises Invalid where the filter would tell what the user may not see.
    """
    if not sees_open(access, customer):
        raise Invalid(Reason(code="filter_not_allowed", params={"field": "open"}))
    settled = _settling(access, at_day).filter(invoice=OuterRef("pk"))
    summed = settled.order_by().values("invoice").annotate(sum=Sum("amount_minor")).values("sum")
    rows = invoices_of(access, customer).filter(settlement=KNOWN)
    rows = rows.annotate(
        settled_minor=Coalesce(Subquery(summed, output_field=BigIntegerField()), 0)
    )
    return rows.filter(gross_minor__gt=F("settled_minor"))


def open_items(
    access: Access, invoices: Sequence[Invoice], *, at_day: date
) -> Mapping[int, OpenItem]:
    """Return what is open of each of these invoices that the user is told it of, by its id."""
    owed = [one for one in invoices if one.settlement == KNOWN and one.gross_minor > 0]
    told = [one for one in owed if sees_open(access, one)]
    if not told:
        return {}
    settled = _settling(access, at_day).filter(invoice__in=[one.pk for one in told])
    sums = dict(settled.order_by().values_list("invoice").annotate(Sum("amount_minor")))
    return {
        one.pk: OpenItem(
            open_minor=one.gross_minor - sums.get(one.pk, 0),
            days_past_due=(at_day - (one.due_on or one.issued_on)).days,
        )
        for one in told
    }


def _settling(access: Access, at_day: date) -> QuerySet[Allocation]:
    reach = in_reach(access.reach("receivable.read"))
    return Allocation.objects.filter(reach, voided_at=None, allocated_on__lte=at_day)
