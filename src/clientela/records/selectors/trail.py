"""Which events of the trail concern the customers and sources of some nodes."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, TextField
from django.db.models.functions import Cast

from clientela.kernel.masked import Masked
from clientela.records.models import Customer, Source
from clientela.records.selectors.customers import name_of
from clientela.records.selectors.sources import sources
from clientela.security.permits import Access
from clientela.security.selectors import in_reach
from clientela.security.trail import Concerned
from clientela.store.among import IsAmong
from clientela.store.statistics import rows_about

SMALL = 100  # a place is small that has no more than one of so many customers


def events_of_customers(nodes: frozenset[int]) -> Concerned:
    """Return the events that name a customer who is at these nodes today.

    Those of a small place are rare. Those of a large one are many, and come soon when one goes
    back in time.
    """
    there = Customer.objects.filter(org_node_id__in=sorted(nodes))
    if there.count() * SMALL <= rows_about("records_customer"):
        return Concerned(events=Q(customer_ids__overlap=there.values("pk")))
    named = there.filter(IsAmong(F("pk"), OuterRef("customer_ids")))
    return Concerned(events=Q(Exists(named)), rare=False)


def events_of_sources(nodes: frozenset[int]) -> Concerned:
    """Return the events of sources that stand at these nodes."""
    there = Source.objects.filter(org_node_id__in=sorted(nodes))
    ids = ArraySubquery(there.values_list(Cast("public_id", TextField())))
    return Concerned(events=Q(IsAmong(F("object_id"), ids), object_type="records.Source"))


def names_by_public_id(access: Access, public_ids: Collection[UUID]) -> dict[str, str | Masked]:
    """Return the names, as the user may see them, of those customers that `access` reaches."""
    reach = in_reach(access.reach("customer.read"))
    found = Customer.objects.filter(reach, public_id__in=public_ids)
    return {str(one.public_id): name_of(access, one) for one in found}


def titles_by_public_id(access: Access, public_ids: Collection[UUID]) -> dict[str, str]:
    """Return the titles of those sources that `access` reaches."""
    if not access.may("source.read"):
        return {}
    found = sources(access).filter(public_id__in=public_ids)
    return {str(one.public_id): one.title for one in found}
