"""The settings: those of this server, read only, and what figures are worked out with.

A value of the company is proposed here by one and approved by another; the page shows what holds,
what comes, what waits, and who set what when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clientela.analysis.defaults import STANDING, Standing
from clientela.analysis.services.classifying import SCHEMES
from clientela.analysis.services.company import held, history, proposals, standing
from clientela.analysis.services.proposing import (
    approve_parameter,
    digest,
    end_proposal,
    propose_parameter,
)
from clientela.kernel.reasons import Invalid
from clientela.runtime.in_force import in_force
from clientela.web import formats
from clientela.web.admin.setting_words import MEANINGS, ORIGINS, SETTINGS, UNITS
from clientela.web.analyses import words
from clientela.web.classes import classes_told
from clientela.web.fields import Field, day_of, refuse
from clientela.web.lists import listed
from clientela.web.request import Request
from clientela.web.ways import sent_only

if TYPE_CHECKING:
    from clientela.store.models import ParameterProposal

MOST = 100


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A proposal as a page shows it, with what approving it approves."""

    proposal: "ParameterProposal"
    label: str
    value: str
    replaces: str
    digest: str
    own: bool


def label_of(one: Standing) -> str:
    """Return what a parameter is called, with its analysis."""
    return f"{words.NAMES[one.analysis.name]}: {words.PARAMETERS[one.parameter.name]}"


def in_unit(one: Standing, value: object) -> str:
    """Return a value of a parameter with its unit."""
    number = formats.number(value) if isinstance(value, int) else str(value)
    return str(UNITS[one.parameter.unit or "count"]) % {"n": number}


def waiting(request: Request, found: "Iterable[ParameterProposal]") -> list[Waiting]:
    """Return proposals as a page shows them."""
    return [
        Waiting(
            proposal=one,
            label=label_of(STANDING[one.name]),
            value=in_unit(STANDING[one.name], one.value),
            replaces=in_unit(STANDING[one.name], one.replaces),
            digest=digest(one),
            own=one.proposed_by == request.access.username,
        )
        for one in found
        if one.name in STANDING
    ]


@require_safe
def parameter_list(request: Request) -> HttpResponse:
    """Show the settings in force with where each comes from, and what the company may set."""
    request.access.demand("parameter.read")
    settings = [
        {"setting": one, "about": SETTINGS[one.name], "origin": ORIGINS[one.origin]}
        for one in in_force()
    ]
    figures = [
        {
            "name": one.standing.name,
            "label": label_of(one.standing),
            "value": in_unit(one.standing, one.value),
            "built_in": in_unit(one.standing, one.standing.parameter.default),
            "row": one.row,
            "coming": one.coming,
            "coming_value": one.coming and in_unit(one.standing, one.coming.value),
        }
        for one in held(request.access, at=request.at)
    ]
    found = proposals(request.access, at=request.at)[:MOST]
    context = {
        "settings": settings,
        "figures": figures,
        "waiting": waiting(request, found),
        "classes": classes_told(),
        **_rights(request),
    }
    return render(request, "admin/parameters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: Request, name: str) -> HttpResponse:
    """Show one parameter with its history and the form to propose a value; propose it."""
    request.access.demand("parameter.read")
    one = standing(name)
    fields = _fields(one)
    wrong, status = list[str](), 200
    if request.method == "POST":
        request.access.demand("parameter.propose")
        for field in fields:
            field.value = request.POST.get(field.key, "")
        try:
            from_on = day_of(str(fields[1].value), "valid_from")
            propose_parameter(
                access=request.access, name=name, value=str(fields[0].value), from_on=from_on,
                at=request.at,
            )  # fmt: skip
        except Invalid as refusal:
            wrong, status = refuse(request, fields, refusal, {})
        else:
            messages.success(request, _("The value was proposed. A security officer approves it."))
            return redirect("admin:parameter", name)
    (now,) = [h for h in held(request.access, at=request.at) if h.standing is one]
    rows = listed(request, history(request.access, name), ["-valid_from", "-id"])
    context = {
        "name": name,
        "label": label_of(one),
        "meaning": MEANINGS[name],
        "value": in_unit(one, now.value),
        "row": now.row,
        "built_in": in_unit(one, one.parameter.default),
        "range": f"{one.parameter.least}–{one.parameter.most}",
        "rows": rows,
        "lines": [
            (row, in_unit(one, row.value), row.valid_from > request.at) for row in rows.items
        ],
        "waiting": waiting(request, proposals(request.access, at=request.at, name=name)),
        "fields": fields,
        "wrong": wrong,
        **_rights(request),
    }
    return render(request, "admin/parameter.html", context, status=status)


@sent_only
def approve(request: Request, public_id: object) -> HttpResponse:
    """Put a proposed value in force, the one that was shown; a refusal shows every reason."""
    done = approve_parameter(
        access=request.access, public_id=str(public_id), shown=request.POST.get("digest", ""),
        at=request.at,
    )  # fmt: skip
    said = _("%(what)s was approved.")
    if STANDING[done.name].analysis.name in SCHEMES and done.valid_from is None:
        said = _("%(what)s was approved. Classes of customers follow within a few minutes.")
    messages.success(request, said % {"what": label_of(STANDING[done.name])})
    return redirect("admin:parameter", done.name)


@sent_only
def end(request: Request, public_id: object) -> HttpResponse:
    """Withdraw one's own proposal, or decline another's with a reason."""
    done = end_proposal(
        access=request.access, public_id=str(public_id), reason=request.POST.get("reason", ""),
        at=request.at,
    )  # fmt: skip
    own = done.ended_by == done.proposed_by
    messages.success(
        request, _("The proposal was withdrawn.") if own else _("The proposal was declined.")
    )
    return redirect("admin:parameter", done.name)


def _fields(one: Standing) -> list[Field]:
    most, least = one.parameter.most, one.parameter.least
    unit: dict[str, str | Promise] = {"percent": "%", "months": _("months"), "count": ""}
    return [
        Field(
            key="value", label=_("New value"), type="number", required=True, most=most,
            least=least, hint=str(unit[one.parameter.unit or "count"]),
        ),
        Field(
            key="valid_from", label=_("Holds from"), type="date",
            hint=_("A day to come; empty: from the approval on."),
        ),
    ]  # fmt: skip


def _rights(request: Request) -> dict[str, Any]:
    access = request.access
    return {
        "may_propose": bool(access.may("parameter.propose")),
        "may_approve": bool(access.may("parameter.approve")),
        "may_end": bool(access.may("parameter.end")),
        "list_url": reverse("admin:parameters"),
    }
