"""Payments: one row for each payment received."""

from clientela.tables.contract import Column, TableContract

PAYMENTS = TableContract(
    name="payments",
    meaning="Money received; what it settles is in `allocations`.",
    one_row_per=("payment_id",),
    day="received_on",
    columns={
        "payment_id": Column("int64", "The payment."),
        "customer_id": Column("int64", "Who paid; null: not yet known.", required=False),
        "org_node_id": Column(
            "int64", "Node that serves the customer now; of none known the one it was brought to."
        ),
        "owner_id": Column("int64", "User who looks after the customer.", required=False),
        "source_id": Column("int64", "Source that told of it."),
        "received_on": Column("date", "Day the money came.", "S3"),
        "currency": Column("string", "ISO 4217 code of the payment.", form="currency"),
        "amount_minor": Column("int64", "Amount received.", "S3", unit="minor of currency"),
        "amount_base_minor": Column(
            "int64",
            "Amount at the day's rate.",
            "S3",
            unit="minor of base currency",
            required=False,
        ),
    },
)
