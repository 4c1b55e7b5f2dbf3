"""Allocations: which payment or credit note settles how much of which invoice."""

from clientela.tables.contract import Column, TableContract

ALLOCATIONS = TableContract(
    name="allocations",
    meaning="What settles an invoice: a payment or a credit note, exactly one of the two.",
    one_row_per=("allocation_id",),
    day="allocated_on",
    columns={
        "allocation_id": Column("int64", "The allocation."),
        "invoice_id": Column("int64", "Invoice that is settled."),
        "payment_id": Column("int64", "Payment used; null: a credit note.", required=False),
        "credit_note_id": Column(
            "int64", "Credit note used (its invoice_id); null: a payment.", required=False
        ),
        "customer_id": Column("int64", "Customer of the invoice; null: anonymous.", required=False),
        "org_node_id": Column(
            "int64", "Node of the invoice: the one that serves its customer now."
        ),
        "owner_id": Column("int64", "User who looks after the customer.", required=False),
        "allocated_on": Column(
            "date",
            "Day it settles: the payment's or credit note's own, or the later one set.",
            "S3",
        ),
        "currency": Column("string", "ISO 4217 code of the invoice.", form="currency"),
        "amount_minor": Column(
            "int64", "Amount settled, positive.", "S3", unit="minor of currency", least=1
        ),
        "amount_base_minor": Column(
            "int64",
            "The amount at the invoice's rate, so that a settled invoice leaves nothing.",
            "S3",
            unit="minor of base currency",
            required=False,
        ),
        "delay_is_ours": Column(
            "boolean", "The delay is our fault (delivery, invoice or goods).", "S3"
        ),
    },
)
