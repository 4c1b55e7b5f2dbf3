"""The customer's page: the facts with their origin, now or as of a day, and their history."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from clientela.intake.selectors import runs
from clientela.kernel.days import zone_of
from clientela.kernel.masked import Masked
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.records.selectors import (
    BY_LEARNING,
    current_day,
    customer_by_public_id,
    file_of,
    name_of,
    statements_of,
    taken_back,
    versions_of,
)
from clientela.records.selectors.file import FileFact
from clientela.runtime.cases import examples
from clientela.security.administration import names_of_users
from clientela.security.permits import Access
from clientela.security.roles import FOR_A_CASE, View
from clientela.security.selectors import organisation, purposes_for
from clientela.web import formats, words
from clientela.web.fields import Field, day_of, refuse
from clientela.web.industries import industry
from clientela.web.lists import listed
from clientela.web.request import Request

if TYPE_CHECKING:
    from clientela.records.models import Customer

GROUPS = (
    (_("Identity"), "name trade_name registration_number tax_number identity_number legal_form "
     "founded_on"),
    (_("Contact"), "phone email website"),
    (_("Place"), "country region city address postcode"),
    (_("Person"), "sex birth_date age_band income_band household_size household_type "
     "marital_status home_ownership children"),
    (_("Business"), "industry staff customer_since stage org_node owner tags note"),
)  # fmt: skip
DAYS = {"founded_on", "birth_date", "customer_since"}
CODED = {
    "stage": words.STAGES, "sex": words.SEXES, "marital_status": words.MARITAL,
    "home_ownership": words.HOMES,
}  # fmt: skip


@require_safe
def customer_file(request: Request, public_id: object) -> HttpResponse:
    """Show one customer, as it is or as it was true and known on a day."""
    access, customer = opened(request, public_id)
    fields = _day_fields(request)
    status = 200
    try:
        true_on, known_on = _days(request)
    except Invalid as refusal:  # the file as it is now, with what is wrong beside its field
        status = refuse(request, fields, refusal, {})[1]
        true_on = known_on = None
        for one in fields:
            one.type = "text" if one.errors else one.type  # shows what was typed
    facts = file_of(
        access,
        customer,
        true_on=true_on or current_day(access, request.at),
        known_on=_end(known_on, access),
    )
    context = {
        "groups": list(_grouped(request, customer, facts)),
        "true_on": true_on,
        "known_on": known_on,
        "past": bool(true_on or known_on),
        "fields": fields,
        "tab": "file",
    }
    context |= around(access, customer)
    return render(request, "customers/file.html", context, status=status)


def _day_fields(request: Request) -> list[Field]:
    """Return the fields of the days that may be asked for, as they were typed."""
    labels = {"true_on": _("As it was true on"), "known_on": _("As we knew it on")}
    return [
        Field(key=key, label=label, type="date", value=request.GET.get(key, "")[:40])
        for key, label in labels.items()
    ]


def _days(request: Request) -> tuple[date | None, date | None]:
    """Return the days that are asked for. Raises Invalid with what is wrong with either."""
    days, reasons = list[date | None](), list[Reason]()
    for key in ("true_on", "known_on"):
        try:
            days.append(day_of(request.GET.get(key, ""), key))
        except Invalid as error:
            reasons += error.reasons
    if not reasons and (known_on := days[1]) and known_on > request.access.today:
        reasons.append(Reason(code="date_in_the_future", params={"field": "known_on"}))
    if reasons:
        raise Invalid(*reasons)
    return days[0], days[1]


@require_safe
def history(request: Request, public_id: object) -> HttpResponse:
    """Show what was ever stated of a customer, newest first."""
    access, customer = opened(request, public_id)
    rows = listed(request, versions_of(access, customer), BY_LEARNING)
    facts = statements_of(access, customer, rows.items)
    context = {"stated": _stated(facts), "rows": rows, "tab": "history"}
    return render(request, "customers/history.html", context | around(access, customer))


def opened(
    request: Request, public_id: object, act: str = "customer.read"
) -> "tuple[Access, Customer]":
    """Return the access of the request and the customer that it asks for.

    Raises NotPermitted where `act` does not reach this customer: roles are held at places.
    """
    access = request.access
    customer = customer_by_public_id(access, str(public_id))
    where: dict[str, Any] = {"node_id": customer.org_node_id, "owner_id": customer.owner_id}
    if not access.reach(act).covers(**where):
        raise NotPermitted(access.lacks(act))
    return access, customer


def around(access: Access, customer: "Customer") -> dict[str, Any]:
    """Return what each page of a customer shows at its top."""
    where: dict[str, Any] = {"node_id": customer.org_node_id, "owner_id": customer.owner_id}
    gone = taken_back(customer)
    owner = names_of_users([customer.owner_id]) if customer.owner_id else {}
    return {
        "customer": customer,
        "name": name_of(access, customer),
        "owner": owner.get(customer.owner_id or 0, ""),
        "secrets": access.view("S3", **where) is View.PLAIN,
        "gone": gone,
        # who took it back, and the import itself, is for those who may see imports
        "gone_run": runs(access).filter(pk=gone.run_id).first()
        if gone and access.may("import.read")
        else None,
        "may_write": gone is None and access.reach("customer.write").covers(**where),
        "may_edit": gone is None and access.reach("customer.contact").covers(**where),
        "sees_trade": access.reach("trade.read").covers(**where),
        "sees_payments": access.reach("payment.read").covers(**where),
        "sees_contacts": access.reach("contact.read").covers(**where),
        "sees_cases": access.reach("case.read").covers(**where),
        "sees_surveys": access.reach("survey.read").covers(**where),
        "sees_promotions": access.reach("promotion.read").covers(**where),
        "sees_contracts": access.reach("contract.read").covers(**where),
    }


def _end(day: date | None, access: Access) -> datetime:
    """Return the end of the reader's day, or now: what was known on a day includes the day."""
    if day is None:
        return access.at
    return min(access.at, datetime.combine(day, time.max, zone_of(access.time_zone)))


def _grouped(request: Request, customer: "Customer", facts: list[FileFact]) -> Any:
    """Yield title and facts of each group that has any; with what a reveal asks for."""
    access = request.access
    shown = _stated([one for one in facts if one.value is not None or "#" not in one.key])
    asked: dict[str, list[dict[str, Any]]] = {}
    for one in shown:
        fact = one["fact"]
        if fact.may_reveal and fact.field_class not in asked:
            asked[fact.field_class] = [
                {"code": p.code, "note": p.needs_note or fact.field_class in FOR_A_CASE,
                 "name": p.name.get(request.LANGUAGE_CODE) or p.name["en"]}
                for p in purposes_for(access, fact.field_class)
            ]  # fmt: skip
        one["purposes"] = asked.get(fact.field_class, []) if fact.may_reveal else []
        one["for_a_case"] = examples() if fact.field_class in FOR_A_CASE else ""
    for title, names in GROUPS:
        inside = [one for one in shown if one["fact"].attribute.name in names.split()]
        if inside:
            yield title, inside


def _stated(facts: Sequence[FileFact]) -> list[dict[str, Any]]:
    """Return facts with their values in words; `withheld`: masked, and not revealed to the reader."""
    return _named(
        [
            {
                "fact": fact,
                "value": _value(fact),
                "withheld": isinstance(fact.value, Masked) and not fact.may_reveal,
                "stars": isinstance(fact.value, Masked) and not str(fact.value).strip("*"),
            }
            for fact in facts
        ]
    )


def _value(fact: FileFact) -> Any:
    """Return a fact's value in the reader's words; a masked one stays masked."""
    if isinstance(fact.value, Masked) or fact.value is None:
        return fact.value
    return in_words(fact.attribute.name, fact.value)


def in_words(name: str, value: Any) -> Any:
    """Return the plain value of an attribute in the reader's words."""
    if name in DAYS:
        return formats.day(str(value))
    if name == "country":
        return formats.country(str(value))
    if name == "industry":
        return industry(str(value))
    if name in CODED:
        return words.word(CODED[name], str(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put names in the place of the ids of branches and account managers."""
    kinds = {row["fact"].attribute.name for row in rows}
    nodes = {n.pk: n.name for n in organisation()} if "org_node" in kinds else {}
    ids = [row["value"] for row in rows if row["fact"].attribute.name == "owner" and row["value"]]
    users = names_of_users(ids) if ids else {}
    for row in rows:
        if row["fact"].attribute.name == "org_node":
            row["value"] = nodes.get(row["value"], "")
        elif row["fact"].attribute.name == "owner":
            row["value"] = users.get(row["value"], row["value"])
    return rows
