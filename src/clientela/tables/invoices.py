"""Invoices: one row for each invoice, credit note or adjustment, signed.

Signs: a credit note carries negative amounts, so that the plain sum of a column is net.
"""

from clientela.tables.contract import SCOPE_NODE, SOLD_BY, Column, TableContract

KINDS = ("invoice", "credit_note", "adjustment")

INVOICES = TableContract(
    name="invoices",
    meaning="Invoices, credit notes and adjustments that stand (voided ones are left out).",
    one_row_per=("invoice_id",),
    day="issued_on",
    columns={
        "invoice_id": Column("int64", "The document."),
        "customer_id": Column("int64", "Who was billed; null: an anonymous sale.", required=False),
        "org_node_id": Column("int64", SCOPE_NODE),
        "sold_by_id": Column("int64", SOLD_BY),
        "owner_id": Column("int64", "User who looks after the customer.", required=False),
        "source_id": Column("int64", "Source that told of it."),
        "kind": Column("string", "What the document is.", values=KINDS),
        "settlement": Column(
            "string",
            "Whether the source tells payments; unknown stays out of receivables.",
            values=("known", "unknown"),
        ),
        "issued_on": Column("date", "Date on the document."),
        "due_on": Column("date", "Due date; null: due when issued.", "S3", required=False),
        "delay_is_ours": Column(
            "boolean", "Its being open is our fault (delivery, invoice or goods).", "S3"
        ),
        "currency": Column("string", "ISO 4217 code of the document.", form="currency"),
        "net_minor": Column("int64", "Amount without tax, signed.", unit="minor of currency"),
        "gross_minor": Column("int64", "Amount with tax, signed.", unit="minor of currency"),
        "net_base_minor": Column(
            "int64",
            "Net at the document date's rate.",
            unit="minor of base currency",
            required=False,
        ),
        "gross_base_minor": Column(
            "int64",
            "Gross at the document date's rate.",
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
