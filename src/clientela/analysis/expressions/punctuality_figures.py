"""The columns of the punctuality analysis."""

from clientela.analysis.expressions.spec import Figure

FIGURES = (
    Figure(name="customer_id", type="int64", meaning="The customer.", is_key=True),
    Figure(
        name="invoices",
        type="int64",
        meaning="Invoices that the score is taken over.",
        unit="count",
        field_class="S3",
    ),
    Figure(
        name="average_days_late",
        type="float64",
        meaning="Average days beyond terms, weighted by amount; negative is early.",
        unit="days",
        field_class="S3",
    ),
    Figure(
        name="score",
        type="float64",
        meaning="Punctuality from 20 to 100, 80 is on time; null: too few invoices.",
        unit="points",
        field_class="S3",
    ),
    Figure(
        name="too_few",
        type="boolean",
        meaning="Fewer invoices than a score needs.",
        field_class="S3",
    ),
    Figure(
        name="late_share",
        type="float64",
        meaning="Share of the amount that was, or is, late; also by our fault.",
        unit="share",
        field_class="S3",
    ),
    Figure(
        name="open_late_items",
        type="int64",
        meaning="Invoices of the score that are open and past due.",
        unit="count",
        field_class="S3",
    ),
    Figure(
        name="ours_items",
        type="int64",
        meaning="Late items left out of the score: the delay is our fault.",
        unit="count",
        field_class="S3",
    ),
    Figure(
        name="ours_days", type="int64", meaning="Their days late.", unit="days", field_class="S3"
    ),
    Figure(
        name="judged_minor",
        type="int64",
        meaning="What the days late are weighed by: amounts paid, and open and past due.",
        unit="minor_base",
        field_class="S3",
    ),
)
