"""Opening, correcting and putting away a customer's file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.kernel.filters import demand_choice
from clientela.kernel.reasons import Conflict, Invalid, NotPermitted, Reason
from clientela.records.services import add_customer, archive_customer, correct_customer
from clientela.records.services.desk import demand_alive
from clientela.records.services.standing import ChangedMeanwhile, Standing, standing_of
from clientela.security.permits import Access
from clientela.security.selectors import organisation
from clientela.web import words
from clientela.web.customers import form, more
from clientela.web.customers.file import around, opened
from clientela.web.customers.shown import SEEN, Shown, brought_back, carried
from clientela.web.fields import Field, day_of, node_of, place, refuse
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
    others = more.pairs((one.key for one in facts), request.POST)
    fields = [_node_field(request, access), *more.among(facts, others)]
    wrong: list[str] = []
    if request.method == "POST":
        shown = {one.key for one in fields} | {"kind"}
        demand_known(request, shown.__contains__)
        try:
            node_id = node_of(request.POST.get("node", ""), "node")
            stated = form.stated(kind, facts)
            stated |= more.added(others, stated)
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
    of: dict[str, int] = {"user_id": access.user_id, "customer_id": customer.pk}
    shown = brought_back(request.POST.get(SEEN, ""), **of)
    facts, last = _facts(request, customer, shown)[0], _when_and_why(request)
    others = more.pairs((one.key for one in facts), request.POST)
    fields = more.among(facts, others)
    wrong, status, seen = list[str](), 200, ""
    if request.method == "POST":
        names = {SEEN, *(one.key for one in (*fields, *last))}
        demand_known(request, names.union(*(one.removers for one in facts)).__contains__)
        try:
            _correct(request, customer, facts, others, came=shown is not None)
            messages.success(request, _("The file was corrected."))
            return redirect("customers:file", customer.public_id)
        except (Invalid, Conflict) as refusal:
            facts, standing = _facts(request, customer, shown)  # what stands once others are done
            fields = more.among(facts, others)
            wrong, status = refuse(request, [*fields, *last], refusal, {})
            if isinstance(refusal, ChangedMeanwhile):
                form.tell(facts, standing, refusal)
    if shown is not None or request.method != "POST":
        seen = carried(form.shown_by(facts), **of)
    context: dict[str, Any] = {
        "fields": fields, "more": last, "sentences": wrong, "seen": seen, "tab": "file",
    }  # fmt: skip
    return render(request, "customers/edit.html", context | around(access, customer), status=status)


def _facts(
    request: Request, customer: "Customer", shown: Mapping[str, Shown] | None
) -> tuple[list[form.FactField], Standing]:
    """Return the fields of a customer's facts, and what stands of them now."""
    standing = standing_of(request.access, customer, at=request.at)
    fields = form.fields_of(request.access, customer, standing, given=request.POST, shown=shown)
    return fields, standing


def _correct(
    request: Request,
    customer: "Customer",
    facts: list[form.FactField],
    others: list[more.More],
    *,
    came: bool,
) -> None:
    """State what was changed in the form. Raises what `correct_customer` does, and Invalid.

    :param came: whether the form told what it had shown.
    """
    if not came:
        raise Invalid(Reason(code="form_not_of_this_page"))
    added = more.added(others, (one.key for one in facts if one.now.imprint))
    correct_customer(
        access=request.access,
        public_id=str(customer.public_id),
        changes=form.changes(customer.kind, facts) | added,
        seen={one.key: one.was.imprint for one in facts},
        true_from=day_of(request.POST.get("true_from", ""), "true_from"),
        reason=request.POST.get("reason", "").strip()[:200],
        at=request.at,
    )


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
