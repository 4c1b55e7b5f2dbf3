"""Saved views: the filters, order and columns of a list under a name, each user's own."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.store.models import SavedView

MOST, LONGEST = 50, 80


@transaction.atomic
def save_view(
    *, user_id: int, page: str, name: str, query: Mapping[str, str | list[str]], at: datetime
) -> bool:
    """Keep a view of a list; tell whether it replaced one of the same name.

    Raises Invalid for an empty or long name, or for more than fifty views of one list.
    A view is the user's own convenience and shows nothing, so it leaves no event.
    """
    title = " ".join(name.split())
    if not title or len(title) > LONGEST or not title.isprintable():
        raise Invalid(Reason(code="view_name_invalid"))
    others = SavedView.objects.filter(user_id=user_id, page=page).exclude(name=title)
    if others.count() >= MOST:
        raise Invalid(Reason(code="too_many_views", params={"most": str(MOST)}))
    _, new = SavedView.objects.update_or_create(
        user_id=user_id, page=page, name=title,
        defaults={"query": dict(query)}, create_defaults={"query": dict(query), "created_at": at},
    )  # fmt: skip
    return not new


@transaction.atomic
def delete_view(*, user_id: int, page: str, public_id: str) -> None:
    """Forget a view. Raises NotInScope for another's."""
    deleted, _ = SavedView.objects.filter(user_id=user_id, page=page, public_id=public_id).delete()
    if not deleted:
        raise NotInScope("view")
