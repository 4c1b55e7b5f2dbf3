"""Exchange rates: what documents wait for, what holds, one rate to enter, a file to bring in."""

import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clientela.intake.services.rates_file import bring_rates
from clientela.kernel.reasons import Invalid, NotPermitted, Reason, Refused
from clientela.security.selectors import base_currency
from clientela.trade.selectors.rates import missing_rates, rates_before, rates_in_force
from clientela.trade.services import GivenRate, RatesEntered, enter_rates
from clientela.web import formats
from clientela.web.fields import Field, day_of, refuse
from clientela.web.lists import listed
from clientela.web.reasons import sentence
from clientela.web.request import Request
from clientela.web.ways import sent_only

if TYPE_CHECKING:
    from clientela.intake.services.rates_file import BadRow

ORDER = ["-on_day", "currency", "id"]
MOST_SHOWN = 200  # bad rows of a file
FAR = "rate_far_from_others"
BELONGS = {"rate_currency_unknown": "from", "rates_need_base": "from"}


@require_http_methods(["GET", "HEAD", "POST"])
def rate_list(request: Request) -> HttpResponse:
    """Show the rates in force, after those that are missing; a POST enters one."""
    fields = _fields(request)
    wrong, status = list[str](), 200
    if request.method == "POST":
        request.access.demand("rate.write")
        try:
            _say(request, _enter(request))
            return redirect("admin:rates")
        except Invalid as refusal:
            if any(reason.code == FAR for reason in refusal.reasons):
                fields.append(_to_confirm())
            wrong, status = refuse(request, fields, refusal, BELONGS)
    context = _page(request) | {"fields": fields, "sentences": wrong}
    return render(request, "admin/rates.html", context, status=status)


@sent_only
def file(request: Request) -> HttpResponse:
    """Bring the rates of a file in, all of them or none."""
    request.access.demand("rate.write")
    bad, wrong = tuple["BadRow", ...](), list[str]()
    try:
        given, dry_run = request.FILES.get("file"), request.POST.get("dry_run") == "1"
        if not isinstance(given, TemporaryUploadedFile):
            raise Invalid(Reason(code="file_missing"))
        with transaction.atomic():
            brought = bring_rates(
                access=request.access, path=Path(given.temporary_file_path()),
                name=given.name or "file", at=request.at, dry_run=dry_run,
                confirmed=request.POST.get("confirmed") == "1",
            )  # fmt: skip
        if brought.entered is not None:
            _say(request, brought.entered, trial=dry_run)
            return redirect("admin:rates")
        bad = brought.bad
    except Refused as refusal:
        if isinstance(refusal, NotPermitted):
            raise
        request.refusal = refusal
        wrong = [sentence(reason) for reason in refusal.reasons]
    context = _page(request) | {
        "fields": _fields(request, ignore=True),
        "file_sentences": wrong,
        "bad": [
            {"line": one.line, "column": one.column, "why": sentence(one.reason)}
            for one in bad[:MOST_SHOWN]
        ],
        "bad_rows": len({one.line for one in bad}),
        "bad_more": max(0, len(bad) - MOST_SHOWN),
        "bad_far": any(one.reason.code == FAR for one in bad),
    }
    return render(request, "admin/rates.html", context, status=422)


def _page(request: Request) -> dict[str, Any]:
    """Return what stands above the forms."""
    rows = listed(request, rates_in_force(request.access), ORDER)
    before = rates_before(rows.items)
    return {
        "missing": missing_rates(request.access, today=request.access.today),
        "rows": rows,
        "lines": [{"rate": rate, "before": before.get(rate.pk)} for rate in rows.items],
        "may_enter": bool(request.access.may("rate.write")),
        "base": base_currency(),
    }


def _enter(request: Request) -> RatesEntered:
    given = {name: request.POST.get(name, "").strip() for name in ("from", "day", "rate")}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise Invalid(*(Reason(code="value_missing", params={"field": n}) for n in missing))
    if given["from"] not in formats.tender():
        raise Invalid(Reason(code="rate_currency_unknown", params={"field": "from"}))
    day = day_of(given["day"], "day")
    assert day is not None  # it was not empty
    rate = GivenRate(
        currency=given["from"], base=base_currency(), on_day=day, rate=_rate_of(given["rate"])
    )
    return enter_rates(
        access=request.access, rates=[rate], origin="page", at=request.at,
        confirmed="1" in request.POST.getlist("confirmed"),
    )  # fmt: skip


def _rate_of(text: str) -> Decimal:
    """Return a rate, whichever mark its decimals have: thousands have none in a rate."""
    read = unicodedata.normalize("NFKC", text).replace(",", ".")
    whole, _mark, part = read.removeprefix("-").partition(".")
    if not read.isascii() or not whole.isdigit() or not (part.isdigit() or "." not in read):
        raise Invalid(Reason(code="value_not_a_number", params={"field": "rate"}))
    return Decimal(read)


def _say(request: Request, entered: RatesEntered, *, trial: bool = False) -> None:
    if trial:
        said = _(
            "A trial: nothing was changed. Rates to add: %(added)s, to correct: %(corrected)s."
        )
    elif entered.added or entered.corrected:
        said = _("Rates added: %(added)s, corrected: %(corrected)s. Documents whose amounts followed: %(documents)s. Analyses and classes follow with the next copy.")  # fmt: skip
    else:
        said = _("These rates were there already. Nothing was changed.")
    counts = {
        name: formats.number(getattr(entered, name)) for name in ("added", "corrected", "documents")
    }
    messages.success(request, said % counts)


def _to_confirm() -> Field:
    """Return the box that takes a rate although it is far from those beside it."""
    return Field(
        key="confirmed", label=_("Far from the rate beside it"), type="checks",
        choices=[("1", _("It was looked at and is right"))], value=(),
    )  # fmt: skip


def _fields(request: Request, *, ignore: bool = False) -> list[Field]:
    given = {} if ignore else request.POST
    base = base_currency()
    choices = [(code, name) for code, name in formats.currencies() if code and code != base]
    rate = _("What one unit is worth in %(base)s") % {"base": base} if base else _("Rate")
    chosen = given.get("from", "") or ("" if ignore else request.GET.get("from", ""))
    return [
        Field(key="from", label=_("Currency"), value=chosen, required=True, choices=choices),
        Field(key="day", label=_("Day"), value=given.get("day", ""), type="date", required=True,
              hint=_("A rate holds for its day and the seven that follow.")),
        Field(key="rate", label=rate, value=given.get("rate", ""), required=True, most=24,
              hint=_("Another rate for the same day corrects it; the one of before is kept.")),
    ]  # fmt: skip
