"""Sources of records."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from clientela.api.forms import Asked, PageForm, access_of, at_of
from clientela.api.imports import SavedMapping
from clientela.api.parameters import Cursor, Limit
from clientela.api.sign_in import Holding
from clientela.api.writing import write_once
from clientela.intake.selectors import mapping_row, mappings_of
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.selectors import node_by_code, source_by_name, sources
from clientela.records.services import add_source
from clientela.store.paging import page_of
from clientela.trade.services.settling import set_settlement

router = Router(tags=["sources"])


class NewSource(Asked):
    name: str
    branch: str
    title: str = ""
    settlement: str = "unknown"
    origin: str = ""
    legal_basis: str = ""


class Settlement(Asked):
    settlement: str = Field(description="known: it tells of all payments of its invoices; unknown")


@router.get("", response=PageForm[dict[str, Any]])
def list_sources(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Return the sources in reach, by name."""
    found = sources(access_of(request)).select_related("org_node")
    page = page_of(found, order=["name"], cursor=cursor or None, size=limit)
    return {"items": [_row(source) for source in page.items], "next": page.next}


@router.post("", response={201: dict[str, Any]}, auth=Holding("source.write"))
def create_source(request: HttpRequest, form: NewSource) -> HttpResponse:
    """Add a source of records."""

    def act() -> dict[str, Any]:
        node = node_by_code(form.branch)
        if node is None:
            raise Invalid(Reason(code="node_unknown"))
        source = add_source(
            access=access_of(request), name=form.name, node_id=node, at=at_of(request),
            title=form.title, settlement=form.settlement, origin=form.origin,
            legal_basis=form.legal_basis,
        )  # fmt: skip
        return _row(source)

    return write_once(request, act, status=201)


@router.patch("/{name}", response=dict[str, Any], auth=Holding("source.write"))
def change_source(request: HttpRequest, name: str, form: Settlement) -> HttpResponse:
    """Say whether a source tells of payments; its invoices follow at once, and `invoices` says
    how many did. They are owed until they are paid only where it does (`known`)."""
    access = access_of(request)

    def act() -> dict[str, Any]:
        source = source_by_name(access, name)
        followed = set_settlement(
            access=access, source_id=source.pk, settlement=form.settlement, at=at_of(request)
        )
        return _row(source_by_name(access, name)) | {"invoices": followed}

    return write_once(request, act)


@router.get("/{name}/mappings", response=PageForm[SavedMapping])
def list_mappings(
    request: HttpRequest, name: str, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Return the mappings that a source keeps for its next files, by name."""
    found = mappings_of(access_of(request), name)
    page = page_of(found, order=["name"], cursor=cursor or None, size=limit)
    return {"items": [mapping_row(one) for one in page.items], "next": page.next}


def _row(source: Any) -> dict[str, Any]:
    return {
        "id": str(source.public_id),
        "name": source.name,
        "title": source.title,
        "branch": source.org_node.code,
        "settlement": source.settlement,
    }
