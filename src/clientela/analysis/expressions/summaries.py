"""What a chart shows of an answer: the answer itself, gathered into a few rows.

Each takes the answer's table and gives rows small enough to draw. Columns that are not
there (a class above the reader's) are left out by the caller, never guessed.
"""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Figure

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
    """How much is open in each bucket, by currency, and how much stands beside it?"""
    return answer.group_by("currency").agg(
        **{f"{bucket}_minor": answer[f"{bucket}_minor"].sum() for bucket in BUCKETS},
        open_base_minor=answer.open_base_minor.sum(),
        unapplied_minor=answer.unapplied_minor.sum(),
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

_CUSTOMERS = Figure(name="customers", type="int64", meaning="In the group.", unit="count")
_NET_SALES = Figure(
    name="net_sales_minor", type="int64", meaning="Of the group.", unit="minor_base"
)
# What a summary says in columns: it is the answer for who sees totals, never single customers.
TOTALS: Mapping[str, tuple[Figure, ...]] = {
    "abc": (
        Figure(name="class", type="string", meaning="A, B, C or inactive.", is_key=True),
        _CUSTOMERS, _NET_SALES,
    ),
    "rfm": (
        Figure(name="segment", type="string", meaning="Named by the boundaries.", is_key=True),
        _CUSTOMERS, _NET_SALES,
    ),
    "punctuality": (
        Figure(name="band", type="string", meaning="Of the score.", field_class="S3",
               is_key=True),
        _CUSTOMERS,
    ),
}  # fmt: skip


def totals(name: str, answer: ir.Table) -> ir.Table:
    """How large is each group of the answer's customers?"""
    key = TOTALS[name][0].name
    return SUMMARIES[name](answer).order_by(ibis.asc(key, nulls_first=False))
