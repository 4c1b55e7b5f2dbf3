"""Who is told what a customer bought, beside its name in a list.

Net sales of the twelve months up to a day and the day of the last purchase are kept with the
classes and move with each invoice: two readings a day apart tell what one invoice came to. So
net sales are for who reads what single documents say (S3), and the day is for those and for who
reads the documents themselves, with their days.
"""

from dataclasses import dataclass
from datetime import date

from clientela.records.models import Customer
from clientela.security.permits import Access
from clientela.security.roles import View

DOCUMENTS = "trade.read"


@dataclass(frozen=True, kw_only=True)
class Purchases:
    """What one reader is told of one customer's purchases; None: nothing, or there is none."""

    net_sales_base_minor: int | None  # minor units of the currency of the classes
    last_purchase_on: date | None


def purchases_of(access: Access, customer: Customer) -> Purchases:
    """Return what the user is told of this customer's purchases."""
    node_id, owner_id = customer.org_node_id, customer.owner_id
    secret = access.view("S3", node_id=node_id, owner_id=owner_id) is View.PLAIN
    documents = access.reach(DOCUMENTS).covers(node_id=node_id, owner_id=owner_id)
    return Purchases(
        net_sales_base_minor=customer.net_sales_base_minor if secret else None,
        last_purchase_on=customer.last_purchase_on if secret or documents else None,
    )


def told_of_any(access: Access) -> set[str]:
    """Return which of `sales` and `last_purchase` the user may be told of some customer."""
    if access.best_view("S3", "customer.read") is View.PLAIN:
        return {"sales", "last_purchase"}
    return {"last_purchase"} if access.reach(DOCUMENTS) else set()


def told_of_all(access: Access) -> set[str]:
    """Return which of `sales` and `last_purchase` the user is told of every customer in reach:
    a list in order of anything else would tell it."""
    if access.worst_view("S3", "customer.read") is View.PLAIN:
        return {"sales", "last_purchase"}
    inside = access.reach("customer.read").lies_in(access.reach(DOCUMENTS))
    return {"last_purchase"} if inside else set()
