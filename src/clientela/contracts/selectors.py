"""Reading contracts: scoped to the user, the latest term first. Their values are class S3."""

from django.db.models import QuerySet

from clientela.contracts.models import Contract
from clientela.records.models import Customer
from clientela.security.permits import Access
from clientela.security.roles import View
from clientela.security.selectors import in_reach

BY_TERM = ["-valid_from", "-id"]


def contracts_of(access: Access, customer: Customer) -> QuerySet[Contract]:
    """Return a customer's contracts; the caller pages by BY_TERM."""
    access.demand("contract.read")
    reach = in_reach(access.reach("contract.read"))
    rows = Contract.objects.filter(reach, customer=customer, voided_at=None)
    return rows.select_related("renewed_by")


def sees_terms(access: Access, row: Contract) -> bool:
    """Tell whether value and days to pay of this contract are shown to the user."""
    view = access.view("S3", node_id=row.org_node_id, owner_id=row.owner_id)
    return view is View.PLAIN
