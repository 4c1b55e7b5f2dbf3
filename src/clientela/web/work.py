"""My work: what waits for this person or for the roles that the person holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from clientela.analysis.services.company import proposals_awaiting
from clientela.security.administration import resets_awaiting
from clientela.security.selectors import first_role_to_come, grants_awaiting_approval
from clientela.web import words
from clientela.web.classes import rates_wait
from clientela.web.first_steps import first_steps
from clientela.web.lists import listed
from clientela.web.request import Request
from clientela.worklist.selectors import my_work

if TYPE_CHECKING:
    from clientela.worklist.models import WorkItem

# Where an item's subject is seen: type of subject -> name of the page, given its id.
SUBJECTS: dict[str, Callable[[str], str]] = {
    "intake.Run": lambda id_: reverse("imports:run", args=[id_]),
    "records.Customer": lambda id_: reverse("customers:file", args=[id_]),
    "trade.Invoice": lambda id_: reverse("trade:invoice", args=[id_]),
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """An item as the page shows it."""

    text: str
    where: str
    since: datetime
    due: datetime | None
    late: bool
    url: str


@require_safe
def home(request: Request) -> HttpResponse:
    """Open what is used daily: the work list, or for a person without a role what to do."""
    if request.access.may("work.read"):
        return redirect("work:mine")
    begins = first_role_to_come(request.access.user_id, at=request.at)
    return render(request, "no_role.html", {"begins": begins})


@require_safe
def mine(request: Request) -> HttpResponse:
    """Show the open items, those due first."""
    request.access.demand("work.read")
    rows = listed(request, my_work(request.access), ["due_at", "id"])
    waiting = 0
    if request.access.may("grant.approve"):
        waiting = grants_awaiting_approval(request.access).count()
    if request.access.may("factor.approve"):
        waiting += resets_awaiting(request.access, at=request.at).count()
    if request.access.may("parameter.approve"):
        waiting += proposals_awaiting(request.access, at=request.at).count()
    items = [_shown(item, request.at) for item in rows.items]
    context = {
        "items": items, "rows": rows, "waiting": waiting, "steps": first_steps(request.access),
        "rates": rates_wait(request.access) if request.access.may("rate.write") else {},
    }  # fmt: skip
    return render(request, "work/mine.html", context)


def _shown(item: "WorkItem", at: datetime) -> Item:
    text = words.word(words.WORK, item.kind)
    try:
        text = text % item.params
    except (KeyError, TypeError, ValueError):
        text = text.partition("%(")[0]
    return Item(
        text=text,
        where=str(item.org_node),
        since=item.created_at,
        due=item.due_at,
        late=item.due_at is not None and item.due_at < at,
        url=_url(item.subject_type, item.subject_id),
    )


def _url(subject_type: str, subject_id: str) -> str:
    try:
        return SUBJECTS[subject_type](subject_id)
    except (KeyError, NoReverseMatch):
        return ""
