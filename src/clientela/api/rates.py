"""Exchange rates: what holds, what documents wait for, and rates to enter."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from clientela.api.forms import Asked, Day, PageForm, YesNo, access_of, at_of
from clientela.api.parameters import Cursor, Limit
from clientela.api.sign_in import Holding
from clientela.api.writing import write_once
from clientela.store.paging import page_of
from clientela.trade.selectors.rates import missing_rates, rates_in_force
from clientela.trade.services import GivenRate, enter_rates

router = Router(tags=["rates"])
MOST = 1_000  # rates of one request


class NewRate(Asked):
    currency: str = Field(description="ISO 4217 code: what one unit of it is worth is told")
    base: str = Field(description="the currency of the group, in which it is told")
    day: Day
    rate: str = Field(pattern=r"^[0-9]{1,10}(\.[0-9]{1,10})?$", description="0.9215")


class NewRates(Asked):
    rates: list[NewRate] = Field(min_length=1, max_length=MOST)
    dry_run: YesNo = Field(False, description="check everything, change nothing")
    confirmed: YesNo = Field(
        False, description="take a rate that is more than a tenth away from the one beside it too"
    )


@router.get("", response=PageForm[dict[str, Any]])
def list_rates(request: HttpRequest, limit: Limit = 50, cursor: Cursor = "") -> dict[str, Any]:
    """Return the rates in force, the latest day first."""
    found = rates_in_force(access_of(request))
    order = ["-on_day", "currency", "id"]
    page = page_of(found, order=order, cursor=cursor or None, size=limit)
    items = [
        {
            "currency": one.currency, "base": one.base, "day": one.on_day,
            "rate": format(one.rate.normalize(), "f"), "origin": one.origin,
        }
        for one in page.items
    ]  # fmt: skip
    return {"items": items, "next": page.next}


@router.get("/missing", response=dict[str, list[dict[str, Any]]])
def list_missing_rates(request: HttpRequest) -> dict[str, Any]:
    """Return the currencies of documents that lack a rate, from which day to which."""
    access = access_of(request)
    return {"items": [asdict(one) for one in missing_rates(access, today=access.today)]}


@router.post("", response={201: dict[str, Any]}, auth=Holding("rate.write"))
def create_rates(request: HttpRequest, form: NewRates) -> HttpResponse:
    """Enter rates, all or none; another rate for the same day corrects the one of before."""

    def act() -> dict[str, Any]:
        given = [
            GivenRate(currency=one.currency, base=one.base, on_day=one.day, rate=Decimal(one.rate))
            for one in form.rates
        ]
        entered = enter_rates(
            access=access_of(request), rates=given, origin="api", at=at_of(request),
            dry_run=form.dry_run, confirmed=form.confirmed,
        )  # fmt: skip
        return asdict(entered)

    return write_once(request, act, status=201)
