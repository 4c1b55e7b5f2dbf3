"""The tree of the organisation, new places in it, and corrections of those that are there."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.kernel.days import UTC_NAME
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.administration import node_by_code, place_by_public_id
from clientela.security.models import OrgNode
from clientela.security.selectors import edition_of, organisation
from clientela.security.services import add_node, correct_node
from clientela.web import formats, words
from clientela.web.fields import Field, node_choices, refuse
from clientela.web.request import Request

BELONGS = {
    "node_unknown": "parent", "node_code_taken": "code", "node_does_not_stand_there": "kind",
}  # fmt: skip

_CODE = re.compile(r"\w([\w ./-]*\w)?")
KEEP_BOOKS = (OrgNode.Kind.GROUP, OrgNode.Kind.COMPANY)
CORRECTABLE = ("name", "time_zone", "base_currency")
GIVEN = ("code", "name", "parent", "time_zone", "base_currency")


@require_http_methods(["GET", "HEAD", "POST"])
def tree(request: Request) -> HttpResponse:
    """Show the organisation; a POST adds a place to it."""
    access = request.access
    access.demand("organisation.write" if request.method == "POST" else "user.read")
    fields = _fields(request)
    wrong, status = list[str](), 200
    if request.method == "POST":
        try:
            _add(request)
            messages.success(request, _("The place was added."))
            return redirect("admin:organisation")
        except Invalid as refusal:
            wrong, status = refuse(request, fields, refusal, BELONGS)
    nodes = [
        {"node": node, "depth": node.path.count("/") - 2, "zone": zone_shown(node.time_zone)}
        for node in organisation()
    ]
    context = {
        "nodes": nodes,
        "fields": fields if access.may("organisation.write") else [],
        "sentences": wrong,
    }
    return render(request, "admin/organisation.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Request, public_id: object) -> HttpResponse:
    """Show a place as it is; a POST corrects it."""
    access = request.access
    access.demand("organisation.write")
    node = place_by_public_id(str(public_id))
    fields = _correctable(request, node)
    wrong, status = list[str](), 200
    if request.method == "POST":
        try:
            _correct(request, node)
            messages.success(request, _("The place was corrected."))
            return redirect("admin:organisation")
        except Invalid as refusal:
            wrong, status = refuse(request, fields, refusal, BELONGS)
    context = {"node": node, "fields": fields, "sentences": wrong, "seen": edition_of(node),
               "zone": zone_shown(node.time_zone)}  # fmt: skip
    return render(request, "admin/place.html", context, status=status)


def _correct(request: Request, node: OrgNode) -> None:
    given = {name: request.POST.get(name, "").strip() for name in CORRECTABLE}
    currency = given["base_currency"]
    if node.kind not in KEEP_BOOKS:
        currency = currency or node.base_currency
    elif currency != node.base_currency and currency not in formats.tender():
        raise Invalid(Reason(code="company_needs_currency", params={"field": "base_currency"}))
    correct_node(
        access=request.access, public_id=str(node.public_id), seen=request.POST.get("seen", ""),
        name=given["name"], time_zone=given["time_zone"], base_currency=currency, at=request.at,
    )  # fmt: skip


def zone_shown(zone: str) -> str:
    """Return a zone as it is read; UTC is what a place has until somebody sets one."""
    return str(_("not set: UTC")) if zone == UTC_NAME else zone


def _correctable(request: Request, node: OrgNode) -> list[Field]:
    given = request.POST
    zone = "" if node.time_zone == UTC_NAME else node.time_zone
    fields = [
        Field(key="name", label=_("Name"), value=given.get("name", node.name), required=True,
              most=120),
        Field(key="time_zone", label=_("Time zone"), value=given.get("time_zone", zone),
              choices=formats.zones(_("Not set: UTC")),
              hint=_("Places below that have none of their own take the first one that is set here.")),
    ]  # fmt: skip
    if node.kind in KEEP_BOOKS:
        fields.append(
            Field(key="base_currency", label=_("Currency"),
                  value=given.get("base_currency", node.base_currency),
                  choices=formats.currencies(),
                  hint=_("It can be changed until amounts are kept in it."))
        )  # fmt: skip
    return fields


def _add(request: Request) -> None:
    given = {name: request.POST.get(name, "").strip() for name in GIVEN}
    parent = node_by_code(given["parent"])
    code, name = given["code"].lower()[:40], given["name"][:120]
    if parent is None:
        raise Invalid(Reason(code="node_unknown"))
    if not code or not name or not (code + name).isprintable():
        field = "name" if code and code.isprintable() else "code"
        raise Invalid(Reason(code="node_needs_code_and_name", params={"field": field}))
    if not _CODE.fullmatch(code):
        raise Invalid(Reason(code="node_code_invalid", params={"field": "code"}))
    if node_by_code(code) is not None:
        raise Invalid(Reason(code="node_code_taken", params={"code": code}))
    currency = given["base_currency"]
    if currency and currency not in formats.tender():
        raise Invalid(Reason(code="company_needs_currency", params={"field": "base_currency"}))
    add_node(
        access=request.access,
        kind=request.POST.get("kind", ""),
        code=code,
        name=name,
        parent_id=parent.pk,
        country=request.POST.get("country", "").strip().upper()[:2],
        base_currency=currency,
        time_zone=given["time_zone"],
        at=request.at,
    )


def _fields(request: Request) -> list[Field]:
    given = request.POST
    kinds = [(code, name) for code, name in words.NODES.items() if code != "group"]
    return [
        Field(key="parent", label=_("Part of"), value=given.get("parent", ""), required=True,
              choices=node_choices()),
        Field(key="kind", label=_("Kind"), value=given.get("kind", ""), required=True,
              choices=kinds),
        Field(key="code", label=_("Code"), value=given.get("code", ""), required=True, most=40),
        Field(key="name", label=_("Name"), value=given.get("name", ""), required=True, most=120),
        Field(key="country", label=_("Country"), value=given.get("country", ""),
              choices=formats.countries()),
        Field(key="time_zone", label=_("Time zone"), value=given.get("time_zone", ""),
              choices=formats.zones(_("As the place it is part of")),
              hint=_("It decides which day is today for those who work there.")),
        Field(key="base_currency", label=_("Currency"), value=given.get("base_currency", ""),
              choices=formats.currencies(), hint=_("Of a company only: the one of its books.")),
    ]  # fmt: skip
