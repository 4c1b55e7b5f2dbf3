"""The audit trail, read only."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clientela.audit.selectors import BY_TIME, EventFilters
from clientela.kernel.reasons import Invalid, NotInScope, Reason
from clientela.kernel.text import is_storable
from clientela.records.selectors import customer_by_public_id
from clientela.security.readers import reads_notes
from clientela.security.selectors import purposes
from clientela.security.services.reading import ACT as READ
from clientela.security.trail import acts_read, events, own_events, reads_changes
from clientela.web import formats, words
from clientela.web.admin.changes import changes
from clientela.web.admin.subjects import Subject, subjects
from clientela.web.fields import day_of
from clientela.web.lists import given, listed
from clientela.web.request import Request

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from clientela.audit.models import Event

RATES = "trade.rates.set"
OWN = frozenset({"act", "result", "since", "until"})
KNOWN = OWN | {"actor", "customer"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One event as its row shows it. `subject` None: its object has no name for the reader."""

    event: "Event"
    subject: Subject | None
    why: str
    what: str
    changes: list[str]


@require_safe
def event_list(request: Request) -> HttpResponse:
    """Show what happened, newest first, as far as it is the reader's to see."""
    request.access.demand("event.read")
    chosen = _chosen(request, KNOWN)
    rows = events(request.access, _filters(request, chosen))
    return _answer(request, rows, chosen, acts_read(request.access))


@require_safe
def own_event_list(request: Request) -> HttpResponse:
    """Show what the user did, newest first."""
    chosen = _chosen(request, OWN)
    rows = own_events(request.access, _filters(request, chosen))
    return _answer(request, rows, chosen, words.EVENTS.keys(), own=True)


def _chosen(request: Request, known: Set[str]) -> dict[str, str]:
    """Return the filters in the address. Raises Invalid."""
    chosen = {name: value.strip() for name, value in given(request).items()}
    unknown = [
        Reason(code="filter_unknown", params={"field": k[:60]}) for k in chosen.keys() - known
    ]
    if unknown or not all(map(is_storable, chosen.values())):
        raise Invalid(*unknown or [Reason(code="value_not_storable", params={"field": "filter"})])
    return chosen


def _answer(
    request: Request,
    found: "QuerySet[Event]",
    chosen: dict[str, str],
    acts: Iterable[str],
    *,
    own: bool = False,
) -> HttpResponse:
    rows = listed(request, found, BY_TIME)
    known = {p.code: p.name.get(request.LANGUAGE_CODE) or p.name["en"] for p in purposes()}
    notes = reads_notes(request.access)
    about = subjects(request.access, rows.items)
    told = not own and reads_changes(request.access)
    context = {
        "rows": rows,
        "lines": [
            Line(
                event=event,
                subject=about.get(event.object_id),
                why=_why(event.purpose, known, notes=notes),
                what=_what(event),
                changes=changes(event) if told and event.act not in (READ, RATES) else [],
            )
            for event in rows.items
        ],
        "given": chosen,
        "own": own,
        "acts": sorted(
            ((code, words.EVENTS[code]) for code in acts), key=lambda pair: str(pair[1])
        ),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    return render(request, "admin/event_rows.html" if part else "admin/events.html", context)


def _why(purpose: str, known: dict[str, str], *, notes: bool) -> str:
    """Return a purpose by its name, with the note beside it where the reader may read notes."""
    code, colon, note = purpose.partition(": ")
    name = known.get(code, code)
    return f"{name}: {note}" if colon and notes else name


def _what(event: "Event") -> str:
    """Return of how many customers something was read, or which rates were entered.

    Of rates the days and, of a single one, it and the one before.
    """
    if event.act == READ:
        return ngettext("%(n)s customer", "%(n)s customers", event.rows or 0) % {
            "n": formats.number(event.rows or 0)
        }
    if event.act != RATES:
        return ""
    after, before = event.after or {}, event.before or {}
    single = " → ".join(filter(None, (before.get("rate"), after.get("rate"))))
    return f"{after.get('days', '')} {single}".strip()


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
        until=_day_after(until) if until else None,
    )


def _day_after(day: date) -> datetime | None:
    """Return the instant at which a day is over; None after the last there is: it bounds nothing."""
    if day == date.max:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, UTC)
