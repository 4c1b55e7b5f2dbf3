"""What departments had to do with one customer: contacts, cases, surveys, promotions, contracts."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Schema

from clientela.api.forms import MoneyForm, PageForm, access_of, money
from clientela.api.parameters import Cursor, Limit
from clientela.campaigns.selectors import BY_BEGINNING, promotions_of
from clientela.contacts.selectors import BY_TIME, contacts_of
from clientela.contracts.selectors import BY_TERM, contracts_of, sees_terms
from clientela.feedback.selectors import BY_INVITATION, BY_RECEIPT, cases_of, surveys_of
from clientela.records.selectors import customer_by_public_id
from clientela.security.permits import Access
from clientela.store.paging import Page, page_of
from clientela.trade.selectors.products import product_labels

router = Router(tags=["customers"])


class ContactForm(Schema):
    id: str
    at: datetime
    department: str
    direction: str
    channel: str
    kind: str
    proactive: bool
    product: str | None
    category: str | None
    staff: str | None


class CaseForm(Schema):
    id: str
    number: str
    kind: str
    priority: str
    state: str
    product: str | None
    lot: str | None
    received_at: datetime
    due_at: datetime | None
    first_answer_at: datetime | None
    resolved_at: datetime | None
    cause: str | None
    outcome: str | None


class AnswerForm(Schema):
    question: str
    score: int | None
    choice: str | None
    answered_at: datetime


class InvitationForm(Schema):
    id: str
    survey: str
    name: str
    invited_on: date
    answers: list[AnswerForm]  # empty: not answered


class TargetForm(Schema):
    id: str
    promotion: str
    name: str
    from_on: date
    to_on: date  # the day after the last
    cut_bp: int
    group: str
    response: str | None
    reason: str | None
    responded_on: date | None


class ContractForm(Schema):
    id: str
    number: str
    kind: str
    state: str
    signed_on: date | None
    valid_from: date
    valid_to: date | None  # the day after the last
    ended_on: date | None
    renewed_by: str | None
    value: MoneyForm | None
    payment_days: int | None


@router.get("/{public_id}/contacts", response=PageForm[ContactForm])
def list_contacts(
    request: HttpRequest, public_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Return the contacts of every department with a customer, newest first."""
    access, page = _page(request, public_id, contacts_of, BY_TIME, limit, cursor)
    products = product_labels(access, [c.product_id for c in page.items if c.product_id])
    return _answer(page, lambda c: {
        "at": c.at, "department": c.department, "direction": c.direction, "channel": c.channel,
        "kind": c.kind, "proactive": c.is_proactive,
        "product": products[c.product_id][0] if c.product_id in products else None,
        "category": c.category or None, "staff": c.staff.username if c.staff else None,
    })  # fmt: skip


@router.get("/{public_id}/cases", response=PageForm[CaseForm])
def list_cases(
    request: HttpRequest, public_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Return what a customer reported, newest first."""
    _, page = _page(request, public_id, cases_of, BY_RECEIPT, limit, cursor)
    return _answer(page, lambda c: {
        "number": c.number, "kind": c.kind, "priority": c.priority, "state": c.state,
        "product": c.product.code if c.product else None, "lot": c.lot or None,
        "received_at": c.received_at, "due_at": c.due_at, "first_answer_at": c.first_answer_at,
        "resolved_at": c.resolved_at, "cause": c.cause or None, "outcome": c.outcome or None,
    })  # fmt: skip


@router.get("/{public_id}/surveys", response=PageForm[InvitationForm])
def list_surveys(
    request: HttpRequest, public_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Return the surveys that a customer was asked to answer, with its answers."""
    _, page = _page(request, public_id, surveys_of, BY_INVITATION, limit, cursor)
    return _answer(page, lambda i: {
        "survey": i.survey.code, "name": i.survey.name, "invited_on": i.invited_on,
        "answers": [
            {"question": a.question, "score": a.score, "choice": a.choice or None,
             "answered_at": a.answered_at}
            for a in i.answers.all()
        ],
    })  # fmt: skip


@router.get("/{public_id}/promotions", response=PageForm[TargetForm])
def list_promotions(
    request: HttpRequest, public_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Return the promotions that a customer was in, and how it answered, newest first."""
    _, page = _page(request, public_id, promotions_of, BY_BEGINNING, limit, cursor)
    return _answer(page, lambda t: {
        "promotion": t.promotion.code, "name": t.promotion.name,
        "from_on": t.promotion.from_on, "to_on": t.promotion.to_on,
        "cut_bp": t.promotion.cut_bp, "group": t.group, "response": t.response or None,
        "reason": t.reason or None, "responded_on": t.responded_on,
    })  # fmt: skip


@router.get("/{public_id}/contracts", response=PageForm[ContractForm])
def list_contracts(
    request: HttpRequest, public_id: str, limit: Limit = 50, cursor: Cursor = ""
) -> dict[str, Any]:
    """Return a customer's contracts, the latest term first."""
    access, page = _page(request, public_id, contracts_of, BY_TERM, limit, cursor)
    shown = {c.pk: sees_terms(access, c) for c in page.items}
    return _answer(page, lambda c: {
        "number": c.number, "kind": c.kind, "state": c.state, "signed_on": c.signed_on,
        "valid_from": c.valid_from, "valid_to": c.valid_to, "ended_on": c.ended_on,
        "renewed_by": c.renewed_by.number if c.renewed_by else None,
        "value": money(c.value_minor, c.currency) if shown[c.pk] else None,
        "payment_days": c.payment_days if shown[c.pk] else None,
    })  # fmt: skip


def _page(
    request: HttpRequest, public_id: str, selector: Callable[..., QuerySet[Any]],
    order: list[str], limit: int, cursor: str,
) -> tuple[Access, Page[Any]]:  # fmt: skip
    access = access_of(request)
    customer = customer_by_public_id(access, public_id)
    rows = selector(access, customer)
    return access, page_of(rows, order=order, cursor=cursor or None, size=limit)


def _answer(page: Page[Any], form: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    return {
        "items": [{"id": str(row.public_id), **form(row)} for row in page.items],
        "next": page.next,
    }
