"""An answer as it leaves: money as decimals, customers by public id and name."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from clientela.analysis.expressions.sales_figures import SOURCE
from clientela.analysis.expressions.spec import Figure
from clientela.analysis.results import Column
from clientela.kernel.money import Money
from clientela.records.selectors import named_customers
from clientela.runtime import keys
from clientela.security.permits import Access
from clientela.security.selectors import organisation
from clientela.store.reading import note
from clientela.trade.selectors.products import products_named

MONEY = {"minor_base", "minor"}
# What groups are called outside: their own numbers here, and thousandths, are no part of it.
OUTER = {"group_key": "key", "group_label": "group", "quantity_milli": "quantity"}
_INNER = {"group_id"}
_COUNTED = {"product", "category"}  # groups whose lines are summed, and so their quantities
PLACES = 6  # of a share, days or points: more would be no figure but how a machine divides
BASE = "base_currency"  # the unit of an amount whose row is in another currency


def labelled(
    access: Access, parameters: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return rows of groups under names that people know, in place of the keys inside.

    A product's row has the source of its code as well: two sources may use one code.
    """
    by = parameters.get("by")
    if by not in ("product", "customer", "branch", "region"):
        return [dict(row) for row in rows]
    ids = [row["group_id"] for row in rows if row["group_id"] is not None]
    known = _GROUPS[by](access, ids)
    out = []
    for row in rows:
        key, label, source = known.get(row["group_id"], (None, row["group_label"], None))
        group = {"group_key": key, "group_label": label or row["group_label"] or key}
        out.append({**row, **group, "group_id": None, "source": source})
    return out


Label = tuple[str | None, str, str | None]  # key, name and source of a group


def _customers(access: Access, ids: Sequence[int]) -> dict[int, Label]:
    named_ = named(access, ids)
    return {i: (str(named_[i]["customer"]), str(named_[i]["name"] or ""), None) for i in ids}


def _nodes(access: Access, ids: Sequence[int]) -> dict[int, Label]:
    return {node.pk: (node.code, node.name, None) for node in organisation()}


_GROUPS: Mapping[str, Callable[[Access, Sequence[int]], Mapping[int, Label]]] = {
    "product": products_named,
    "customer": _customers,
    "branch": _nodes,
    "region": _nodes,
}


def population_of(
    row: Mapping[str, Any],
    currency: str,
    access: Access,
    *,
    hidden: bool = False,
    least: int = 0,
    sums: bool = True,
) -> dict[str, Any]:
    """Return over whom and what an answer was taken, and what was left out.

    :param hidden: the whole stands on too few customers to be told: nothing is.
    :param least: customers that what stands beside the whole needs to be told. What nobody known
        stands behind has none.
    :param sums: whether it is told what the documents are and come to, beside how many customers.
    """
    scope = "everything" if access.reach("analysis.run").everything else "own_reach"
    nothing = {"documents": None, "amount": None, "currency": currency}
    if hidden:
        return {
            "scope": scope, "customers": None, "documents": None, "amounts": [],
            "anonymous": nothing, "without_settlement": nothing,
        }  # fmt: skip

    def money(minor: int) -> dict[str, str | None]:
        return {"amount": amount_of(minor, currency), "currency": currency or None}

    def beside(name: str, customers: int) -> dict[str, Any]:
        documents = row[f"{name}_documents"]
        if documents and customers < least:
            return nothing
        return {"documents": documents, **money(row[f"{name}_minor"])}

    return {
        "scope": scope,
        "customers": row["customers"],
        "documents": row["documents"] if sums else None,
        "amounts": [money(row["amount_minor"])] if currency and sums else [],
        "anonymous": beside("anonymous", 0),
        "without_settlement": beside("unsettled", row["unsettled_customers"]),
    }


def outer_figures(
    figures: Sequence[Figure], parameters: Mapping[str, Any] | None = None
) -> list[Figure]:
    """Return the figures that leave: not our own numbers, nor what is empty in every row."""
    by = (parameters or {}).get("by")
    left = set(_INNER)
    if by is not None and by != "month":
        left |= {"is_complete"}
    seen = [
        figure
        for figure in figures
        if figure.name not in left
        and (by is None or by in _COUNTED or figure.unit != "quantity_milli")
    ]
    if by == "product":  # beside the name
        seen.insert(2, SOURCE)
    return seen


def columns_of(figures: Sequence[Figure]) -> list[Column]:
    """Return the outer columns of figures: a customer is three, money brings its currency."""
    columns = []
    own = _has_own_currency(figures)
    for figure in figures:
        if figure.name == "customer_id":
            columns += [
                Column(name="customer", type="string"),
                Column(name="name", type="string"),
                Column(name="source_keys", type="array<string>"),
            ]
        elif figure.unit in MONEY:
            unit = BASE if own and figure.unit == "minor_base" else "currency"
            columns.append(Column(name=_plain(figure.name), type="decimal", unit=unit))
        elif figure.unit == "quantity_milli":
            columns.append(Column(name=OUTER[figure.name], type="decimal", unit="quantity"))
        else:
            name = OUTER.get(figure.name, figure.name)
            columns.append(Column(name=name, type=figure.type, unit=figure.unit))
    if not own and any(figure.unit in MONEY for figure in figures):
        columns.append(Column(name="currency", type="string"))
    return columns


def rows_of(
    access: Access, figures: Sequence[Figure], rows: Sequence[Mapping[str, Any]], currency: str
) -> list[dict[str, Any]]:
    """Return the rows in the outer columns; a reader without names gets pseudonyms."""
    per_customer = any(f.name == "customer_id" for f in figures)
    parties = named(access, [r["customer_id"] for r in rows]) if per_customer else {}
    own = _has_own_currency(figures)
    out = []
    for row in rows:
        shown: dict[str, Any] = {}
        for figure in figures:
            value = row[figure.name]
            if figure.name == "customer_id":
                shown |= parties[value]
            elif figure.unit in MONEY:
                # A balance is in the currency of its row, a book value in the population's.
                of = row["currency"] if own and figure.unit == "minor" else currency
                shown[_plain(figure.name)] = amount_of(value, of)
            elif figure.unit == "quantity_milli":
                shown[OUTER[figure.name]] = _quantity(value)
            elif figure.name == "group_label":
                shown["group"] = value or row["group_key"] or None
            else:
                shown[OUTER.get(figure.name, figure.name)] = outer_value(value)
        if not own and any(figure.unit in MONEY for figure in figures):
            shown["currency"] = currency
        out.append(shown)
    return out


def outer_value(value: Any) -> Any:
    """Return a share, days or points without what is no figure, and a day as text."""
    if isinstance(value, float):
        return round(value, PLACES)
    return value.isoformat() if isinstance(value, date) else value


def _quantity(milli: int | None) -> str | None:
    return None if milli is None else f"{(Decimal(milli) / 1000).normalize():f}"


def _has_own_currency(figures: Sequence[Figure]) -> bool:
    """Tell whether each row names the currency of its amounts itself."""
    return any(figure.name == "currency" for figure in figures)


def amount_of(minor: int | None, currency: str) -> str | None:
    """Return minor units as decimal text; None of nothing, and before any money came in."""
    if minor is None or not currency:
        return None
    return str(Money.of_minor(minor, currency).amount)


def named(access: Access, ids: Sequence[int | None]) -> dict[int | None, dict[str, Any]]:
    """Return public id, name and source keys; a pseudonym for who may not read customers."""
    nobody: dict[str, Any] = {"customer": None, "name": None, "source_keys": []}
    wanted = [i for i in ids if i is not None]
    note("analysis", wanted)
    if not access.may("customer.read"):
        return {None: nobody} | {i: nobody | {"customer": _pseudonym(i)} for i in wanted}
    known = named_customers(access, wanted)
    return {None: nobody} | {
        i: {
            "customer": known[i].public_id,
            "name": str(known[i].name),
            "source_keys": known[i].source_keys,
        }
        if i in known
        else nobody | {"customer": _pseudonym(i)}
        for i in wanted
    }


def _pseudonym(customer_id: int) -> str:
    mac = hmac.new(keys.key("blind_index"), f"pseudonym|{customer_id}".encode(), sha256)
    return mac.hexdigest()[:16]


def _plain(name: str) -> str:
    return name.removesuffix("_minor")
