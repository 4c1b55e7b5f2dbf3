"""Products: what is sold, with three levels of category."""

from clientela.tables.contract import Column, TableContract

PRODUCTS = TableContract(
    name="products",
    meaning="What is sold, and where it stands in the category tree.",
    one_row_per=("product_id",),
    columns={
        "product_id": Column("int64", "The product."),
        "category_1": Column("string", "Top category; null: none given.", "S0", required=False),
        "category_2": Column("string", "Category below it; null: none.", "S0", required=False),
        "category_3": Column("string", "Category below that; null: none.", "S0", required=False),
        "launched_on": Column("date", "First day on sale; null: unknown.", required=False),
    },
)
