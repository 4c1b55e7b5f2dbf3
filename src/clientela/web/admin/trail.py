"""The audit trail and the settings, read only."""

from datetime import UTC, datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.audit.selectors import BY_TIME, EventFilters, events
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.records.selectors import customer_by_public_id
from clientela.store.selectors import parameters
from clientela.web import words
from clientela.web.fields import day_of
from clientela.web.lists import PAGING, listed

KNOWN = {"actor", "act", "result", "since", "until", "customer"}


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Show what happened, newest first."""
    request.access.demand("event.read")
    given = {k: v.strip() for k, v in request.GET.items() if k not in PAGING and v}
    unknown = [Reason(code="filter_unknown", params={"field": k[:60]}) for k in given.keys() - KNOWN]
    if unknown or any("\x00" in v for v in given.values()):
        raise Invalid(*unknown or [Reason(code="value_not_storable", params={"field": "filter"})])
    rows = listed(request, events(_filters(request, given)), BY_TIME)
    context = {
        "rows": rows,
        "given": given,
        "acts": sorted(words.EVENTS.items(), key=lambda pair: str(pair[1])),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    return render(request, "admin/event_rows.html" if part else "admin/events.html", context)


@require_safe
def parameter_list(request: HttpRequest) -> HttpResponse:
    """Show the settings of the installation with their history."""
    request.access.demand("parameter.read")
    rows = listed(request, parameters(), ["name", "-valid_from", "-id"])
    return render(request, "admin/parameters.html", {"rows": rows})


def _filters(request: HttpRequest, given: dict[str, str]) -> EventFilters:
    """Return the filters; a customer that the reader cannot open is no filter for it."""
    since = day_of(given.get("since", ""), "since")
    until = day_of(given.get("until", ""), "until")
    customer = None
    if given.get("customer"):
        try:
            customer = customer_by_public_id(request.access, given["customer"]).pk
        except NotInScope:
            customer = 0  # no customer has it: the list is empty
    return EventFilters(
        actor=given.get("actor", ""),
        act=given.get("act", ""),
        result=given.get("result", ""),
        customer=customer,
        since=datetime.combine(since, time.min, UTC) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, UTC) if until else None,
    )
