"""The parameter and the columns of the sales analysis.

Net sales are how much somebody buys, which is internal; their parts and quantities, of which a
price follows, and how many documents they are of, are what documents say.
"""

from clientela.analysis.expressions.spec import Figure, Parameter

BY = Parameter(
    name="by",
    meaning="What a row stands for.",
    type=str,
    default="month",
    choices=("month", "product", "category", "region", "branch", "customer", "country"),
)

FIGURES = (
    Figure(
        name="group_key",
        type="string",
        meaning="The group: a month such as 2026-03, an id as text, or a word; empty: not known.",
        is_key=True,
    ),
    Figure(name="group_id", type="int64", meaning="Id of the group; null where it is a word."),
    Figure(name="group_label", type="string", meaning="Its name, where the tables carry one."),
    Figure(
        name="documents",
        type="int64",
        meaning="Distinct documents.",
        unit="count",
        field_class="S3",
    ),
    Figure(name="customers", type="int64", meaning="Distinct customers.", unit="count"),
    Figure(
        name="quantity_milli",
        type="int64",
        meaning="Quantity, signed; null where whole documents are summed.",
        unit="quantity_milli",
        field_class="S3",
    ),
    Figure(
        name="invoiced_minor",
        type="int64",
        meaning="Invoices without tax.",
        unit="minor_base",
        field_class="S3",
    ),
    Figure(
        name="credited_minor",
        type="int64",
        meaning="Credit notes, as a positive amount.",
        unit="minor_base",
        field_class="S3",
    ),
    Figure(
        name="adjusted_minor",
        type="int64",
        meaning="Adjustments, signed.",
        unit="minor_base",
        field_class="S3",
    ),
    Figure(
        name="net_sales_minor",
        type="int64",
        meaning="Invoices and adjustments less credit notes.",
        unit="minor_base",
    ),
    Figure(
        name="share",
        type="float64",
        meaning="Of the net sales of all groups; null where those are not positive.",
        unit="share",
    ),
    Figure(
        name="previous_minor",
        type="int64",
        meaning="Net sales of the period before; null: there is none to compare with.",
        unit="minor_base",
    ),
    Figure(
        name="growth_rate",
        type="float64",
        meaning="Change against the period before; null where that is not positive.",
        unit="share",
    ),
    Figure(
        name="is_complete",
        type="boolean",
        meaning="The month lies whole in the period; null where a row is no month.",
    ),
)

# Beside a product's code outside: two sources may use one code for two things.
SOURCE = Figure(name="source", type="string", meaning="The source that the product's code is of.")
