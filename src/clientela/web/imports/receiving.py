"""A new import: where the rows come from, and the file itself."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.intake.selectors import mappings
from clientela.intake.selectors.fit import demand_fit
from clientela.intake.selectors.report import reason_of
from clientela.intake.services import hold_name, receive_file
from clientela.intake.tasks import queue_run
from clientela.kernel.filters import demand_choice
from clientela.kernel.reasons import Invalid, NotPermitted, Reason, Refused
from clientela.records.selectors import source_by_name, sources
from clientela.records.services import add_source, source_to_be
from clientela.security.permits import Access
from clientela.security.selectors import organisation
from clientela.web import import_words as words
from clientela.web import words as shared
from clientela.web.fields import node_of
from clientela.web.reasons import sentence
from clientela.web.request import Request

if TYPE_CHECKING:
    from clientela.intake.models import Run
    from clientela.records.models import Source


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask for a file and its source; a POST receives it and starts reading."""
    access = request.access
    access.demand("import.run")
    sentences: list[str] = []
    if request.method == "POST":
        try:
            with transaction.atomic():
                run, is_new = _receive(request, access)
            _say(request, run, is_new)
            return redirect("imports:run", run.public_id)
        except Refused as refusal:
            if isinstance(refusal, NotPermitted):
                raise
            request.refusal = refusal
            sentences = [sentence(reason) for reason in refusal.reasons]
    given = request.POST if request.method == "POST" else request.GET
    context = _form(request, access) | {"sentences": sentences, "given": given}
    return render(request, "imports/new.html", context, status=422 if sentences else 200)


def _receive(request: Request, access: Access) -> "tuple[Run, bool]":
    file = request.FILES.get("file")
    if not isinstance(file, TemporaryUploadedFile):
        raise Invalid(Reason(code="file_missing"))
    kind = request.POST.get("kind", "")
    if kind and kind not in words.KINDS:
        raise Invalid(
            Reason(code="unknown_kind", params={"kind": kind[:40], "known": ", ".join(words.KINDS)})
        )
    run, is_new = receive_file(
        access=access,
        source=_source(request, access),
        path=Path(file.temporary_file_path()),
        name=file.name or "file",
        at=request.at,
        kind=kind or None,
        mapping=request.POST.get("mapping") or None,
        answers={"sheet": sheet} if (sheet := request.POST.get("sheet", "").strip()) else None,
        take_sure=bool(request.POST.get("mapping")),
        dry_run=request.POST.get("dry_run") == "1",
    )
    demand_fit(run)
    if is_new:
        queue_run(run, confirmed=False)
    return run, is_new


def _source(request: Request, access: Access) -> "Source":
    """Return the source that was chosen, or the new one that was named: exactly one of them."""
    chosen = request.POST.get("source", "")
    named = request.POST.get("new_source", "").strip()
    if chosen and named:
        raise Invalid(Reason(code="source_said_twice"))
    if chosen:
        return source_by_name(access, chosen)
    if not named:
        raise Invalid(Reason(code="source_missing"))
    hold_name(named)
    if not request.POST.get("node"):
        raise Invalid(Reason(code="source_without_branch"))
    settlement = request.POST.get("settlement", "unknown")
    demand_choice("settlement", settlement, shared.SETTLEMENTS)
    node = node_of(request.POST.get("node", ""), "node")
    if request.POST.get("dry_run") == "1":
        return source_to_be(access=access, name=named, node_id=node, settlement=settlement)
    return add_source(access=access, name=named, node_id=node, settlement=settlement, at=request.at)


def _say(request: Request, run: "Run", is_new: bool) -> None:
    if not is_new and run.state == "done":
        messages.info(request, sentence(reason_of(run)))
    elif not is_new:
        messages.info(request, _("This very file is on its way already. Here it is."))


def _form(request: Request, access: Access) -> dict[str, Any]:
    reach = access.reach("source.write")
    return {
        "sources": [one for one in sources(access) if one.name != "desk"],
        "mappings": list(mappings(access)),
        "kinds": words.KINDS.items(),
        "settlements": shared.SETTLEMENTS.items(),
        "nodes": [n for n in organisation() if reach.covers(node_id=n.pk, owner_id=None)],
    }
