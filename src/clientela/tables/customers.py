"""Customers: one row for each party with a file, without its name and what it says of a person."""

from clientela.tables.contract import Column, TableContract

CUSTOMERS = TableContract(
    name="customers",
    meaning="Parties with a file, as resolved from their source records.",
    one_row_per=("customer_id",),
    columns={
        "customer_id": Column("int64", "Internal key; survives merges as the oldest."),
        "kind": Column("string", "Company or person.", values=("company", "person")),
        "stage": Column(
            "string",
            "How far the dealings have come.",
            values=("related", "prospect", "customer", "former"),
        ),
        "org_node_id": Column("int64", "Node of the organisation that serves the customer."),
        "owner_id": Column("int64", "User who looks after it; null: nobody.", required=False),
        "country": Column("string", "ISO 3166-1 alpha-2; null: unknown.", "S0", required=False),
        "region": Column("string", "Province or state; null: unknown.", required=False),
        "city": Column("string", "Town; null: unknown.", required=False),
        "industry": Column(
            "string", "ISIC or NACE code of a company; null: unknown.", "S0", required=False
        ),
        "first_known_on": Column("date", "Day the first source record was learned."),
        "is_archived": Column("boolean", "Put away: no longer shown in lists."),
    },
)
