"""Contacts: every department's, at rates by size and trade, and those that were too many.

Proactive contacts that go out stay below any ceiling by themselves: one a customer and
week. A few customers are planted that are contacted too often: in two to four weeks in a
row, by two or more departments, three to five times.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.random import Generator

from clientela.demo.drawing import Flags, Ints, choose, generator
from clientela.demo.moments import DAY, OPEN, OPENS, at_work, week_of
from clientela.demo.people import People
from clientela.demo.world import DAYS, World

DEPARTMENTS = ("sales", "marketing", "service", "credit", "logistics")
SALES, MARKETING, SERVICE, CREDIT, LOGISTICS = range(5)
CHANNELS = ("phone", "visit", "email", "message", "letter", "web")
PHONE, VISIT, EMAIL, MESSAGE, LETTER, WEB = range(6)
KINDS = (
    "offer", "promotion", "newsletter", "survey", "care", "order", "delivery", "reminder", "case",
    "contract", "other",
)  # fmt: skip
CEILING = 2  # proactive contacts of a customer in a week, all departments together
PRESSED = 0.04
# What the planted contacts are, by department.
TOO_MANY = ("offer", "promotion", "care", "reminder")


@dataclass(frozen=True, kw_only=True)
class Pressed:
    """Customers that are contacted too often, the first of the weeks, and how many."""

    customer: Ints
    week: Ints
    weeks: Ints

    def before(self, customer: Ints, day: int) -> Flags:
        """Tell of each of these customers whether it was contacted too often before a day."""
        flags: Flags = np.isin(customer, self.customer[(self.week + self.weeks) * 7 <= day])
        return flags


@dataclass(frozen=True, kw_only=True)
class Contacts:
    """One array each, in the order of their instants."""

    customer: Ints
    moment: Ints
    department: Ints
    goes_out: Flags
    channel: Ints
    kind: Ints
    proactive: Flags
    product: Ints  # -1: about none

    def __len__(self) -> int:
        return len(self.customer)


def pressed(world: World, part: int, who: People) -> Pressed:
    """Draw who of a slice is contacted too often, and when."""
    rng = generator(world.seed, "pressing", part)
    n = len(who)
    begins = np.maximum(np.maximum(who.joined, 0), world.entries_from) + 14
    ends = np.minimum(who.left, DAYS) - 42
    chosen = (rng.random(n) < PRESSED) & ~who.prospect & (ends > begins)
    day = begins + (rng.random(n) * np.maximum(ends - begins, 1)).astype(np.int64)
    customer = np.flatnonzero(chosen)
    weeks = rng.integers(2, 5, n)
    return Pressed(
        customer=customer, week=week_of(world, day * DAY)[customer], weeks=weeks[customer]
    )


def proactive(
    rng: Generator, world: World, customer: Ints, day: Ints, *, department: int, kind: str,
    channels: Sequence[float],
) -> Contacts:  # fmt: skip
    """Return contacts that go out by themselves, one each for a customer and day."""
    n = len(customer)
    return Contacts(
        customer=customer, moment=at_work(rng, world, day),
        department=np.full(n, department), goes_out=np.ones(n, dtype=np.bool_),
        channel=choose(rng, channels, n), kind=np.full(n, KINDS.index(kind)),
        proactive=np.ones(n, dtype=np.bool_), product=np.full(n, -1),
    )  # fmt: skip


def reactive(
    moment: Ints, customer: Ints, channel: Ints, *, department: int, kind: str, goes_out: bool,
    product: Ints | None = None,
) -> Contacts:  # fmt: skip
    """Return contacts that came of something else."""
    n = len(customer)
    return Contacts(
        customer=customer, moment=moment, department=np.full(n, department),
        goes_out=np.full(n, goes_out), channel=channel, kind=np.full(n, KINDS.index(kind)),
        proactive=np.zeros(n, dtype=np.bool_), product=np.full(n, -1) if product is None else product,
    )  # fmt: skip


def one_a_week(world: World, given: Contacts) -> Contacts:
    """Return the first of the contacts of each customer and week, in the order given."""
    week = given.customer * 1000 + week_of(world, given.moment)
    _, first = np.unique(week, return_index=True)
    return taken(given, np.sort(first))


def too_many(world: World, part: int, whom: Pressed) -> Contacts:
    """Draw the contacts that are too many."""
    rng = generator(world.seed, "too many", part)
    customer = np.repeat(whom.customer, whom.weeks)
    starts = np.cumsum(whom.weeks) - whom.weeks
    week = (
        np.repeat(whom.week, whom.weeks) + np.arange(len(customer)) - np.repeat(starts, whom.weeks)
    )
    times = rng.integers(CEILING + 1, CEILING + 4, len(customer))
    customer, week = np.repeat(customer, times), np.repeat(week, times)
    nth = np.arange(len(customer)) - np.repeat(np.cumsum(times) - times, times)
    # The first two of a week come from two departments; any department has the others.
    department = np.where(nth < 2, nth, rng.integers(0, 4, len(customer)))
    monday = week * 7 - world.begins.weekday()
    day = monday + rng.integers(0, 5, len(customer))
    n = len(customer)
    return Contacts(
        customer=customer, moment=day * DAY + OPENS + rng.integers(0, OPEN, n),
        department=department, goes_out=np.ones(n, dtype=np.bool_),
        channel=choose(rng, (4, 1, 4, 2, 0, 0), n),
        kind=np.array([KINDS.index(kind) for kind in TOO_MANY])[department],
        proactive=np.ones(n, dtype=np.bool_), product=np.full(n, -1),
    )  # fmt: skip


def joined(*given: Contacts) -> Contacts:
    """Return all of these contacts, one after the other."""
    return Contacts(
        **{
            field.name: np.concatenate([getattr(one, field.name) for one in given])
            for field in fields(Contacts)
        }
    )


def taken(given: Contacts, rows: Ints | Flags) -> Contacts:
    """Return some of the contacts."""
    return Contacts(**{field.name: getattr(given, field.name)[rows] for field in fields(Contacts)})
