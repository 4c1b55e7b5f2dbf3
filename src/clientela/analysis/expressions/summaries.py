"""What a chart shows of an answer: the answer itself, gathered into a few rows.

Each takes the answer's table and gives rows small enough to draw. Columns that are not
there (a class above the reader's) are left out by the caller, never guessed.
"""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

BANDS = ((90, "90–100"), (80, "80–89"), (70, "70–79"), (60, "60–69"), (50, "50–59"))
BUCKETS = (
    "not_due", "days_1_30", "days_31_60", "days_61_90", "days_91_180", "days_over_180",
)  # fmt: skip
DRAWN = 24  # bars at most


def by_class(answer: ir.Table) -> ir.Table:
    """How many customers, and how much of net sales, has each class?"""
    return answer.group_by("class").agg(
        customers=answer.count(), net_sales_minor=answer.net_sales_minor.sum()
    )


def by_segment(answer: ir.Table) -> ir.Table:
    """How many customers, and how much of net sales, has each segment?"""
    return answer.group_by("segment").agg(
        customers=answer.count(), net_sales_minor=answer.net_sales_minor.sum()
    )


def by_bucket(answer: ir.Table) -> ir.Table:
    """How much is open in each bucket, by currency?"""
    return answer.group_by("currency").agg(
        **{f"{bucket}_minor": answer[f"{bucket}_minor"].sum() for bucket in BUCKETS}
    )


def by_score(answer: ir.Table) -> ir.Table:
    """How many customers pay how punctually?"""
    band = ibis.cases(
        (answer.score.isnull(), "too_few"),
        *((answer.score >= least, name) for least, name in BANDS),
        else_="20–49",
    )
    banded = answer.mutate(band=band)
    return banded.group_by("band").agg(customers=banded.count())


def foremost(answer: ir.Table) -> ir.Table:
    """Which rows come first in the answer's own order?"""
    return answer.limit(DRAWN)


def everything(answer: ir.Table) -> ir.Table:
    """The answer as it is: it is small by nature."""
    return answer


SUMMARIES: Mapping[str, Callable[[ir.Table], ir.Table]] = {
    "abc": by_class,
    "rfm": by_segment,
    "sales": foremost,
    "cohorts": everything,
    "ageing": by_bucket,
    "punctuality": by_score,
    "dso": foremost,
}
