"""The answers to a run's questions, all at once; what they leave open is asked anew."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clientela.intake.selectors import run_by_public_id
from clientela.intake.selectors.fit import demand_fit
from clientela.intake.selectors.report import reason_of, repeated_by
from clientela.intake.services import answer_questions
from clientela.intake.tasks import queue_run
from clientela.kernel.reasons import Conflict, Invalid
from clientela.web.imports.mapping import answers_of
from clientela.web.imports.run import shown
from clientela.web.reasons import sentence
from clientela.web.request import Request
from clientela.web.ways import sent_only


@sent_only
def answer(request: Request, public_id: object) -> HttpResponse:
    """Take the answers of the form; go on when nothing is open any more."""
    access = request.access
    run = run_by_public_id(access, str(public_id), act="import.run")
    try:
        with transaction.atomic():
            run = answer_questions(
                access=access, public_id=str(public_id), at=request.at,
                answers=answers_of(request.POST.dict()),
                take_sure=request.POST.get("take_sure") == "1",
                confirmed=False,  # whoever answers here sees it before it is loaded
            )  # fmt: skip
            demand_fit(run)
    except (Invalid, Conflict) as refusal:
        request.refusal = refusal
        run = run_by_public_id(access, str(public_id), act="import.run")
        sentences = [sentence(reason) for reason in refusal.reasons]
        status = 409 if isinstance(refusal, Conflict) else 422
        return shown(request, run, posted=request.POST.dict(), sentences=sentences, refused=status)
    first = repeated_by(run)
    if first is not None:
        messages.info(request, sentence(reason_of(first)))
        return redirect("imports:run", first.public_id)
    if run.questions:
        messages.warning(request, _("Some questions are still open. They are marked below."))
    queue_run(run, confirmed=False)
    return redirect("imports:run", run.public_id)
