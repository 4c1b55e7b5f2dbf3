"""Orders: one row for each order."""

from clientela.tables.contract import SCOPE_NODE, Column, TableContract

ORDERS = TableContract(
    name="orders",
    meaning="What customers ordered.",
    one_row_per=("order_id",),
    day="ordered_on",
    columns={
        "order_id": Column("int64", "The order."),
        "customer_id": Column("int64", "Who ordered; null: anonymous.", required=False),
        "org_node_id": Column("int64", SCOPE_NODE),
        "sold_by_id": Column("int64", "Node that took it; stays when the customer moves."),
        "owner_id": Column("int64", "User who looks after the customer.", required=False),
        "source_id": Column("int64", "Source that told of it."),
        "ordered_on": Column("date", "Date of the order."),
        "currency": Column("string", "ISO 4217 code of the order.", form="currency"),
        "net_minor": Column("int64", "Amount without tax.", unit="minor of currency"),
        "net_base_minor": Column(
            "int64", "Net at the order date's rate.", unit="minor of base currency", required=False
        ),
        "state": Column("string", "State of the order, as trade names it."),
    },
)
