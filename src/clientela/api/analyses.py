"""Analyses: what there is, and an answer."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services import answer_for_program, ensure_copy
from clientela.analysis.services.company import analysis_in_force, values_set
from clientela.analysis.services.presenting import columns_of, outer_figures
from clientela.analysis.services.question import question
from clientela.api.catalogues import page_of_names
from clientela.api.forms import PageForm, access_of
from clientela.api.parameters import Cursor, Limit, takes_filters
from clientela.kernel.reasons import Reason, Refused
from clientela.warehouse.snapshots import NoSnapshot

router = Router(tags=["analyses"])
OWN = {"as_of", "from", "source"}


@router.get("", response=PageForm[dict[str, Any]])
def list_analyses(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Return the analyses by name: question, formula, parameters with what the company has them
    at, months of the period where no first day is given, and the columns they answer."""
    access = access_of(request)
    access.demand("analysis.run")
    values = values_set(access.at)
    page, following = page_of_names(ANALYSES, cursor=cursor or None, size=limit)
    page = [analysis_in_force(one.name, values) for one in page]
    items = [
        {
            "name": a.name,
            "question": a.question,
            "formula": a.formula,
            "parameters": [
                {"name": p.name, "meaning": p.meaning, "default": p.default} for p in a.parameters
            ],
            "months": a.months,
            "columns": [vars(column).copy() for column in columns_of(outer_figures(a.figures))],
        }
        for a in page
    ]
    return {"items": items, "next": following}


@router.get("/{name}", response=dict[str, Any])
@takes_filters
def answer(
    request: HttpRequest,
    name: str,
    as_of: Annotated[date, Query(description="last day of the period, that day included")],
    source: Annotated[str | None, Query(description="name of the one source to ask")] = None,
    from_: Annotated[
        date | None, Query(alias="from", description="first day; else as the analysis says")
    ] = None,
) -> dict[str, Any]:
    """Answer one analysis as the command does; other parameters are its own: `GET /analyses`.

    Who knows customers by pseudonym is answered in groups alone, the small ones without figures.
    """
    access = access_of(request)
    parameters = {k: v for k, v in request.GET.items() if k not in OWN}
    asked = question(
        name, as_of=as_of, at=access.at, from_on=from_, parameters=parameters, source=source
    )
    access.demand("analysis.run")
    try:
        ensure_copy()
        return answer_for_program(access, asked).as_json()
    except NoSnapshot as error:
        raise Refused(Reason(code="copy_not_ready")) from error
