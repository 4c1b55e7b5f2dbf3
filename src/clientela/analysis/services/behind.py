"""The documents behind one row of an answer: how many, what they add up to, page by page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis.expr.types as ir

from clientela.analysis.expressions.details import DETAILS, Detail, Follow
from clientela.analysis.expressions.spec import Figure
from clientela.analysis.services.beside import Beside, beside_row
from clientela.analysis.services.presenting import MONEY, amount_of, labelled, named, outer_value
from clientela.analysis.services.question import Asked
from clientela.analysis.services.regions import with_inner_region
from clientela.analysis.services.tables import Opened, scope_of, tables_for
from clientela.analysis.services.valuing import refuse_without_value
from clientela.analysis.services.worked import answerable
from clientela.kernel.reasons import Invalid, NotPermitted, Reason
from clientela.records.selectors import customer_by_public_id
from clientela.security.permits import Access
from clientela.store.opaque import NotOurs, conceal, disclose

USE = "documents behind a figure"
OF_ROW, OF_GROUP = "customer of a row", "group of a row"
SIZE = 50
_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A page of the documents that a row stands for, oldest first.

    `total` is what all of them add up to: the figure `opens` of the row. `narrower`: the user
    may open documents of less than what the row was taken over, so they add up to less. `sums`:
    of an analysis in `DETAILS`, the figures that they add up to, an ageing's amounts in the row's
    own currency, others in `currency`; else empty. `others`: figures of the row that do not follow
    from these documents alone. `lines`: more than `documents` where one has several.
    `beside`: of an ageing, a page of what stands beside them, not applied; else none.
    """

    rows: Sequence[Mapping[str, Any]]
    documents: int
    total: str | None
    currency: str
    opens: str
    title: Mapping[str, Any]  # the row's keys, in words that people know
    next: str | None  # cursor of the following page
    narrower: bool
    sums: Mapping[str, Any]
    others: Mapping[str, Any]
    lines: int
    beside: Beside


def documents_behind(
    access: Access,
    asked: Asked,
    given: Mapping[str, str],
    *,
    cursor: str | None = None,
    beside_cursor: str | None = None,
    size: int = SIZE,
) -> Behind:
    """Return the documents that a row stands for, a page of them from `cursor` on, and of what
    stands beside them one from `beside_cursor` on.

    Raises NotPermitted, also for who sees totals alone: a document is one customer's; Invalid for
    keys or a cursor that are none, and when a rate is missing.

    :param given: the row's keys as text; a customer by public id, or as `key_of_customer` says.
    """
    permit = access.sees_single("analysis.run")
    if not permit:
        raise NotPermitted(*permit.reasons)
    access.demand("analysis.trace")
    asked = with_inner_region(asked)
    row = _keys(access, asked, given)
    opened = tables_for(access, asked.analysis, asked.source, act="analysis.trace")
    with opened as one, answerable(asked):
        behind, whole, sums, others = _followed(one, asked, row)
        found = one.session.rows(_after(behind, cursor).limit(size + 1))
        beside = beside_row(access, one, asked, row, cursor=beside_cursor, size=size)
    kept, currency = found[:size], one.currency
    own = str(row.get("currency") or "")  # of an ageing's row
    names = named(access, [one["customer_id"] for one in kept])
    return Behind(
        rows=[_line(one, currency, own) | names[one["customer_id"]] for one in kept],
        documents=whole["documents"],
        total=amount_of(whole["total"], currency),
        currency=currency,
        opens=asked.analysis.opens.removesuffix("_minor"),
        title=_titled(access, asked, row),
        next=_cursor(kept[-1]) if len(found) > size else None,
        narrower=scope_of(access) != scope_of(access, "analysis.trace"),
        sums=_figures(asked, sums, own, currency),
        others=_figures(asked, others, own, currency),
        lines=whole["lines"],
        beside=beside,
    )


Sums = dict[str, Any]


def _followed(
    opened: Opened, asked: Asked, row: Mapping[str, Any]
) -> tuple[ir.Table, Sums, Sums, Sums]:
    """Return the documents behind a row; how many they are and what they add up to; the figures of
    the row that they make, and its other figures. Raises Invalid for no rate."""
    analysis, tables, given = asked.analysis, opened.tables, asked.parameters
    detail: Detail | None = DETAILS.get(analysis.name)
    if detail is None:
        behind = analysis.behind(tables, asked.period, row, given)
        return behind, _summed(opened, asked, behind), {}, {}
    follow = Follow(analysis=analysis, tables=tables, period=asked.period, row=row, given=given)
    behind = opened.session.kept(detail.lines(follow))  # summed twice, and a page of it
    whole = _summed(opened, asked, behind)
    (sums,) = opened.session.rows(detail.sums(follow, behind))
    of_row = opened.session.rows(detail.others(follow)) if detail.others else []
    others = {n: v for one in of_row for n, v in one.items() if n not in sums}
    return behind, whole, sums, others


def _summed(opened: Opened, asked: Asked, behind: ir.Table) -> Sums:
    """Return how many documents and lines there are and what they add up to.

    Raises Invalid for no rate.
    """
    amount, several = behind.amount_minor, "part" in behind.columns
    (whole,) = opened.session.rows(
        behind.agg(
            documents=behind.document_id.nunique() if several else behind.count(),
            lines=behind.count(),
            total=amount.sum().fill_null(0),
            lacks=amount.isnull().any(),
        )
    )
    if whole["lacks"]:
        refuse_without_value(opened.session, asked, opened.tables)
    return whole


def _line(one: Mapping[str, Any], currency: str, own: str) -> dict[str, Any]:
    """Return a document with its amounts; `own`: the currency of an ageing's row."""
    return {
        **{
            k: outer_value(v) if isinstance(v, float) else v
            for k, v in one.items()
            if k not in ("amount_minor", "open_minor", "weight")
        },
        "currency": currency,
        "amount": amount_of(one["amount_minor"], currency),
        "open": amount_of(one.get("open_minor"), own),
        "own_currency": own,
    }


def _figures(asked: Asked, found: Sums, own: str, currency: str) -> dict[str, Any]:
    """Return figures of a row as it shows them, in their order; its keys are none of them."""
    shown: dict[str, Any] = {}
    for figure in asked.analysis.figures:
        if figure.is_key or figure.name not in found:
            continue
        value = found[figure.name]
        if figure.unit in MONEY:
            value = amount_of(value, own if figure.unit == "minor" else currency)
        shown[figure.name.removesuffix("_minor")] = outer_value(value)
    return shown


def key_of_customer(public: str | None, customer_id: int | None) -> str:
    """Return the key that opens a customer's row: its public id, or where that is not known to
    the reader, who is shown a pseudonym, what only this installation can read.

    :param public: the customer as the row shows it.
    """
    if customer_id is None:
        return ""
    known = public is not None and "-" in public
    return str(public) if known else conceal(customer_id, use=OF_ROW)


def _customer(access: Access, key: str) -> int:
    """Return the customer of a row's key. Which documents of it are shown, the session says."""
    try:
        return int(disclose(key, use=OF_ROW))
    except NotOurs:
        return customer_by_public_id(access, key).pk


def key_of_group(inner: str | None) -> str:
    """Return the key that opens a group's row: a month or a place as it is called, and for what
    has an inner key (a product, a branch, a customer) what only this installation can read."""
    return conceal(inner, use=OF_GROUP) if inner and inner.isdigit() else inner or ""


def _group(key: str) -> str | None:
    """Return the inner key of a group's row. Raises Invalid for one that nobody was given."""
    try:
        return str(disclose(key, use=OF_GROUP))
    except NotOurs:
        if key.isdigit():
            raise Invalid(Reason(code="field_invalid", params={"field": "group_key"})) from None
    return key or None


def _cursor(row: Mapping[str, Any]) -> str:
    return conceal([row["day"].isoformat(), row["document_id"], row.get("part", 0)], use=USE)


def _after(behind: ir.Table, cursor: str | None) -> ir.Table:
    """Return the documents that follow the last one of a page, in the order of day and id, and of
    the lines of one document."""
    several = "part" in behind.columns
    order = ("day", "document_id", "part") if several else ("day", "document_id")
    if not cursor:
        return behind.order_by(*order)
    try:
        text, document_id, part = disclose(cursor, use=USE)
    except ValueError as error:  # none of ours (`NotOurs`), or one of an earlier release
        raise Invalid(Reason(code="cursor_invalid")) from error
    day = date.fromisoformat(text)
    following = behind.document_id > document_id
    if several:
        following = following | ((behind.document_id == document_id) & (behind.part > part))
    return behind.filter((behind.day > day) | ((behind.day == day) & following)).order_by(*order)


def _keys(access: Access, asked: Asked, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys that name a row, typed; a customer's public id becomes its own.

    Raises Invalid where they name no row that an answer has.
    """
    row: dict[str, Any] = {}
    for figure in asked.analysis.figures:
        if not figure.is_key:
            continue
        outer = "customer" if figure.name == "customer_id" else figure.name
        if outer not in given or not (given[outer] or _may_be_empty(asked, figure.name)):
            raise Invalid(Reason(code="row_not_named"))
        row[figure.name] = _key(access, figure, given[outer])
    return row


def _key(access: Access, figure: Figure, text: str) -> Any:
    if figure.name == "customer_id":
        return _customer(access, text) if text else None
    if figure.name == "group_key":
        return _group(text)
    if figure.name == "currency" and not _CURRENCY.fullmatch(text):
        raise Invalid(Reason(code="row_not_named"))
    try:
        return int(text) if figure.type == "int64" else text
    except ValueError as error:
        raise Invalid(Reason(code="field_not_a_number", params={"field": figure.name})) from error


def _may_be_empty(asked: Asked, key: str) -> bool:
    """Tell whether an answer has a row without a key: of no customer, or of all; of no group that
    is known. A month is always known."""
    if key == "group_key":
        return bool(asked.parameters["by"] != "month")
    return key == "customer_id" and "per" in asked.parameters


def _titled(access: Access, asked: Asked, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's keys as its table shows them: a customer by name, a product by its code."""
    shown = dict(row)
    if "customer_id" in shown:
        ident = shown.pop("customer_id")
        shown |= named(access, [ident])[ident]
    if "group_key" in shown:
        key = shown.pop("group_key")
        number = int(key) if key and key.isdigit() else None
        (one,) = labelled(
            access,
            asked.parameters,
            [{"group_id": number, "group_key": key, "group_label": None}],
        )
        shown |= {"key": one["group_key"], "group": one["group_label"] or one["group_key"]}
    return shown
