"""Opening, correcting and putting away a customer's file."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.kernel.filters import demand_choice
from clientela.kernel.reasons import Invalid, NotPermitted
from clientela.records.services import add_customer, archive_customer, correct_customer
from clientela.records.services.desk import demand_alive
from clientela.security.permits import Access
from clientela.security.selectors import organisation
from clientela.web import words
from clientela.web.customers import form
from clientela.web.customers.file import around, opened
from clientela.web.fields import Field, day_of, node_of, place
from clientela.web.forms import demand_known
from clientela.web.request import Request
from clientela.web.ways import sent_only

if TYPE_CHECKING:
    from clientela.records.models import Customer

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
def new(request: Request) -> HttpResponse:
    """Open a file for a new customer."""
    access = request.access
    access.demand("customer.write")
    kind = request.POST.get("kind") or request.GET.get("kind") or "company"
    demand_choice("kind", kind, words.KINDS)
    facts = form.fields_for_new(kind, request.POST)
    fields = [_node_field(request, access), *facts]
    wrong: list[str] = []
    if request.method == "POST":
        shown = {one.key for one in fields} | {"kind"}
        demand_known(request, shown.__contains__)
        try:
            node_id = node_of(request.POST.get("node", ""), "node")
            stated = form.stated(kind, facts)
            customer = add_customer(
                access=access, kind=kind, attributes=stated, node_id=node_id, at=request.at
            )
            messages.success(request, _("The file was opened."))
            return redirect("customers:file", customer.public_id)
        except Invalid as refusal:
            wrong = place(fields, refusal)
    context = {"fields": fields, "kind": kind, "kinds": words.KINDS.items(), "sentences": wrong}
    return render(request, "customers/new.html", context, status=422 if _is_bad(request) else 200)


@form_page
def edit(request: Request, public_id: object) -> HttpResponse:
    """State other values for what is known of a customer."""
    access, customer = opened(request, public_id)
    _demand_edit(access, customer)
    fields = form.fields_of(access, customer, request.POST, at=request.at)
    more = _when_and_why(request)
    wrong: list[str] = []
    if request.method == "POST":
        shown = {one.key for one in (*fields, *more)} | {one.remover for one in fields}
        demand_known(request, shown.__contains__)
        try:
            correct_customer(
                access=access,
                public_id=str(public_id),
                changes=form.changes(customer.kind, fields),
                true_from=day_of(request.POST.get("true_from", ""), "true_from"),
                reason=request.POST.get("reason", "").strip()[:200],
                at=request.at,
            )
            messages.success(request, _("The file was corrected."))
            return redirect("customers:file", customer.public_id)
        except Invalid as refusal:
            wrong = place([*fields, *more], refusal)
    context: dict[str, Any] = {"fields": fields, "more": more, "sentences": wrong, "tab": "file"}
    status = 422 if _is_bad(request) else 200
    return render(request, "customers/edit.html", context | around(access, customer), status=status)


@sent_only
def archive(request: Request, public_id: object) -> HttpResponse:
    """Put a file away."""
    return _put(request, public_id, archived=True)


@sent_only
def reopen(request: Request, public_id: object) -> HttpResponse:
    """Take a file out again."""
    return _put(request, public_id, archived=False)


def _put(request: Request, public_id: object, *, archived: bool) -> HttpResponse:
    customer = archive_customer(
        access=request.access, public_id=str(public_id), archived=archived, at=request.at
    )
    said = _("The file was archived.") if archived else _("The file was reopened.")
    messages.success(request, said)
    return redirect("customers:file", customer.public_id)


def _is_bad(request: Request) -> bool:
    """A form that comes back after a POST was not accepted: what it began is undone."""
    return request.method == "POST"


def _demand_edit(access: Access, customer: "Customer") -> None:
    reach = access.reach("customer.contact")
    if not reach.covers(node_id=customer.org_node_id, owner_id=customer.owner_id):
        raise NotPermitted(access.lacks("customer.contact"))
    demand_alive(customer)


def _node_field(request: Request, access: Access) -> Field:
    """Offer the branches for which the user may open files."""
    reach = access.reach("customer.contact")
    choices = [
        (node.code, node.name)
        for node in organisation()
        if reach.covers(node_id=node.pk, owner_id=access.user_id) and node.kind != "team"
    ]
    return Field(
        key="node", label=_("Branch"), choices=choices, required=True,
        value=request.POST.get("node", choices[0][0] if len(choices) == 1 else ""),
    )  # fmt: skip


def _when_and_why(request: Request) -> list[Field]:
    return [
        Field(key="true_from", label=_("True from"), type="date",
              value=request.POST.get("true_from", ""),
              hint=_("Empty: from today. Earlier: what was known before stays in the history.")),
        Field(key="reason", label=_("Reason"), value=request.POST.get("reason", ""), wide=True),
    ]  # fmt: skip
