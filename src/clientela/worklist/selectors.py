"""Reading what is to be done."""

from django.db.models import Q, QuerySet

from clientela.security.permits import Access
from clientela.worklist.models import WorkItem


def my_work(access: Access) -> QuerySet[WorkItem]:
    """Return the open items of this user, and of the roles that the user holds there."""
    mine = Q(owner_id=access.user_id)
    for held in access.held:
        at_node = Q() if held.whole else Q(org_node_id__in=held.nodes)
        mine |= Q(role=held.role) & at_node
    return WorkItem.objects.filter(mine, state=WorkItem.State.OPEN).select_related("org_node")
