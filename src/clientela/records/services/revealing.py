"""One masked fact of one customer, revealed for a purpose."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clientela.kernel.masked import Masked
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.records.models import Customer
from clientela.records.selectors import FileFact, current_day, customer_by_public_id, file_of
from clientela.security.permits import Access
from clientela.security.services import reveal


@dataclass(frozen=True, kw_only=True)
class Revealed:
    """A fact of a customer's file, still masked, and its value in plain."""

    customer: Customer
    fact: FileFact
    plain: str


@transaction.atomic
def reveal_fact(
    *, access: Access, public_id: str, key: str, purpose: str, at: datetime, note: str = ""
) -> Revealed:
    """Return one fact as it stands now with its plain value, and write who saw it and why.

    Raises NotInScope for a foreign customer or a fact not shown; NotPermitted; Invalid when
    the value is not masked, or the purpose is none of the user's.
    """
    customer = customer_by_public_id(access, public_id)
    facts = {
        f.key: f for f in file_of(access, customer, true_on=current_day(access, at), known_on=at)
    }
    fact = facts.get(key)
    if fact is None:
        raise NotInScope("fact")
    if not isinstance(fact.value, Masked):
        raise Invalid(Reason(code="value_is_not_masked", params={"field": key}))
    plain = reveal(
        access=access,
        value=fact.value,
        field=key,
        field_class=fact.field_class,
        customer_id=customer.pk,
        public_id=customer.public_id,
        node_id=customer.org_node_id,
        owner_id=customer.owner_id,
        purpose=purpose,
        at=at,
        note=note,
    )
    return Revealed(customer=customer, fact=fact, plain=plain)
