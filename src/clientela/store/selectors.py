"""Reading the settings of the installation."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from clientela.store.models import Parameter, SavedView

DEMO = "demo"  # the parameter with which the loader of the demo company stamps a database


def is_demo() -> bool:
    """Tell whether this database holds the demo company: banner, no second factor."""
    last = Parameter.objects.filter(name=DEMO).order_by("-valid_from", "-id").first()
    return last is not None and bool(last.value)


def parameters() -> QuerySet[Parameter]:
    """Return every setting with its history, the one in force first; the caller asks for rights."""
    return Parameter.objects.order_by("name", "-valid_from", "-id")


def parameters_in_force(prefix: str, *, at: datetime) -> dict[str, Any]:
    """Return name -> value of each setting under `prefix` that was set and holds at `at`."""
    held = Parameter.objects.filter(name__startswith=prefix, valid_from__lte=at)
    latest = held.order_by("name", "-valid_from", "-id").distinct("name")
    return dict(latest.values_list("name", "value"))


def saved_views(user_id: int, page: str) -> QuerySet[SavedView]:
    """Return the views that a user saved of a list, by name."""
    return SavedView.objects.filter(user_id=user_id, page=page).order_by("name", "id")
