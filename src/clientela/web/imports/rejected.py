"""The rows of a run that were set aside: listed with their reasons, and taken out to correct."""

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.intake.selectors import rejected_rows, report_of, run_by_public_id, with_fault
from clientela.intake.selectors.given_back import content_type_of, file_of
from clientela.intake.selectors.samples import may_see_samples
from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.web.imports.listing import explained, line_of, title_of
from clientela.web.lists import listed
from clientela.web.request import Request
from clientela.web.ways import sent_only


@require_safe
def rejected_list(request: Request, public_id: object) -> HttpResponse:
    """Show a page of the rejected rows in the order of the file, of one reason if asked."""
    access = request.access
    run = run_by_public_id(access, str(public_id))
    found = rejected_rows(access, run).select_related("corrected_by")
    code = request.GET.get("code", "")
    counts = [one for one in report_of(run).by_reason if one.outcome == "rejected"]
    if code:
        found = with_fault(found, code)
    page = listed(request, found, ["row_no", "id"])
    context = line_of(run) | {
        "rows": page,
        "found": explained(page.items),
        "code": code,
        "reasons": [(one.code, title_of(one.code), one.rows) for one in counts],
        "is_own": may_see_samples(access, run),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    template = "imports/rejected_rows.html" if part else "imports/rejected.html"
    return render(request, template, context)


@sent_only
def download(request: Request, public_id: object) -> HttpResponseBase:
    """Give the rejected rows as they came, the reason before each, to correct and send in."""
    found = rejected_as_given(request.access, str(public_id), at=request.at)
    name = f"rejected-{public_id}{found.suffix}"
    return FileResponse(
        file_of(found), as_attachment=True, filename=name, content_type=content_type_of(found)
    )
