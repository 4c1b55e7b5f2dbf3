"""What stands beside a row of the ageing: the payments and credit notes that no invoice took.

Taken from the same copy by the same expression as the row's own figure, so that they add up to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.expressions.unapplied import ORDER, unapplied_of
from clientela.analysis.services.presenting import amount_of, named
from clientela.analysis.services.question import Asked
from clientela.analysis.services.tables import Opened
from clientela.kernel.reasons import Invalid, Reason
from clientela.security.permits import Access
from clientela.store.opaque import NotOurs, conceal, disclose

USE = "documents beside a figure"


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A page of what is not applied, oldest first, and what all of it adds up to.

    Each row has document_id, is_payment, kind, day, `whole` and `unapplied`, and its customer.
    Amounts are decimal text in `currency`. `next`: cursor of the following page.
    """

    rows: Sequence[Mapping[str, Any]] = ()
    documents: int = 0
    total: str | None = None
    currency: str = ""
    next: str | None = None


def beside_row(
    access: Access,
    opened: Opened,
    asked: Asked,
    row: Mapping[str, Any],
    *,
    cursor: str | None,
    size: int,
) -> Beside:
    """Return what stands beside a row: nothing, of any analysis but the ageing.

    Raises Invalid for a cursor that is none.
    """
    if asked.analysis.name != "ageing":
        return Beside()
    currency = str(row["currency"] or "")
    left = unapplied_of(opened.tables, asked.period, row, per=asked.parameters["per"])
    left = opened.session.kept(left)
    (whole,) = opened.session.rows(
        left.agg(documents=left.count(), total=left.unapplied_minor.sum().fill_null(0))
    )
    found = opened.session.rows(_after(left, cursor).limit(size + 1)) if whole["documents"] else []
    kept = found[:size]
    names = named(access, [one["customer_id"] for one in kept])
    return Beside(
        rows=[_line(one, currency) | names[one["customer_id"]] for one in kept],
        documents=whole["documents"],
        total=amount_of(whole["total"], currency),
        currency=currency,
        next=_cursor(kept[-1]) if len(found) > size else None,
    )


def _line(one: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return a row with its amounts as text."""
    return {
        **{name: one[name] for name in (*ORDER, "kind", "customer_id")},
        "whole": amount_of(one["whole_minor"], currency),
        "unapplied": amount_of(one["unapplied_minor"], currency),
    }


def _cursor(row: Mapping[str, Any]) -> str:
    return conceal([row["day"].isoformat(), row["is_payment"], row["document_id"]], use=USE)


def _after(left: ir.Table, cursor: str | None) -> ir.Table:
    """Return what follows the last row of a page, in the same order."""
    if not cursor:
        return left.order_by(*ORDER)
    try:
        text, is_payment, document_id = disclose(cursor, use=USE)
    except NotOurs as error:
        raise Invalid(Reason(code="cursor_invalid")) from error
    day = date.fromisoformat(text)
    following = (left.is_payment == is_payment) & (left.document_id > document_id)
    if not is_payment:
        following = following | left.is_payment
    return left.filter((left.day > day) | ((left.day == day) & following)).order_by(*ORDER)
