"""Purchases: the rollup of invoices that value and retention analyses read.

A purchase day is a day with an invoice of positive net amount; credit notes and adjustments
change net sales and make no purchase day. In the columnar copy the rollup is derived from
`invoices`, so it has no view in the database and cannot disagree with them.
"""

import ibis
import ibis.expr.types as ir

from clientela.tables.contract import SCOPE_NODE, SOLD_BY, Column, TableContract
from clientela.tables.invoices import INVOICES, KINDS

PURCHASES = TableContract(
    name="purchases",
    meaning="One row for each invoice, credit note or adjustment, without its lines.",
    one_row_per=("purchase_id",),
    day="purchased_on",
    columns={
        "purchase_id": Column("int64", "The document (its invoice_id)."),
        "customer_id": Column("int64", "Who bought; null: an anonymous sale.", required=False),
        "org_node_id": Column("int64", SCOPE_NODE),
        "sold_by_id": Column("int64", SOLD_BY),
        "owner_id": Column("int64", "User who looks after the customer.", required=False),
        "source_id": Column("int64", "Source that told of it."),
        "kind": Column("string", "Kind of the document.", values=KINDS),
        "purchased_on": Column("date", "Date on the document."),
        "currency": Column("string", "ISO 4217 code of the document.", form="currency"),
        "net_minor": Column("int64", "Net amount, signed.", unit="minor of currency"),
        "net_base_minor": Column(
            "int64",
            "Net at the day's rate; null: no rate was known.",
            unit="minor of base currency",
            required=False,
        ),
        "margin_base_minor": Column(
            "int64",
            "Net less cost of the goods; null: cost unknown.",
            "S3",
            unit="minor of base currency",
            required=False,
        ),
        "is_purchase": Column("boolean", "An invoice with a positive net amount."),
    },
)


def purchases_of(invoices: ir.Table) -> ir.Table:
    """Return the purchases that `invoices` (contract `invoices`) tell of, one row per document."""
    t = INVOICES.check(
        invoices,
        *("invoice_id", "customer_id", "org_node_id", "sold_by_id", "owner_id", "source_id"),
        *("kind", "issued_on", "currency", "net_minor", "net_base_minor", "cost_base_minor"),
    )
    return t.select(
        purchase_id=t.invoice_id,
        customer_id=t.customer_id,
        org_node_id=t.org_node_id,
        sold_by_id=t.sold_by_id,
        owner_id=t.owner_id,
        source_id=t.source_id,
        kind=t.kind,
        purchased_on=t.issued_on,
        currency=t.currency,
        net_minor=t.net_minor,
        net_base_minor=t.net_base_minor,
        margin_base_minor=t.net_base_minor - t.cost_base_minor,
        is_purchase=(t.kind == ibis.literal("invoice")) & (t.net_minor > 0),
    )
