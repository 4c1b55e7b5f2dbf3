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
from clientela.web import words
from clientela.web.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def tree(request: Request) -> HttpResponse:
    """Show the organisation; a POST adds a place to it."""
    if request.method == "POST":
        _add(request)
        messages.success(request, _("The place was added."))
        return redirect("admin:organisation")
    request.access.demand("user.read")
    nodes = [{"node": node, "depth": node.path.count("/") - 2} for node in organisation()]
    context = {
        "nodes": nodes,
        "kinds": [(code, name) for code, name in words.NODES.items() if code != "group"],
        "may_write": bool(request.access.may("organisation.write")),
    }
    return render(request, "admin/organisation.html", context)


def _add(request: Request) -> None:
    request.access.demand("organisation.write")
    given = {name: request.POST.get(name, "").strip() for name in ("code", "name", "parent")}
    parent = node_by_code(given["parent"])
    code, name = given["code"].lower()[:40], given["name"][:120]
    if parent is None:
        raise Invalid(Reason(code="node_unknown"))
    if not code or not name or not (code + name).isprintable():
        raise Invalid(Reason(code="node_needs_code_and_name"))
    if node_by_code(code) is not None:
        raise Invalid(Reason(code="node_code_taken", params={"code": code}))
    add_node(
        access=request.access,
        kind=request.POST.get("kind", ""),
        code=code,
        name=name,
        parent_id=parent.pk,
        country=request.POST.get("country", "").strip().upper()[:2],
        at=request.at,
    )
