"""The list of imports, newest first."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.intake.selectors import runs
from clientela.kernel.filters import demand_choice
from clientela.web import import_words as words
from clientela.web.import_reasons import SHARED
from clientela.web.lists import PAGING, listed
from clientela.web.reasons import told
from clientela.web.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clientela.intake.models import RejectedRow, Run


@require_safe
def run_list(request: Request) -> HttpResponse:
    """Show a page of the imports that the user reaches."""
    access = request.access
    found = runs(access)
    given = {k: v for k, v in request.GET.items() if k not in PAGING and v}
    if state := request.GET.get("state", ""):
        demand_choice("state", state, words.STATES)
        found = found.filter(state=state)
    page = listed(request, found, ["-started_at", "-id"])
    context = {
        "rows": page,
        "lines": [line_of(run) for run in page.items],
        "given": given,
        "states": words.STATES.items(),
        "may_import": bool(access.may("import.run")),
    }
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "rows"
    return render(request, "imports/rows.html" if part else "imports/list.html", context)


def line_of(run: "Run") -> dict[str, Any]:
    """Return a run as lists and headings show it: its state in words, its kind in words."""
    tried = run.dry_run and run.state == "done"
    return {
        "run": run,
        "state": words.TRIED if tried else words.STATES[run.state],
        "look": "" if tried else words.LOOKS.get(run.state, ""),
        "kind": words.KINDS.get(run.kind) or words.WRITTEN.get(run.kind, run.kind),
    }


def explained(rows: "Iterable[RejectedRow]") -> "list[tuple[RejectedRow, str]]":
    """Return rejected rows, each with its reason as a sentence."""
    return [(row, told(row.code, row.params)) for row in rows]


def title_of(code: str) -> str:
    """Return the sentence of a reason that many rows share, without what differs among them."""
    return str(SHARED[code]) if code in SHARED else told(code, {})
