"""The audit trail and the settings, read only."""

import json
from datetime import UTC, datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.analysis.registry import ANALYSES
from clientela.audit.selectors import BY_TIME, EventFilters, events
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.records.selectors import customer_by_public_id
from clientela.runtime.in_force import in_force
from clientela.security.selectors import purposes
from clientela.store.selectors import parameters
from clientela.web import words
from clientela.web.admin.setting_words import ORIGINS, SETTINGS
from clientela.web.analyses import words as names
from clientela.web.fields import day_of
from clientela.web.lists import given, listed
from clientela.web.request import Request

KNOWN = {"actor", "act", "result", "since", "until", "customer"}


@require_safe
def event_list(request: Request) -> HttpResponse:
    """Show what happened, newest first."""
    request.access.demand("event.read")
    chosen = {name: value.strip() for name, value in given(request).items()}
    unknown = [
        Reason(code="filter_unknown", params={"field": k[:60]}) for k in chosen.keys() - KNOWN
    ]
    if unknown or any("\x00" in v for v in chosen.values()):
        raise Invalid(*unknown or [Reason(code="value_not_storable", params={"field": "filter"})])
    rows = listed(request, events(_filters(request, chosen)), BY_TIME)
    context = {
        "rows": rows,
        "given": chosen,
        "purposes": {p.code: p.name.get(request.LANGUAGE_CODE) or p.name["en"] for p in purposes()},
        "acts": sorted(words.EVENTS.items(), key=lambda pair: str(pair[1])),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    return render(request, "admin/event_rows.html" if part else "admin/events.html", context)


@require_safe
def parameter_list(request: Request) -> HttpResponse:
    """Show the settings in force with where each comes from, and those kept with their history."""
    request.access.demand("parameter.read")
    rows = listed(request, parameters(), ["name", "-valid_from", "-id"])
    settings = [
        {"setting": one, "about": SETTINGS[one.name], "origin": ORIGINS[one.origin]}
        for one in in_force()
    ]
    figures = [
        {
            "analysis": names.NAMES[analysis.name],
            "label": names.PARAMETERS.get(one.name, one.name),
            "value": names.code(one.default) if isinstance(one.default, str) else one.default,
        }
        for analysis in ANALYSES.values()
        for one in analysis.parameters
        if one.default is not None
    ]
    kept = [(one, json.dumps(one.value, ensure_ascii=False)) for one in rows.items]
    context = {"rows": rows, "kept": kept, "settings": settings, "figures": figures}
    return render(request, "admin/parameters.html", context)


def _filters(request: Request, chosen: dict[str, str]) -> EventFilters:
    """Return the filters; a customer that the reader cannot open is no filter for it."""
    since = day_of(chosen.get("since", ""), "since")
    until = day_of(chosen.get("until", ""), "until")
    customer = None
    if chosen.get("customer"):
        try:
            customer = customer_by_public_id(request.access, chosen["customer"]).pk
        except NotInScope:
            customer = 0  # no customer has it: the list is empty
    return EventFilters(
        actor=chosen.get("actor", ""),
        act=chosen.get("act", ""),
        result=chosen.get("result", ""),
        customer=customer,
        since=datetime.combine(since, time.min, UTC) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, UTC) if until else None,
    )
