"""What a person does with a run: load, stop, take back, keep its mapping."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.intake.selectors import run_by_public_id
from clientela.intake.selectors.edited import edited_of
from clientela.intake.selectors.leaning import leaning_on
from clientela.intake.selectors.report import reason_of, repeated_by
from clientela.intake.services import cancel_run, confirm_run, save_mapping, take_back
from clientela.intake.services.taking_back import demand_loaded
from clientela.intake.tasks import queue_run
from clientela.kernel.reasons import Invalid, Reason
from clientela.web import formats
from clientela.web import import_words as words
from clientela.web.confirming import confirmation
from clientela.web.fields import refuse
from clientela.web.imports.listing import line_of
from clientela.web.imports.run import name_of_mapping, shown
from clientela.web.reasons import sentence
from clientela.web.request import Request
from clientela.web.ways import sent_only


@sent_only
def confirm(request: Request, public_id: object) -> HttpResponse:
    """Load what was checked."""
    run = confirm_run(access=request.access, public_id=str(public_id), at=request.at)
    first = repeated_by(run)
    if first is not None:
        messages.info(request, sentence(reason_of(first)))
        return redirect("imports:run", first.public_id)
    queue_run(run, confirmed=True)
    return redirect("imports:run", run.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: Request, public_id: object) -> HttpResponse:
    """Say what stopping a run that is being loaded will do; a POST stops a run, and what was
    loaded of it is taken back."""
    if request.method != "POST":
        return _asked_to_cancel(request, str(public_id))
    run = cancel_run(access=request.access, public_id=str(public_id), at=request.at)
    return redirect("imports:run", run.public_id)  # which says what became of it


def _asked_to_cancel(request: Request, public_id: str) -> HttpResponse:
    run = run_by_public_id(request.access, public_id, act="import.run")
    if run.state != "loading":  # the browser's way back, or it has ended meanwhile
        return redirect("imports:run", public_id)
    return confirmation(
        request,
        heading=_("Cancel the import of %(file)s?") % {"file": run.file_name},
        sentences=[_("It is being loaded. What is in the books of it by now is taken back.")],
        facts=[(_("Documents or records loaded"), formats.number(run.loaded))],
        button=_("Cancel this import"),
        keep=_("Let it go on"),
        back=reverse("imports:run", args=[public_id]),
    )


@sent_only
def keep_mapping(request: Request, public_id: object) -> HttpResponse:
    """Keep the mapping of a run under a name; the form comes back where it cannot be one."""
    run = run_by_public_id(request.access, str(public_id), act="import.run")
    given = request.POST.get("name", "")
    name = name_of_mapping(given)
    try:
        mapping = save_mapping(
            access=request.access, public_id=str(public_id), name=given, at=request.at
        )
    except Invalid as refusal:
        belongs = {"mapping_name_invalid": name.key}
        sentences, status = refuse(request, [name], refusal, belongs)
        return shown(request, run, sentences=sentences, refused=status, mapping=name)
    messages.success(
        request, _("The mapping %(name)s was saved. Choose it with the next file of this form.")
        % {"name": mapping.name},
    )  # fmt: skip
    return redirect("imports:run", public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def take_run_back(request: Request, public_id: object) -> HttpResponse:
    """Say what taking an import back will do; a POST with a reason does it."""
    run = run_by_public_id(request.access, str(public_id), act="import.take_back")
    if run.state == "taken_back" and request.method != "POST":  # the browser's way back
        return redirect("imports:run", public_id)
    demand_loaded(run)
    sentences: list[str] = []
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:200]
        if reason:
            take_back(access=request.access, public_id=str(public_id), at=request.at, reason=reason)
            messages.success(request, _("The import was taken back."))
            return redirect("imports:run", public_id)
        sentences = [sentence(Reason(code="value_missing"))]
    context = line_of(run) | {
        "written": [(words.WRITTEN.get(t, t), rows) for t, rows in run.written.items()],
        "sentences": sentences,
        "edited": edited_of(request.access, run),
        "leaning": leaning_on(run),
    }
    return render(request, "imports/take_back.html", context, status=422 if sentences else 200)
