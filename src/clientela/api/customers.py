"""Customers: the list, one file, its facts as of a day, and corrections."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from clientela.api.description import takes_no_key
from clientela.api.forms import (
    LONGEST_REASON,
    Asked,
    Day,
    MoneyForm,
    PageForm,
    YesNo,
    access_of,
    at_of,
    money,
)
from clientela.api.parameters import Cursor, Limit, filters, takes_filters
from clientela.api.sign_in import Holding
from clientela.api.writing import write_once
from clientela.kernel.days import instant_of
from clientela.kernel.masked import Masked
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.selectors import (
    Filters,
    current_day,
    customer_by_public_id,
    customers,
    file_of,
    head_of,
    name_of,
    node_by_code,
    outer_values,
    purchases_of,
)
from clientela.records.services import add_customer, archive_customer, correct_customer
from clientela.records.services.revealing import reveal_fact
from clientela.security.selectors import usernames
from clientela.security.services.founding import purposes_in_words
from clientela.store.paging import page_of
from clientela.trade.selectors.documents import sales_currency

router = Router(tags=["customers"])


class CustomerForm(Schema):
    id: str
    kind: str
    stage: str
    name: str
    branch: str
    country: str | None
    city: str | None
    industry: str | None
    abc_class: str | None
    segment: str | None
    first_known_on: date | None
    archived: bool = Field(description="a person put the file away")
    emptied: bool = Field(description="nothing is left of it but imports that were taken back")


class ListedForm(CustomerForm):
    """A customer of a list, with what a list can be ordered by.

    `net_sales` is null for who reads no amounts of documents, `last_purchase_on` for who reads
    neither these nor the documents.
    """

    owner: str | None
    net_sales: MoneyForm | None = Field(
        description="of the twelve months up to the day of the classes, without tax; "
        "null where amounts of documents may not be read"
    )
    last_purchase_on: date | None = Field(description="null where no documents may be read")


class FactForm(Schema):
    key: str
    value: Any
    masked: bool
    field_class: str
    source: str = Field(description="name of the source, as `GET /sources` tells it")
    source_title: str
    true_from: date
    known_at: datetime


class FileForm(Schema):
    """As of another time every field is as of then: null where nothing was known of it."""

    id: str
    kind: str
    stage: str | None
    name: str | None
    branch: str | None
    country: str | None
    city: str | None
    industry: str | None
    abc_class: str | None
    segment: str | None
    first_known_on: date | None
    archived: bool | None
    emptied: bool | None = Field(description="null of another instant")
    facts: list[FactForm]


class NewCustomer(Asked):
    kind: str
    branch: str
    attributes: dict[str, str | None]


class Correction(Asked):
    changes: dict[str, str | None] = Field(
        description="value by attribute; of telephones and e-mail addresses beside the first by "
        "its name too, `phone#office`"
    )
    true_from: Day | None = None
    reason: str = Field("", max_length=LONGEST_REASON)


class Reveal(Asked):
    field: str = Field(description="key of a fact of the file that is masked")
    purpose: str = Field(
        description=f"what it is needed for, one of the caller's roles': {purposes_in_words()}"
    )
    note: str = Field(
        "", max_length=LONGEST_REASON, description="a case number or a reason, kept in the trail"
    )


class Archive(Asked):
    archived: YesNo


FILTERS = {
    "name": "beginning of the name, accents and case ignored, pinyin for Chinese; or a whole key",
    "kind": "`company` or `person`",
    "stage": "`prospect`, `customer`, `former` or `related`; without it all but `related`",
    "country": "two letters of ISO 3166-1",
    "city": "as the file says it",
    "industry": "as the file says it",
    "abc_class": "`A`, `B` or `C`",
    "rfm_segment": "name of the segment",
    "node": "code of an organisation node; with all below it",
    "owner": "`me`, `none`, or the user name of an account manager",
    "archived": "`true` lists the files that people put away instead of the others",
    "emptied": "`true` lists the files of which every import was taken back instead",
}
Order = Annotated[
    str,
    Query(
        description="`name`, `known`, `sales` or `last_purchase`; falling with `-` before it. "
        "`name` only where every name may be read, `sales` where all amounts of documents may be, "
        "`last_purchase` where these or all documents may be"
    ),
]


@router.get("", response=PageForm[ListedForm], openapi_extra=filters(Filters, FILTERS))
@takes_filters
def list_customers(
    request: HttpRequest, limit: Limit = 50, cursor: Cursor = "", order: Order = "-known"
) -> dict[str, Any]:
    """Return customers in reach. A parameter that is no filter is refused."""
    access = access_of(request)
    own = {"limit", "cursor", "order"}
    given = {k: v for k, v in request.GET.items() if k not in own}
    rows, keys = customers(access, Filters.read(given), order)  # type: ignore[arg-type]
    page = page_of(rows, order=keys, cursor=cursor or None, size=limit)
    return {"items": _listed(access, page.items), "next": page.next}


@router.post("", response={201: CustomerForm}, auth=Holding("customer.write"))
def create_customer(request: HttpRequest, form: NewCustomer) -> HttpResponse:
    """Open a file for a new party."""
    access = access_of(request)

    def act() -> dict[str, Any]:
        node = node_by_code(form.branch)
        if node is None:
            raise Invalid(Reason(code="node_unknown"))
        return _row(
            access,
            add_customer(
                access=access, kind=form.kind, attributes=form.attributes, node_id=node,
                at=at_of(request),
            ),
        )  # fmt: skip

    return write_once(request, act, status=201)


@router.get("/{public_id}", response=FileForm)
def get_customer(
    request: HttpRequest,
    public_id: str,
    true_on: Annotated[date | None, Query(description="day, as it was true on")] = None,
    known_on: Annotated[
        datetime | None, Query(description="instant with its zone, as we knew it on")
    ] = None,
) -> dict[str, Any]:
    """Return one customer with its facts, now or as of a day as known at an instant.

    Every field is as of then, null where nothing was known of it: also `abc_class` and `segment`.
    `archived` is told of another instant only while the file lies away since before it.
    """
    access, at = access_of(request), at_of(request)
    customer = customer_by_public_id(access, public_id)
    day = true_on or current_day(access, at)
    instant = at if known_on is None else instant_of(known_on, "known_on")
    facts = file_of(access, customer, true_on=day, known_on=instant)
    row = _row(access, customer)
    if true_on is not None or known_on is not None:
        then = asdict(head_of(access, customer, facts, true_on=day, known_on=instant))
        then |= {"emptied": None} if known_on is not None else {"archived": row["archived"]}
        row |= then
    return row | {
        "facts": [
            {
                "key": f.key,
                "value": str(value) if isinstance(value, Masked) else value,
                "masked": isinstance(f.value, Masked),
                "field_class": f.field_class,
                "source": f.source_name,
                "source_title": f.source,
                "true_from": f.true_from,
                "known_at": f.known_at,
            }
            for f, value in zip(facts, outer_values(facts), strict=True)
        ]
    }


@router.patch(
    "/{public_id}", response=CustomerForm, auth=Holding("customer.write", "customer.contact")
)
def change_customer(request: HttpRequest, public_id: str, form: Correction) -> HttpResponse:
    """State other values for some attributes; null says that it has none."""
    access = access_of(request)
    return write_once(
        request,
        lambda: _row(
            access,
            correct_customer(
                access=access, public_id=public_id, changes=form.changes, at=at_of(request),
                true_from=form.true_from, reason=form.reason,
            ),
        ),
    )  # fmt: skip


@router.post("/{public_id}/archive", response=CustomerForm, auth=Holding("customer.write"))
def archive(request: HttpRequest, public_id: str, form: Archive) -> HttpResponse:
    """Put a file away, or take it out again."""
    access = access_of(request)
    return write_once(
        request,
        lambda: _row(
            access,
            archive_customer(
                access=access, public_id=public_id, archived=form.archived, at=at_of(request)
            ),
        ),
    )


@router.post("/{public_id}/reveal", response=dict[str, str], auth=Holding("customer.reveal"))
@takes_no_key
def reveal(request: HttpRequest, public_id: str, form: Reveal) -> dict[str, str]:
    """Show one masked value, for a purpose; each act is its own event, so no key is taken."""
    revealed = reveal_fact(
        access=access_of(request), public_id=public_id, key=form.field, purpose=form.purpose,
        note=form.note, at=at_of(request),
    )  # fmt: skip
    return {"field": form.field, "value": revealed.plain}


def _listed(access: Any, found: Sequence[Any]) -> list[dict[str, Any]]:
    """Return customers with account manager, and what the caller is told of their purchases."""
    currency = sales_currency()
    managers = usernames({one.owner_id for one in found if one.owner_id is not None})
    return [
        _row(access, one)
        | {
            "owner": managers.get(one.owner_id),
            "net_sales": money(told.net_sales_base_minor, currency),
            "last_purchase_on": told.last_purchase_on,
        }
        for one in found
        for told in [purchases_of(access, one)]
    ]


def _row(access: Any, customer: Any) -> dict[str, Any]:
    return {
        "id": str(customer.public_id),
        "kind": customer.kind,
        "stage": customer.stage,
        "name": str(name_of(access, customer)),
        "branch": customer.org_node.code,
        "country": customer.country,
        "city": customer.city,
        "industry": customer.industry,
        "abc_class": customer.abc_class,
        "segment": customer.rfm_segment,
        "first_known_on": customer.first_known_on,
        "archived": customer.archived_at is not None and not customer.is_emptied,
        "emptied": customer.is_emptied,
    }
