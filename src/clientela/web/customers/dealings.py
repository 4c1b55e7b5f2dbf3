"""What departments had to do with a customer: contacts, cases, surveys, promotions, contracts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clientela.campaigns.selectors import BY_BEGINNING, promotions_of
from clientela.contacts.selectors import BY_TIME, contacts_of
from clientela.contracts.selectors import BY_TERM, contracts_of
from clientela.feedback.rules import answer_in_words
from clientela.feedback.selectors import BY_INVITATION, BY_RECEIPT, cases_of, surveys_of
from clientela.trade.selectors.products import product_labels
from clientela.web.customers.file import around, opened
from clientela.web.customers.trade import documents
from clientela.web.lists import listed
from clientela.web.request import Request


@require_safe
def contacts(request: Request, public_id: object) -> HttpResponse:
    """Show every department's contacts with a customer, with what each was about."""
    access, customer = opened(request, public_id, "contact.read")
    rows = listed(request, contacts_of(access, customer), BY_TIME)
    products = product_labels(access, [one.product_id for one in rows.items if one.product_id])
    context = {"rows": rows, "products": products, "tab": "contacts"} | around(access, customer)
    return render(request, "customers/contacts.html", context)


@require_safe
def cases(request: Request, public_id: object) -> HttpResponse:
    """Show what a customer reported."""
    return documents(request, public_id, cases_of, BY_RECEIPT, "cases", "case.read")


@require_safe
def surveys(request: Request, public_id: object) -> HttpResponse:
    """Show what a customer was asked, and its answers."""
    access, customer = opened(request, public_id, "survey.read")
    rows = listed(request, surveys_of(access, customer), BY_INVITATION)
    language = request.LANGUAGE_CODE
    answers = {
        row.pk: [
            (
                *answer_in_words(row.survey.questions, one.question, one.choice, language),
                one.score,
            )
            for one in row.answers.all()
        ]
        for row in rows.items
    }
    context = {"rows": rows, "answers": answers, "tab": "surveys"} | around(access, customer)
    return render(request, "customers/surveys.html", context)


@require_safe
def promotions(request: Request, public_id: object) -> HttpResponse:
    """Show which promotions a customer was in, and how it answered."""
    return documents(
        request, public_id, promotions_of, BY_BEGINNING, "promotions", "promotion.read"
    )


@require_safe
def contracts(request: Request, public_id: object) -> HttpResponse:
    """Show a customer's contracts."""
    return documents(request, public_id, contracts_of, BY_TERM, "contracts", "contract.read")
