"""Sources: where records come from, and how far each is trusted."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from clientela.kernel.filters import demand_choice
from clientela.kernel.reasons import Invalid
from clientela.records.selectors import source_by_name, sources
from clientela.records.selectors.trust import trust_of
from clientela.records.services import add_source, set_trust
from clientela.security.selectors import organisation
from clientela.trade.services.settling import set_settlement
from clientela.web import formats, words
from clientela.web.fields import Field, node_of, refuse, whole_of
from clientela.web.lists import listed
from clientela.web.reasons import sentence
from clientela.web.request import Request
from clientela.web.ways import sent_only

BELONGS = dict.fromkeys(("source_name_invalid", "source_name_kept", "source_name_taken"), "name")


@require_http_methods(["GET", "HEAD", "POST"])
def source_list(request: Request) -> HttpResponse:
    """Show the sources that the user reaches; a POST adds one."""
    fields = _fields(request)
    wrong, status = list[str](), 200
    if request.method == "POST":
        request.access.demand("source.write")
        try:
            _add(request)
            messages.success(request, _("The source was added."))
            return redirect("admin:sources")
        except Invalid as refusal:
            wrong, status = refuse(request, fields, refusal, BELONGS)
    context = _page(request) | {"fields": fields, "sentences": wrong}
    return render(request, "admin/sources.html", context, status=status)


@sent_only
def trust(request: Request, name: str) -> HttpResponse:
    """Trust a source more or less from now on."""
    source = source_by_name(request.access, name)
    text = request.POST.get("trust", "")
    try:
        given = whole_of(text, "trust")
        set_trust(
            access=request.access, source_id=source.pk, attribute="", trust=given, at=request.at
        )
    except Invalid as refusal:
        request.refusal = refusal
        context = _page(request) | {
            "fields": _fields(request, ignore=True),
            "wrong_trust": {"source": source.pk, "value": text,
                            "errors": [sentence(reason) for reason in refusal.reasons]},
        }  # fmt: skip
        return render(request, "admin/sources.html", context, status=422)
    messages.success(request, _("The trust in %(source)s was changed.") % {"source": source.title})
    return redirect("admin:sources")


@sent_only
def settle(request: Request, name: str) -> HttpResponse:
    """Say otherwise whether a source tells of payments; its documents follow at once."""
    source = source_by_name(request.access, name)
    documents = set_settlement(
        access=request.access, source_id=source.pk, at=request.at,
        settlement=request.POST.get("settlement", ""),
    )  # fmt: skip
    said = ngettext(
        "What %(source)s knows of payment was changed; %(n)s invoice followed.",
        "What %(source)s knows of payment was changed; %(n)s invoices followed.",
        documents,
    )
    messages.success(request, said % {"source": source.title, "n": formats.number(documents)})
    return redirect("admin:sources")


def _page(request: Request) -> dict[str, Any]:
    """Return what the page of the sources shows above its form."""
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
    return {
        "rows": rows,
        "sources": shown,
        "may_add": bool(reach),
        "settlements": words.SETTLEMENTS.items(),
    }


def _add(request: Request) -> None:
    settlement = request.POST.get("settlement", "unknown")
    demand_choice("settlement", settlement, words.SETTLEMENTS)
    add_source(
        access=request.access,
        name=request.POST.get("name", ""),
        title=request.POST.get("title", "").strip()[:120],
        node_id=node_of(request.POST.get("node", ""), "node"),
        settlement=settlement,
        origin=request.POST.get("origin", "").strip()[:200],
        legal_basis=request.POST.get("legal_basis", "").strip()[:40],
        at=request.at,
    )


def _fields(request: Request, *, ignore: bool = False) -> list[Field]:
    """Return the fields of a new source, with what was typed unless that is of another form."""
    reach = request.access.reach("source.write")
    nodes = [
        (node.code, node.name)
        for node in organisation()
        if reach.covers(node_id=node.pk, owner_id=None)
    ]
    given = {} if ignore else request.POST
    return [
        Field(key="name", label=_("Name"), value=given.get("name", ""), required=True, most=60,
              hint=_("Latin letters, digits, - and _: programs use it.")),
        Field(key="title", label=_("Title"), value=given.get("title", ""), most=120),
        Field(key="node", label=_("Branch"), value=given.get("node", ""), required=True,
              choices=nodes),
        Field(key="settlement", label=_("Knows of payment"), value=given.get("settlement", "unknown"),
              choices=list(words.SETTLEMENTS.items())),
        Field(key="origin", label=_("Origin of the data"), value=given.get("origin", ""),
              most=200),
        Field(key="legal_basis", label=_("Legal basis"), value=given.get("legal_basis", ""),
              most=40),
    ]  # fmt: skip
