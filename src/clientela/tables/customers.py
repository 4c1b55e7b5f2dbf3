"""Customers: one row for each party with a file, without its name."""

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
        "country": Column(
            "string", "ISO 3166-1 alpha-2; null: unknown.", "S0", required=False, form="country"
        ),
        "region": Column("string", "Province or state; null: unknown.", required=False),
        "city": Column("string", "Town; null: unknown.", required=False),
        "industry": Column(
            "string", "ISIC or NACE code of a company; null: unknown.", "S0", required=False
        ),
        "sex": Column("string", "Of a person, as stated; null: unknown.", required=False),
        "age_band": Column("string", "Such as 25-34; null: unknown.", required=False),
        "income_band": Column("string", "Such as 50-74k; null: unknown.", required=False),
        "household_size_band": Column("string", "1, 2, … 5+; null: unknown.", required=False),
        "first_known_on": Column("date", "Day the first source record was learned."),
        "is_archived": Column(
            "boolean",
            "Put away by a person, or all of it taken back: in no list; documents in force count.",
        ),
    },
)
