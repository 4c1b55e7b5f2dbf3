"""Invoice lines: one row for each line of an invoice, credit note or adjustment, signed."""

from clientela.tables.contract import SCOPE_NODE, SOLD_BY, Column, TableContract
from clientela.tables.invoices import KINDS

INVOICE_LINES = TableContract(
    name="invoice_lines",
    meaning="Lines of the documents in `invoices`; their net amounts add up to the document's.",
    one_row_per=("line_id",),
    day="issued_on",
    columns={
        "line_id": Column("int64", "The line."),
        "invoice_id": Column("int64", "Its document."),
        "customer_id": Column("int64", "Who was billed; null: an anonymous sale.", required=False),
        "org_node_id": Column("int64", SCOPE_NODE),
        "sold_by_id": Column("int64", SOLD_BY),
        "owner_id": Column("int64", "User who looks after the customer.", required=False),
        "source_id": Column("int64", "Source that told of it."),
        "kind": Column("string", "Kind of the document.", values=KINDS),
        "issued_on": Column("date", "Date of the document."),
        "product_id": Column("int64", "What was sold; null: no product given.", required=False),
        "quantity_milli": Column("int64", "Quantity, signed.", unit="thousandths"),
        "currency": Column("string", "ISO 4217 code of the document.", form="currency"),
        "net_minor": Column("int64", "Amount without tax, signed.", unit="minor of currency"),
        "net_base_minor": Column(
            "int64",
            "Net at the document date's rate.",
            unit="minor of base currency",
            required=False,
        ),
        "cost_base_minor": Column(
            "int64",
            "Cost of the goods, signed; null: unknown.",
            "S3",
            unit="minor of base currency",
            required=False,
        ),
    },
)
