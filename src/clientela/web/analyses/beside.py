"""Where the ageing's figures of what is not applied lead: to the payments that make them up.

Credit notes are in no list of payments, and what was applied since a day that is past is listed as
applied: there, and for who may not read payments, a figure leads to the documents behind its row,
among which all of it stands as it was on the day.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from clientela.security.permits import Access
from clientela.trade.selectors.payments import (
    NOBODYS,
    UNAPPLIED,
    PaymentFilters,
    payers_of_unapplied,
)
from clientela.web.analyses.asking import Wanted

PLACE = "beside"  # of what is not applied, on the page of documents behind a row
Rows = Sequence[Mapping[str, Any]]


def ways_beside(access: Access, wanted: Wanted, rows: Rows, behind: Sequence[str]) -> list[str]:
    """Return for each row the address that its figure of what is not applied leads to; empty where
    there is none.

    :param rows: of a page, with their inner keys.
    :param behind: addresses of the documents behind each; empty for who may not open them.
    """
    if wanted.asked.analysis.name != "ageing":
        return [""] * len(rows)
    listed = _listed(access, wanted, rows)
    ways = []
    for row, link in zip(rows, behind, strict=True):
        way = f"{link}#{PLACE}" if link else ""
        if _pair(row) in listed:
            way = _payments(wanted, row)
        ways.append(way if _has_some(row) else "")
    return ways


def _has_some(row: Mapping[str, Any]) -> bool:
    return bool(Decimal(row.get("unapplied") or 0))


def _pair(row: Mapping[str, Any]) -> tuple[int | None, str]:
    return row["customer_id"], row["currency"]


def _listed(access: Access, wanted: Wanted, rows: Rows) -> set[tuple[int | None, str]]:
    """Return the customers and currencies whose payments a list shows that leave something."""
    if wanted.asked.parameters["per"] == "total":
        return set()
    is_past = wanted.asked.as_of < access.today
    pairs = [_pair(row) for row in rows if _has_some(row) and _is_open(row, is_past)]
    filters = PaymentFilters(source=wanted.asked.source or "", received_to=wanted.asked.as_of)
    return payers_of_unapplied(access, pairs, filters)


def _is_open(row: Mapping[str, Any], is_past: bool) -> bool:
    """Tell whether a list can be narrowed to what a row's figure is made of: to payments of nobody
    on any day, to those of a customer by name as they stand now."""
    if row["customer_id"] is None:
        return True
    return not is_past and "-" in str(row["customer"])


def _payments(wanted: Wanted, row: Mapping[str, Any]) -> str:
    """Return the address of the list of payments behind a row's figure."""
    of = {"state": NOBODYS}
    if row["customer_id"] is not None:
        of = {"customer": str(row["customer"]), "state": UNAPPLIED}
    asked = wanted.asked
    narrowed = {"source": asked.source or "", "currency": row["currency"],
                "received_to": asked.as_of.isoformat()}  # fmt: skip
    given = {name: value for name, value in (of | narrowed).items() if value}
    return f"{reverse('payments:list')}?{urlencode(given)}"
