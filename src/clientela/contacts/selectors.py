"""Reading contacts: scoped to the user, newest first."""

from django.db.models import QuerySet

from clientela.contacts.models import Contact
from clientela.records.models import Customer
from clientela.security.permits import Access
from clientela.security.selectors import in_reach

BY_TIME = ["-at", "-id"]


def contacts_of(access: Access, customer: Customer) -> QuerySet[Contact]:
    """Return every department's contacts with a customer; the caller pages by BY_TIME."""
    access.demand("contact.read")
    reach = in_reach(access.reach("contact.read"))
    rows = Contact.objects.filter(reach, customer=customer, voided_at=None)
    return rows.select_related("staff")
