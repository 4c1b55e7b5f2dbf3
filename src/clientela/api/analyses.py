"""Analyses: what there is, and an answer."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from clientela.analysis.registry import ANALYSES
from clientela.analysis.services import answer_for_program, ensure_copy
from clientela.analysis.services.company import analysis_in_force, values_set
from clientela.analysis.services.presenting import columns_of, outer_figures
from clientela.analysis.services.question import question
from clientela.api.catalogues import page_of_names
from clientela.api.description import refuses_with
from clientela.api.forms import PageForm, access_of
from clientela.api.parameters import Cursor, Limit, takes_filters
from clientela.kernel.reasons import Reason, Refused
from clientela.warehouse.snapshots import NoSnapshot

router = Router(tags=["analyses"])
OWN = {"as_of", "from", "source"}


class ColumnForm(Schema):
    name: str
    type: str = Field(description="of the values in `rows`; a decimal is written as text")
    unit: str | None


class ParameterForm(Schema):
    name: str
    meaning: str
    default: int | str | None = Field(description="what holds where it is not given")


class AnalysisForm(Schema):
    name: str
    question: str
    formula: str
    parameters: list[ParameterForm]
    months: int | None = Field(description="of the period where no first day is given")
    columns: list[ColumnForm]


class AmountForm(Schema):
    amount: str | None = Field(description="decimal; null where it is not told")
    currency: str | None


class BesideForm(AmountForm):
    documents: int | None


class PopulationForm(Schema):
    """Over whom and what the answer was taken; null where too few stand behind a number."""

    scope: Literal["everything", "own_reach"]
    customers: int | None
    documents: int | None
    amounts: list[AmountForm]
    anonymous: BesideForm = Field(description="documents of nobody known, beside the answer")
    without_settlement: BesideForm = Field(
        description="documents of sources that tell of no payments, beside the answer"
    )


class CopyForm(Schema):
    runs_not_in: int = Field(description="imports that the answer does not know yet")
    refreshing: bool
    next_refresh_at: str = Field(json_schema_extra={"format": "date-time"})


class AnswerForm(Schema):
    """An answer. `rows` are objects with the fields of `columns`, in their order."""

    analysis: str
    as_of: date
    from_: date | None = Field(alias="from")
    snapshot: int | None
    copy_: CopyForm | None = Field(alias="copy", description="null: the answer knows everything")
    parameters: dict[str, Any] = Field(description="those that held, by name")
    population: PopulationForm
    columns: list[ColumnForm]
    rows: list[dict[str, Any]]


@router.get("", response=PageForm[AnalysisForm])
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


@router.get("/{name}", response=AnswerForm, by_alias=True)
@takes_filters
@refuses_with(409)
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
