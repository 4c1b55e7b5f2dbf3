"""Typed batches as rows of the staging tables: one function a kind of row.

Each answers the table, its columns after the common ones, and the values of every row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from clientela.intake.kinds.customers import CUSTOMERS
from clientela.intake.mapping.typer import TypedBatch
from clientela.intake.services.at_rest import RowSeal
from clientela.intake.services.places import Places
from clientela.kernel.money import exponent_of
from clientela.records.attributes import ATTRIBUTES
from clientela.trade.numbers import made_number

PRODUCT = 9  # place of the product's code in a sales line; its name follows
COMMON = ("run_id", "row_no", "line_no", "unit", "raw", "flags", "notes")


@dataclass(frozen=True, kw_only=True)
class Stager:
    """Where rows of a kind are staged, under which field's value, and how."""

    table: str
    unit: str  # field that names what is loaded whole: a document, a key
    columns: tuple[str, ...]
    rows: Callable[[Places, Mapping[str, Sequence[Any]], int], Iterator[tuple[Any, ...]]]


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else int(amount.scaleb(exponent_of(currency)).to_integral_value())


def _column(columns: Mapping[str, Sequence[Any]], name: str, rows: int) -> Sequence[Any]:
    return columns.get(name) or [None] * rows


def _sales_lines(
    places: Places, columns: Mapping[str, Sequence[Any]], rows: int
) -> Iterator[tuple[Any, ...]]:
    def get(name: str) -> Sequence[Any]:
        return _column(columns, name, rows)

    one, zero = Decimal(1), Decimal(0)
    lines = zip(
        get("document_kind"), get("customer_key"), get("customer_name"), get("country"),
        get("issued_on"), get("issued_at"), get("due_on"), get("paid_on"), get("order_number"),
        get("product_code"), get("product_name"), get("category_1"), get("category_2"),
        get("category_3"), get("quantity"), get("unit_price"), get("net_amount"),
        get("tax_amount"), get("cost_amount"), get("currency"), get("branch_code"),
        get("customer_kind"), get("credited_number"), get("disputed"), strict=True,
    )  # fmt: skip
    for line in lines:
        *head, quantity, price, net, tax, cost, currency, branch, kind, credits, disputed = line
        head[PRODUCT] = head[PRODUCT] or head[PRODUCT + 1]  # a product without a code: its name
        amount = quantity if quantity is not None else one
        unit_price = price if price is not None else (net / amount if amount else zero)
        yield (
            *head, amount, round(unit_price, 6), _minor(net, currency), _minor(tax, currency) or 0,
            _minor(cost, currency), currency, places.node(branch), kind, credits, disputed,
        )  # fmt: skip


def _payments(
    places: Places, columns: Mapping[str, Sequence[Any]], rows: int
) -> Iterator[tuple[Any, ...]]:
    def get(name: str) -> Sequence[Any]:
        return _column(columns, name, rows)

    lines = zip(
        get("customer_key"), get("received_on"), get("currency"), get("amount"), get("method"),
        get("document_number"), get("branch_code"), strict=True,
    )  # fmt: skip
    for account, received_on, currency, amount, method, invoice, branch in lines:
        yield (
            account, received_on, currency, _minor(amount, currency), method or "", invoice,
            places.node(branch),
        )  # fmt: skip


def _products(
    places: Places, columns: Mapping[str, Sequence[Any]], rows: int
) -> Iterator[tuple[Any, ...]]:
    def get(name: str) -> Sequence[Any]:
        return _column(columns, name, rows)

    lines = zip(
        get("product_name"), get("category_1"), get("category_2"), get("category_3"), get("unit"),
        get("list_price"), get("currency"), get("launched_on"), strict=True,
    )  # fmt: skip
    for name, one, two, three, unit, price, currency, launched in lines:
        yield (name or "", one, two, three, unit or "", price, currency, launched)


# Field of the file -> attribute of the customer's file.
ATTRIBUTE_OF = {
    f.name: f.attribute
    for f in CUSTOMERS.fields
    if f.attribute and f.name not in ("branch_code", "owner")
}
OF_PERSONS = {name for name, a in ATTRIBUTES.items() if a.field_class("company") is None}


def _customers(
    places: Places, columns: Mapping[str, Sequence[Any]], rows: int
) -> Iterator[tuple[Any, ...]]:
    given = {
        attribute: columns[field] for field, attribute in ATTRIBUTE_OF.items() if columns.get(field)
    }
    kinds = _column(columns, "kind", rows)
    numbers = _column(columns, "register_number", rows)
    nodes, owners = _column(columns, "branch_code", rows), _column(columns, "owner", rows)
    for n in range(rows):
        kind = kinds[n] or "company"
        said = {
            name: _plain(values[n])
            for name, values in given.items()
            if values[n] is not None and (kind == "person" or name not in OF_PERSONS)
        }
        if numbers[n] is not None:
            said["registration_number" if kind == "company" else "identity_number"] = numbers[n]
        if nodes[n] is not None:
            said["org_node"] = places.node(nodes[n])
        if owners[n] is not None:
            said["owner"] = places.owner(owners[n])
        yield (kind, None, said)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


_LINE_COLUMNS = (
    "kind", "account", "account_name", "country", "issued_on", "issued_at", "due_on", "paid_on",
    "order_number", "product", "product_name", "category_1", "category_2", "category_3",
    "quantity", "unit_price", "net_minor", "tax_minor", "cost_minor", "currency", "node_id",
    "account_kind", "credits_number", "disputed",
)  # fmt: skip

STAGERS: dict[str, Stager] = {
    "sales_lines": Stager(
        table="sales_line", unit="document_number", columns=_LINE_COLUMNS, rows=_sales_lines
    ),
    "invoices": Stager(
        table="sales_line", unit="document_number", columns=_LINE_COLUMNS, rows=_sales_lines
    ),
    "payments": Stager(
        table="payment",
        unit="payment_number",
        columns=(
            "account", "received_on", "currency", "amount_minor", "method", "invoice_number",
            "node_id",
        ),
        rows=_payments,
    ),
    "products": Stager(
        table="product",
        unit="product_code",
        columns=(
            "name", "category_1", "category_2", "category_3", "measure", "list_price", "currency",
            "launched_on",
        ),
        rows=_products,
    ),
    "customers": Stager(
        table="customer",
        unit="customer_key",
        columns=("kind", "true_from", "attributes", "sealed"),
        rows=_customers,
    ),
}  # fmt: skip


def units_of(stager: Stager, typed: TypedBatch) -> Sequence[str]:
    """Return what each row belongs to; a payment without a number is named by its content."""
    given = typed.columns.get(stager.unit) or [None] * len(typed.row_nos)
    if stager.table != "payment" or None not in given:
        return [str(unit) for unit in given]
    c = typed.columns
    return [
        str(unit)
        if unit is not None
        else made_number(
            _column(c, name, len(given))[n]
            for name in ("customer_key", "document_number", "received_on", "amount", "currency")
        )
        for n, unit in enumerate(given)
    ]


def sealed_rows(
    stager: Stager, rows: Iterable[tuple[Any, ...]], row_nos: Sequence[int], seal: RowSeal
) -> Iterator[tuple[Any, ...]]:
    """Yield rows as staging may hold them: what is said of a customer is sealed, but its name."""
    if stager.table != "customer":
        yield from rows
        return
    for row_no, (kind, true_from, attributes) in zip(row_nos, rows, strict=True):
        yield (kind, true_from, *seal.said(row_no, attributes))
