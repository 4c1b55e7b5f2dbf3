"""The page of one import: what it shows follows the state of the run."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from clientela.intake.selectors import rejected_rows, report_of, run_by_public_id, samples_of
from clientela.intake.selectors.edited import edited_of
from clientela.intake.selectors.report import repeated_by, undone_of
from clientela.intake.selectors.samples import Samples, may_see_samples
from clientela.security.permits import Access
from clientela.trade.selectors.payments import STATES, unapplied_of_run
from clientela.web import import_words as words
from clientela.web.fields import Field
from clientela.web.imports.listing import explained, line_of, title_of
from clientela.web.imports.mapping import form_of
from clientela.web.request import Request
from clientela.web.words import STANDINGS, word

if TYPE_CHECKING:
    from clientela.intake.models import Run

MOVING = ("received", "staging", "loading")
STOPPABLE = ("received", "needs_answers", "staging", "ready", "loading")
FIRST_REJECTED = 5
# Notes that may change what somebody does with the import: they stand above everything else.
HEEDED = (
    "mapping_column_absent", "file_may_be_cut", "lines_not_in_encoding", "encoding_assumed",
    "several_currency_signs",
)  # fmt: skip


@require_safe
def run_page(request: Request, public_id: object) -> HttpResponse:
    """Show a run: its questions, its progress, its check, or its end."""
    return shown(request, run_by_public_id(request.access, str(public_id)))


@require_safe
def progress(request: Request, public_id: object) -> HttpResponse:
    """Answer how far a run is; tell the page to load anew when it has come to a stop."""
    run = run_by_public_id(request.access, str(public_id))
    if run.state not in MOVING:
        return HttpResponseClientRefresh()
    return render(request, "imports/progress.html", line_of(run) | _progress(run))


def shown(
    request: Request,
    run: "Run",
    *,
    posted: Mapping[str, Any] | None = None,
    sentences: list[str] | None = None,
    refused: int = 200,
    mapping: Field | None = None,
) -> HttpResponse:
    """Return the page of a run; `sentences` say why what was posted could not be taken, which is
    answered with the status `refused`. `mapping` is the name that one was to be kept under."""
    access = request.access
    reach = access.reach("import.run")
    may_import = reach.covers(node_id=run.org_node_id, owner_id=run.owner_id)
    back = access.reach("import.take_back")
    samples = samples_of(access, run, at=request.at)
    context = line_of(run) | _facts(run, samples) | {
        "owner_only": not may_see_samples(access, run),
        "sentences": sentences or [],
        "may_import": may_import,
        "may_stop": may_import and run.state in STOPPABLE,
        "may_take_back": back.covers(node_id=run.org_node_id, owner_id=run.owner_id)
        and run.state == "done" and not run.dry_run,
        "moving": run.state in MOVING,
        "mapping": (mapping or name_of_mapping(f"{run.source_name}-{run.kind}"))
        if may_import and bool(run.definition) and run.source_id is not None
        and run.state in ("done", "ready") else None,
    }  # fmt: skip
    if run.state == "needs_answers" and may_import:
        context |= form_of(run, posted or {}, samples)
    elif run.state in MOVING:
        context |= _progress(run)
    else:
        context |= _account(access, run) | {"first": repeated_by(run)}
        if run.state == "done" and run.kind == "payments" and not run.dry_run:
            context |= _payments(access, run)
        if may_import and run.state == "done":
            context["other_sheets"] = _other_sheets(run)
    return render(request, "imports/run.html", context, status=refused)


def name_of_mapping(name: str) -> Field:
    """Return the field of the name under which a mapping is kept."""
    hint = _("Letters and digits of any script, - and _, without blanks.")
    label = _("Keep it as")
    return Field(key="name", label=label, value=name, most=60, required=True, hint=hint)


def _facts(run: "Run", samples: Samples) -> dict[str, Any]:
    layout = run.description.get("layout", {})
    notes = run.description.get("notes", [])
    return {
        "layout": layout,
        "header": layout.get("header", []),
        "separator": words.choice_word(
            "separator_unclear", _NAMES.get(layout.get("separator"), "")
        ),
        "rows_estimate": run.description.get("rows_estimate", 0),
        "heeded": [note for note in notes if note["code"] in HEEDED],
        "notes": [note for note in notes if note["code"] not in HEEDED],
        "preview": samples.rows,
    }


def _other_sheets(run: "Run") -> list[str]:
    """Return the sheets of the run's workbook, without its own, that may be brought as well."""
    return [name for name in run.description.get("sheets", []) if name != run.sheet]


def _progress(run: "Run") -> dict[str, Any]:
    if run.state == "loading":
        return {"done": run.loaded, "of": run.to_load}
    estimate = int(run.description.get("rows_estimate", 0))
    return {"done": run.staged, "of": max(estimate, run.staged)}


def _account(access: Access, run: "Run") -> dict[str, Any]:
    """Return the control totals of a run and everything that explains them."""
    report = report_of(run)
    return {
        "report": report,
        "several_faults": sum(one.rows for one in report.by_reason) > run.rejected + run.skipped,
        "reasons": [(one.code, title_of(one.code), one.outcome, one.rows)
                    for one in report.by_reason],
        "flags": [(words.FLAGS.get(code, code), rows, report.noted.get(code, {}),
                   report.shown.get(code, ()))
                  for code, rows in sorted(report.flagged.items(), key=lambda pair: -pair[1])],
        "written": [(words.WRITTEN.get(table, table), rows)
                    for table, rows in report.written.items()],
        "undone": _undone(run),
        "edited": edited_of(access, run) if run.state == "taken_back" else None,
        "found": explained(
            rejected_rows(access, run).select_related("corrected_by")
            .order_by("row_no")[:FIRST_REJECTED]
        ),
    }  # fmt: skip


def _payments(access: Access, run: "Run") -> dict[str, Any]:
    """Return how the payments of a run stand now, where the user may look at payments."""
    if not access.may("payment.read"):
        return {}
    found = unapplied_of_run(access, run.pk)
    return {
        "tells_payments": True,
        "tells_all_payments": access.reach("payment.read").everything,
        "unapplied": [(s, word(STANDINGS, s), found[s]) for s in STATES if s in found],
    }


def _undone(run: "Run") -> list[tuple[Any, Any]]:
    """Return how much of a run was taken back: what it is, how many."""
    told: Any = undone_of(run)
    if told is None:
        return []
    return [
        (_("Documents or records loaded"), told["loaded"]),
        (_("Customers touched"), told["customers"]),
        *((words.WRITTEN.get(table, table), rows) for table, rows in told["documents"].items()),
    ]


_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
