"""What the own team did, in numbers."""

from datetime import datetime, time, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clientela.kernel.days import zone_of
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.team import ACT, counts, team_of
from clientela.web.fields import Field, day_of, refuse
from clientela.web.request import Request

USUAL = timedelta(days=29)  # with the day itself, thirty


@require_safe
def team_counts(request: Request) -> HttpResponse:
    """Show how often which act was done by the team; of the last thirty days unless asked."""
    access = request.access
    access.demand(ACT)
    given = {"since": (access.today - USUAL).isoformat(), "until": access.today.isoformat()}
    given |= {key: request.GET[key][:40] for key in given if key in request.GET}
    fields = [
        Field(key="since", label=_("From"), type="date", value=given["since"]),
        Field(key="until", label=_("to"), type="date", value=given["until"]),
    ]
    wrong, status = list[str](), 200
    try:
        begin, end = _time(request, given)
        rows = counts(access, since=begin, until=end)
    except Invalid as refusal:
        wrong, status = refuse(request, fields, refusal, {})
        rows = []
    context = {"rows": rows, "fields": fields, "sentences": wrong, "people": len(team_of(access))}
    return render(request, "admin/team.html", context, status=status)


def _time(request: Request, given: dict[str, str]) -> tuple[datetime, datetime]:
    """Return the first instant of the first day and that after the last. Raises Invalid."""
    since, until = day_of(given["since"], "since"), day_of(given["until"], "until")
    if since is None or until is None:
        raise Invalid(Reason(code="value_missing", params={"field": "until" if since else "since"}))
    if since > until:
        told = {"field": "since", "begins": since.isoformat(), "ends": until.isoformat()}
        raise Invalid(Reason(code="period_reversed", params=told))
    last = request.access.today
    zone = zone_of(request.access.time_zone)
    after = min(until, last) + timedelta(days=1)  # nothing is recorded of days to come
    return datetime.combine(since, time.min, zone), datetime.combine(after, time.min, zone)
