"""The tree of the organisation, and new places in it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.kernel.reasons import Invalid, Reason
from clientela.security.administration import node_by_code
from clientela.security.selectors import organisation
from clientela.security.services import add_node
from clientela.web import formats, words
from clientela.web.fields import Field, node_choices, refuse
from clientela.web.request import Request

BELONGS = {
    "node_unknown": "parent", "node_code_taken": "code", "node_does_not_stand_there": "kind",
}  # fmt: skip

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
    nodes = [{"node": node, "depth": node.path.count("/") - 2} for node in organisation()]
    context = {
        "nodes": nodes,
        "fields": fields if access.may("organisation.write") else [],
        "sentences": wrong,
    }
    return render(request, "admin/organisation.html", context, status=status)


def _add(request: Request) -> None:
    given = {name: request.POST.get(name, "").strip() for name in GIVEN}
    parent = node_by_code(given["parent"])
    code, name = given["code"].lower()[:40], given["name"][:120]
    if parent is None:
        raise Invalid(Reason(code="node_unknown"))
    if not code or not name or not (code + name).isprintable():
        field = "name" if code and code.isprintable() else "code"
        raise Invalid(Reason(code="node_needs_code_and_name", params={"field": field}))
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
