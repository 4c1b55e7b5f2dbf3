"""Arithmetic of the analyses on plain values, and the tables of boundaries they use."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Segment:
    """A named rectangle of recency score and buying score, both ends included."""

    name: str
    r_from: int
    r_to: int
    fm_from: int
    fm_to: int


# By recency score r (5: bought latest) and buying score fm (5: buys most often and most).
# The rectangles cover the 5 by 5 square, each point once.
SEGMENTS = (
    Segment("champions", 5, 5, 4, 5),
    Segment("loyal", 3, 4, 4, 5),
    Segment("potentially_loyal", 4, 5, 2, 3),
    Segment("new", 5, 5, 1, 1),
    Segment("promising", 4, 4, 1, 1),
    Segment("needs_attention", 3, 3, 3, 3),
    Segment("about_to_sleep", 3, 3, 1, 2),
    Segment("at_risk", 2, 2, 3, 5),
    Segment("not_to_be_lost", 1, 1, 4, 5),
    Segment("sleeping", 2, 2, 1, 2),
    Segment("fading", 1, 1, 3, 3),
    Segment("lost", 1, 1, 1, 2),
)


def buying_score(f: int, m: int) -> int:
    """Return the score of frequency and monetary value together: their mean, rounded up."""
    if not (1 <= f <= 5 and 1 <= m <= 5):
        raise ValueError(f"scores go from 1 to 5, not {f} and {m}")
    return (f + m + 1) // 2


def segment_of(r: int, f: int, m: int) -> str:
    """Return the name of the segment of three scores."""
    fm = buying_score(f, m)
    for s in SEGMENTS:
        if s.r_from <= r <= s.r_to and s.fm_from <= fm <= s.fm_to:
            return s.name
    raise ValueError(f"scores go from 1 to 5, not {r}")


# Days late (negative: early) and the points they earn; straight lines between, flat outside.
PUNCTUALITY_POINTS = (
    (-30, 100),
    (-20, 90),
    (0, 80),
    (15, 70),
    (22, 60),
    (30, 50),
    (60, 40),
    (90, 30),
    (120, 20),
)
# Every slope of that table is a whole number of 84ths, so points are kept as whole 84ths:
# sums of them are exact and do not depend on the order of the rows or the engine.
POINT_PARTS = 84


@dataclass(frozen=True)
class Slope:
    """One straight piece: for days up to `until`, parts = parts_at + fall × (days − days_at)."""

    until: int
    days_at: int
    parts_at: int
    fall: int  # 84ths of a point for each day, negative


def punctuality_slopes() -> tuple[Slope, ...]:
    """Return the pieces between the first and the last of `PUNCTUALITY_POINTS`, in order."""
    pieces = []
    for (d0, p0), (d1, p1) in pairwise(PUNCTUALITY_POINTS):
        fall, left = divmod((p1 - p0) * POINT_PARTS, d1 - d0)
        if left:
            raise ValueError(f"the slope from {d0} to {d1} is no whole number of 84ths")
        pieces.append(Slope(d1, d0, p0 * POINT_PARTS, fall))
    return tuple(pieces)


def punctuality_parts(days_late: int) -> int:
    """Return the points of one item in 84ths: 80 × 84 when paid on the due day."""
    first, last = PUNCTUALITY_POINTS[0], PUNCTUALITY_POINTS[-1]
    if days_late <= first[0]:
        return first[1] * POINT_PARTS
    for piece in punctuality_slopes():
        if days_late <= piece.until:
            return piece.parts_at + piece.fall * (days_late - piece.days_at)
    return last[1] * POINT_PARTS


# Who sees totals alone sees no figure of fewer customers than this: see `suppression`.
LEAST_IN_GROUP = 10

# Ageing: the last day past due of each bucket; what is later falls into the last one.
AGEING_BUCKETS = (
    ("not_due", 0),
    ("days_1_30", 30),
    ("days_31_60", 60),
    ("days_61_90", 90),
    ("days_91_180", 180),
    ("days_over_180", None),
)


def ageing_bucket(days_past_due: int) -> str:
    """Return the name of the bucket that an item so many days past due falls into."""
    for name, last in AGEING_BUCKETS:
        if last is None or days_past_due <= last:
            return name
    raise ValueError("the last bucket has no end")  # a table without such a row is a mistake
