"""Which events of the trail concern the customers and sources of some nodes."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, TextField
from django.db.models.functions import Cast

from clientela.kernel.masked import Masked
from clientela.records.models import Customer, Source
from clientela.records.selectors.customers import name_of
from clientela.security.permits import Access
from clientela.security.selectors import in_reach


class _IsAmong(Func):
    """`id = any(array)`: found by the key, however many events are looked through."""

    template = "(%(expressions)s))"
    arg_joiner = " = any("
    output_field: Any = BooleanField()


def events_of_customers(nodes: frozenset[int]) -> Q:
    """Return the events that name a customer who is at these nodes today."""
    there = Customer.objects.filter(
        _IsAmong(F("pk"), OuterRef("customer_ids")), org_node_id__in=sorted(nodes)
    )
    return Q(Exists(there))


def events_of_sources(nodes: frozenset[int]) -> Q:
    """Return the events of sources that stand at these nodes."""
    there = Source.objects.filter(org_node_id__in=sorted(nodes))
    ids = there.values_list(Cast("public_id", TextField()))
    return Q(object_type="records.Source", object_id__in=ids)


def names_by_public_id(access: Access, public_ids: Collection[UUID]) -> dict[str, str | Masked]:
    """Return the names, as the user may see them, of those customers that `access` reaches."""
    reach = in_reach(access.reach("customer.read"))
    found = Customer.objects.filter(reach, public_id__in=public_ids)
    return {str(one.public_id): name_of(access, one) for one in found}
