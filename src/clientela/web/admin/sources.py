"""Sources: where records come from, and how far each is trusted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.records.selectors import source_by_name, sources
from clientela.records.selectors.trust import trust_of
from clientela.records.services import add_source, set_trust
from clientela.security.selectors import organisation
from clientela.web import words
from clientela.web.fields import whole_of
from clientela.web.lists import listed
from clientela.web.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def source_list(request: Request) -> HttpResponse:
    """Show the sources that the user reaches; a POST adds one."""
    if request.method == "POST":
        _add(request)
        messages.success(request, _("The source was added."))
        return redirect("admin:sources")
    rows = listed(request, sources(request.access), ["name"])
    trust = trust_of([source.pk for source in rows.items])
    nodes = {node.pk: node for node in organisation()}
    reach = request.access.reach("source.write")
    shown = [
        {
            "source": source,
            "trust": trust.get(source.pk, 0),
            "node": nodes[source.org_node_id],
            "may_write": reach.covers(node_id=source.org_node_id, owner_id=None),
        }
        for source in rows.items
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "sources": shown,
        "nodes": [n for n in nodes.values() if reach.covers(node_id=n.pk, owner_id=None)],
        "settlements": words.SETTLEMENTS.items(),
    }
    return render(request, "admin/sources.html", context)


@require_POST
def trust(request: Request, name: str) -> HttpResponse:
    """Trust a source more or less from now on."""
    source = source_by_name(request.access, name)
    given = whole_of(request.POST.get("trust", ""), "trust")
    set_trust(access=request.access, source_id=source.pk, attribute="", trust=given, at=request.at)
    messages.success(request, _("The trust in %(source)s was changed.") % {"source": source.title})
    return redirect("admin:sources")


def _add(request: Request) -> None:
    access = request.access
    if not access.may("source.write"):
        raise NotPermitted(Reason(code="act_not_permitted", params={"act": "source.write"}))
    settlement = request.POST.get("settlement", "unknown")
    if settlement not in words.SETTLEMENTS:
        raise Invalid(Reason(code="filter_value_unknown", params={"field": "settlement"}))
    add_source(
        access=access,
        name=request.POST.get("name", ""),
        title=request.POST.get("title", "").strip()[:120],
        node_id=whole_of(request.POST.get("node", ""), "node"),
        settlement=settlement,
        origin=request.POST.get("origin", "").strip()[:200],
        legal_basis=request.POST.get("legal_basis", "").strip()[:40],
        at=request.at,
    )
