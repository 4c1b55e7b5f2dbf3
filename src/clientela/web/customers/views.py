"""Saved views of the list of customers: each user's own."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clientela.kernel.reasons import demand_storable
from clientela.store.services import delete_view, save_view
from clientela.web.customers.listing import CONTROLS, PAGE, opened
from clientela.web.lists import PAGING
from clientela.web.request import Request
from clientela.web.ways import sent_only

LONGEST = 2000


@sent_only
def save(request: Request) -> HttpResponse:
    """Keep the filters, order and columns of the list under a name, if the list opens with them."""
    request.access.demand("customer.read")
    pairs = parse_qsl(request.POST.get("query", "")[:LONGEST].lstrip("?"))
    kept = {name: value for name, value in pairs if name not in PAGING and value}
    demand_storable(kept.items())
    filters = {name: value for name, value in kept.items() if name not in CONTROLS}
    opened(request.access, filters, kept.get("order", ""))
    name = request.POST.get("name", "")
    replaced = save_view(
        user_id=request.access.user_id, page=PAGE, name=name, query=kept, at=request.at
    )
    in_place = _("The view was saved in place of the one that had this name.")
    messages.success(request, in_place if replaced else _("The view was saved."))
    return redirect(f"{reverse('customers:list')}?{urlencode(kept)}")


@sent_only
def delete(request: Request, public_id: object) -> HttpResponse:
    """Forget a saved view."""
    request.access.demand("customer.read")
    delete_view(user_id=request.access.user_id, page=PAGE, public_id=str(public_id))
    messages.success(request, _("The view was deleted."))
    return redirect("customers:list")
