"""The analyses: what there is, one answer with its chart, and the documents behind a row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from clientela.analysis.registry import ANALYSES
from clientela.analysis.results import HIDDEN, Answer
from clientela.analysis.rules import LEAST_IN_GROUP
from clientela.analysis.services import (
    as_allowed,
    ask,
    documents_behind,
    ensure_copy,
    may_download,
    takes_groups,
)
from clientela.analysis.services.behind import Behind
from clientela.analysis.services.beside import Beside
from clientela.analysis.services.copy import copy_folder
from clientela.analysis.services.presenting import columns_of
from clientela.analysis.services.question import OF_TOTALS, Asked, as_taken, reads_documents
from clientela.analysis.services.regions import REGION, sales_regions
from clientela.analysis.services.standing import standing_of
from clientela.analysis.services.tables import may_ask
from clientela.kernel.reasons import Invalid
from clientela.records.selectors import source_names
from clientela.security.permits import Access
from clientela.trade.selectors.documents import invoice_links
from clientela.trade.selectors.payments import payment_links
from clientela.warehouse.snapshots import NoSnapshot
from clientela.web import formats
from clientela.web.analyses import words
from clientela.web.analyses.asking import SIZE, Wanted, read
from clientela.web.analyses.charts import charts
from clientela.web.analyses.table import table, text_of, title_of
from clientela.web.lists import FIRST, PAGING, Listed
from clientela.web.reasons import sentences
from clientela.web.request import Request

OF_PAYMENTS = ("ageing", "punctuality", "dso")  # stand on sources that tell of payments alone
PAGING_BESIDE = ("beside", "beside_trail")  # cursor and the one of the page before
RATES_WAIT = (
    "rate_missing",
    "rate_missing_on",
    "rates_ended",
)  # refused until somebody enters rates


@require_safe
def index(request: Request) -> HttpResponse:
    """Show what can be asked."""
    access = request.access
    access.demand("analysis.run")
    cards = [
        {"name": name, "title": words.NAMES[name], "question": words.QUESTIONS[name]}
        for name, spec in ANALYSES.items()
        if may_ask(access, spec)
    ]
    return render(request, "analyses/index.html", {"cards": cards})


@require_safe
def analysis(request: Request, name: str) -> HttpResponse:
    """Answer one analysis: over what, as a chart, as a table, and how it was worked out."""
    access = request.access
    access.demand("analysis.run")
    wanted = read(request.GET, name, today=access.today, at=request.at)
    try:
        ensure_copy()
        answer = ask(access, wanted.asked, wanted.part)
    except NoSnapshot:
        return render(request, "analyses/no_copy.html", {"title": words.NAMES[name]})
    except Invalid as refused:  # a rate that is missing: the form stays, to choose otherwise
        context = _context(access, wanted, name) | {
            "problems": sentences(refused.reasons),
            "rates_wait": access.may("rate.read")
            and any(reason.code in RATES_WAIT for reason in refused.reasons),
            "rated_on": _rated_on(refused),
            "as_rated": urlencode(wanted.given | {"as_of": _rated_on(refused)}),
        }
        return _page(request, context)
    shown = table(access, wanted, answer)
    context = _context(access, wanted, name) | {
        "answer": answer,
        "next_at": formats.clock(answer.copy["next_refresh_at"]) if answer.copy else "",
        "table": shown,
        "charts": charts(answer),
        "pages": _pages(wanted, answer.total_rows),
        "untold": not answer.total_rows and _is_untold(answer),
        "all_hidden": bool(answer.rows) and all(row.get(HIDDEN) for row in answer.rows),
    }
    return _page(request, context)


@require_safe
def copy_state(request: Request) -> HttpResponse:
    """Say nothing while the copy lacks imports, and that it has come up once it does not.

    A page that said so asks here until then, and takes its answer anew.
    """
    request.access.demand("analysis.run")
    if standing_of(copy_folder(), at=request.at) is not None:
        return HttpResponse(status=204)
    return trigger_client_event(HttpResponse(_("The figures are up to date now.")), "copy-is-up")


@require_safe
def documents(request: Request, name: str) -> HttpResponse:
    """Show the documents that one row of an answer stands for."""
    access = request.access
    access.demand("analysis.run")
    keys = {k[4:]: str(v) for k, v in request.GET.items() if k.startswith("key:")}
    cursor, beside = request.GET.get("cursor", ""), request.GET.get(PAGING_BESIDE[0], "")
    query = request.GET.copy()
    for key in list(query):
        if key.startswith("key:") or key in PAGING or key in PAGING_BESIDE:
            del query[key]
    wanted = read(query, name, today=access.today, at=request.at)
    ensure_copy()
    found = documents_behind(
        access, wanted.asked, keys, cursor=cursor or None, beside_cursor=beside or None
    )
    context: dict[str, Any] = {
        "name": name,
        "title": words.NAMES[name],
        "row": title_of(wanted, found.title),
        "found": found,
        "opens": words.figure(found.opens),
        "lines": _lines(access, found.rows),
        "sums": _sums(wanted, found, found.sums),
        "others": _sums(wanted, found, found.others),
        "named": access.may("customer.read"),
        "numbered": access.may("trade.read"),
        "numbered_beside": access.may("trade.read") or access.may("payment.read"),
        "back": f"?{query.urlencode()}",
        "rows": _ways(cursor, request.GET.get("trail", ""), found.next),
        "as_of": wanted.asked.as_of,
        "beside": found.beside,
        "lines_beside": _lines_beside(access, found.beside),
        "rows_beside": _ways(beside, request.GET.get(PAGING_BESIDE[1], ""), found.beside.next),
    }
    return render(request, "analyses/documents.html", context)


def _lines(access: Access, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return documents with the page of each, where it has one, and its bucket in words."""
    links = invoice_links(access, [row["document_id"] for row in rows])
    return [
        {
            **row,
            "link": links.get(row["document_id"]),
            "bucket": words.figure(row.get("bucket", "")),
            "left_out": words.LEFT_OUT.get(row.get("standing", ""), ""),
        }
        for row in rows
    ]


def _sums(wanted: Wanted, found: Behind, figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return figures of a row in words: their names and values; one that does not hold is none."""
    columns = {c.name: c for c in columns_of(wanted.asked.analysis.figures)}
    own = found.title.get("currency")
    return [
        (words.figure(name), text_of(columns[name], value, own or found.currency))
        for name, value in figures.items()
        if value is not False
    ]


def _ways(cursor: str, before: str, following: str | None) -> Listed[Any]:
    """Return the ways on and back from a page of documents."""
    return Listed(
        items=[],
        forward={"cursor": following, "trail": cursor or FIRST} if following else None,
        back=before if cursor and before != FIRST else "",
        later=bool(cursor),
    )


def _lines_beside(access: Access, beside: Beside) -> list[dict[str, Any]]:
    """Return what is not applied with its links: (public id, number) of each that may be opened."""
    ids: dict[bool, list[int]] = {True: [], False: []}
    for row in beside.rows:
        ids[row["is_payment"]].append(row["document_id"])
    links = {True: payment_links(access, ids[True]), False: invoice_links(access, ids[False])}
    return [
        {**row, "link": links[row["is_payment"]].get(row["document_id"])} for row in beside.rows
    ]


def _page(request: Request, context: dict[str, Any]) -> HttpResponse:
    """Return the whole page, or the answer with what stands apart from it and follows from it."""
    part = request.headers.get("HX-Request") and request.headers.get("HX-Target") == "answer"
    template = "analyses/answer.html" if part else "analyses/one.html"
    return render(request, template, context | {"is_part": bool(part)})


def _is_untold(answer: Answer) -> bool:
    """Tell whether all that an answer could stand on is of sources that tell no payments."""
    over = answer.population
    left_out = over["without_settlement"]["documents"]
    some = left_out is None or left_out > 0  # not told how many: some, of few customers
    return answer.analysis in OF_PAYMENTS and over["documents"] == 0 and some


def _rated_on(refused: Invalid) -> date | None:
    """Return the last day on which every currency that is refused had a rate; None: on none."""
    days = [one.params.get("last") for one in refused.reasons]
    return min(map(date.fromisoformat, filter(None, days))) if days and all(days) else None


def _context(access: Access, wanted: Wanted, name: str) -> dict[str, Any]:
    spec = wanted.asked.analysis
    asked = as_allowed(access, wanted.asked)
    totals = not access.sees_single("analysis.run")
    has_regions = any(p.name == REGION for p in spec.parameters)
    regions = {one.code: one.name for one in sales_regions()} if has_regions else {}
    return {
        "name": name,
        "title": words.NAMES[name],
        "question": words.QUESTIONS[name],
        "formula": words.FORMULAS[name],
        "given": wanted.given,
        "asked": asked,
        "sources": [] if totals else source_names(access),
        "parameters": _parameters(asked, regions, totals=totals),
        "months": spec.months,
        "used": _used(asked, regions),
        "filters": _filters(wanted),
        "may_import": access.may("import.run"),
        "may_see_sources": access.may("source.read"),
        "least_in_group": LEAST_IN_GROUP if totals else None,
        "over_a_year": not totals and not reads_documents(access),
        "narrow": bool(wanted.part.only),
        **_download(access, wanted.asked),
    }


def _parameters(asked: Asked, regions: Mapping[str, str], *, totals: bool) -> list[dict[str, Any]]:
    """Return what may be chosen of a question, with the words for each choice."""
    spec, hidden = asked.analysis, {"customer"} if totals else set()
    chosen = {p.name: {c: words.code(c) for c in p.choices} for p in spec.parameters}
    chosen[REGION] = dict(regions)
    return [
        {
            "name": p.name,
            "label": words.PARAMETERS.get(p.name, p.name),
            "value": asked.parameters[p.name]
            if not p.is_companys or p.name in asked.chosen
            else "",
            "companys": p.default if p.is_companys else None,
            "choices": [(c, w) for c, w in chosen[p.name].items() if c not in hidden],
            "optional": p.default is None and bool(chosen[p.name]),
            "number": p.type is int,
            "least": p.least,
            "most": p.most,
        }
        for p in spec.parameters
        if not p.follows and (not totals or p.name in OF_TOTALS)
    ]


def _filters(wanted: Wanted) -> list[str]:
    """Return what narrows an answer, in words."""
    narrowing = {"from", "source", *wanted.asked.chosen} - {*OF_TOTALS}
    names = [
        k[3:] if k[:3] == "is:" else k for k in wanted.given if k[:3] == "is:" or k in narrowing
    ]
    return [words.filter_name(name) for name in names]


def _used(asked: Asked, regions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every parameter that the answer was worked out with, in words."""

    def said(name: str, value: Any) -> Any:
        if name == REGION:
            return regions.get(value, value)
        return words.code(value) if isinstance(value, str) else value

    idle = {
        p.name
        for p in asked.analysis.parameters
        if p.only_with and asked.parameters[p.only_with] is None
    }
    return [
        {"label": words.PARAMETERS.get(k, k), "value": said(k, v)}
        for k, v in asked.parameters.items()
        if v is not None and k not in idle
    ]


def _download(access: Access, asked: Asked) -> dict[str, Any]:
    """Return whether an answer may be taken away, and how a file differs from the page."""
    may = bool(may_download(access, asked))
    grouped = may and takes_groups(access)
    return {
        "may_download": may,
        "file_in_groups": grouped,
        "file_as_of": as_taken(access, asked).as_of if grouped else None,
        "least_in_file": LEAST_IN_GROUP,
    }


def _pages(wanted: Wanted, total: int) -> dict[str, int | None]:
    last = max(1, -(-total // SIZE))
    return {
        "this": wanted.page,
        "last": last,
        "past": wanted.page > last,
        "before": wanted.page - 1 if wanted.page > 1 else None,
        "after": wanted.page + 1 if wanted.page < last else None,
    }
