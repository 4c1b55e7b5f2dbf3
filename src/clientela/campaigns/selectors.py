"""Reading what a customer was offered: scoped to the user, the latest first."""

from django.db.models import QuerySet

from clientela.campaigns.models import PromotionTarget
from clientela.records.models import Customer
from clientela.security.permits import Access
from clientela.security.selectors import in_reach

BY_BEGINNING = ["-begins_on", "-id"]


def promotions_of(access: Access, customer: Customer) -> QuerySet[PromotionTarget]:
    """Return the promotions that a customer was in; the caller pages by BY_BEGINNING."""
    access.demand("promotion.read")
    reach = in_reach(access.reach("promotion.read"))
    rows = PromotionTarget.objects.filter(reach, customer=customer, voided_at=None)
    return rows.select_related("promotion")
