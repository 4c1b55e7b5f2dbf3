"""Cases: complaints, faults, inquiries and suggestions, and how they were dealt with.

Most come of a purchase at random. Unhappy customers complain besides, of what they are
unhappy with, and wait longer for an answer. One lot of one product is faulty.
"""

from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from clientela.demo.buying import Bought
from clientela.demo.catalogue import catalogue
from clientela.demo.drawing import Flags, Ints, choose, generator
from clientela.demo.moments import END, at_work
from clientela.demo.moods import Moods
from clientela.demo.people import TRADE_SHARES
from clientela.demo.world import DAYS, World

KINDS = ("complaint", "fault", "inquiry", "suggestion")
COMPLAINT, FAULT, INQUIRY, SUGGESTION = range(4)
SHARES = (0.25, 0.25, 0.38, 0.12)
PER_PURCHASE = 0.03
FAULTY = 0.6  # of the purchases of the faulty lot are reported
MORE = 1.6  # complaints of an unhappy customer
CAUSES = ("goods", "delivery", "invoice", "price", "service", "handling", "information", "")
CAUSE_OF_MOOD = (CAUSES.index("price"), CAUSES.index("service"), CAUSES.index("goods"))
# Of each kind: how likely each cause is.
CAUSE_SHARES = (
    (3, 4, 2, 1, 2, 0, 0, 0), (9, 0, 0, 0, 0, 1, 0, 0), (0, 0, 0, 0, 0, 0, 1, 0),
    (0, 0, 0, 0, 0, 0, 0, 1),
)  # fmt: skip
OUTCOMES = ("repaired", "replaced", "refunded", "explained", "adopted", "refused")
OUTCOME_SHARES = (
    (0, 2, 3, 4, 0, 1), (4, 4, 2, 0, 0, 1), (0, 0, 0, 1, 0, 0), (0, 0, 0, 2, 2, 5),
)  # fmt: skip
PRIORITIES = ("low", "normal", "high", "urgent")
DUE_HOURS = (240, 120, 48, 24)
PRIORITY_SHARES = ((0, 4, 5, 1), (0, 5, 4, 1), (3, 7, 1, 0), (8, 2, 0, 0))
UNSOLVED = 0.05


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The product that is faulty, and the quarter in which the faulty lot was delivered."""

    product: int
    quarter: str  # 26Q1


@dataclass(frozen=True, kw_only=True)
class Cases:
    """One array each; instants as in `moments`, those after the end not yet come."""

    customer: Ints
    kind: Ints
    product: Ints  # -1: about none
    delivered: Ints  # day of the delivery that it is about; -1: about none
    received: Ints
    answered: Ints
    resolved: Ints
    due: Ints
    priority: Ints
    cause: Ints
    outcome: Ints

    def __len__(self) -> int:
        return len(self.customer)


@lru_cache(maxsize=4)
def quarters(world: World) -> tuple[str, ...]:
    """Return the quarter of each day."""
    days = [world.day(day) for day in range(DAYS)]
    return tuple(f"{day.year % 100:02d}Q{(day.month + 2) // 3}" for day in days)


@lru_cache(maxsize=4)
def fault(world: World) -> Fault:
    """Draw the faulty lot: of a product that is sold much, in a quarter that is over."""
    rng = generator(world.seed, "fault")
    goods = catalogue(world)
    sold = (np.array(TRADE_SHARES) / goods.wanted.sum(axis=1)) @ goods.wanted
    best = np.argsort(np.where(goods.launched < 0, -sold, 0), kind="stable")[:3]
    day = DAYS - 150 - int(rng.integers(0, 200))
    return Fault(product=int(rng.choice(best)), quarter=quarters(world)[day])


def cases(world: World, part: int, what: Bought, mood: Moods) -> Cases:
    """Draw the cases of a slice."""
    rng = generator(world.seed, "complaining", part)
    columns = zip(_at_random(rng, what), _faults(world, rng, what), _moods(rng, mood), strict=True)
    customer, kind, product, delivered, day, cause = map(np.concatenate, columns)
    cause = np.where(cause >= 0, cause, _of_kind(rng, CAUSE_SHARES, kind))
    received = at_work(rng, world, day)
    priority = _of_kind(rng, PRIORITY_SHARES, kind)
    slow = np.where(mood.unhappy(customer, day), 3.0, 1.0)
    wait = np.exp(np.log(5 * 60) + 0.9 * rng.standard_normal(len(kind))) * slow
    work = np.exp(np.log(50 * 60) + 0.8 * rng.standard_normal(len(kind))) * slow
    answered = received + wait.astype(np.int64) + 1
    never = rng.random(len(kind)) < UNSOLVED
    found = Cases(
        customer=customer, kind=kind, product=product, delivered=delivered, received=received,
        answered=answered, resolved=np.where(never, END, answered + work.astype(np.int64)),
        due=received + np.array(DUE_HOURS)[priority] * 60, priority=priority, cause=cause,
        outcome=_of_kind(rng, OUTCOME_SHARES, kind),
    )  # fmt: skip
    order = np.argsort(received, kind="stable")[: int((received < END).sum())]
    return Cases(**{field.name: getattr(found, field.name)[order] for field in fields(Cases)})


Drawn = tuple[Ints, Ints, Ints, Ints, Ints, Ints]  # as the first columns of Cases, day, cause


def _at_random(rng: Generator, what: Bought) -> Drawn:
    of = np.flatnonzero((rng.random(len(what.customer)) < PER_PURCHASE) & (what.delivered < DAYS))
    kind = choose(rng, SHARES, len(of))
    line = np.searchsorted(what.of, of)
    about = (kind <= FAULT) | (rng.random(len(of)) < 0.5)
    return (
        what.customer[of], kind, np.where(about, what.product[line], -1),
        np.where(about, what.delivered[of], -1), what.delivered[of] + rng.integers(1, 15, len(of)),
        np.full(len(of), -1),
    )  # fmt: skip


def _faults(world: World, rng: Generator, what: Bought) -> Drawn:
    one = fault(world)
    in_lot = np.array([*(quarter == one.quarter for quarter in quarters(world)), False])
    delivered = np.minimum(what.delivered[what.of], DAYS)
    bad: Flags = (what.product == one.product) & in_lot[delivered]
    line = np.flatnonzero(bad & (rng.random(len(bad)) < FAULTY))
    of = what.of[line]
    return (
        what.customer[of], np.full(len(of), FAULT), what.product[line], what.delivered[of],
        what.delivered[of] + rng.integers(2, 30, len(of)), np.zeros(len(of), dtype=np.int64),
    )  # fmt: skip


def _moods(rng: Generator, mood: Moods) -> Drawn:
    unhappy = np.flatnonzero(mood.since < mood.until)
    customer = np.repeat(unhappy, rng.poisson(MORE, len(unhappy)))
    days = mood.until[customer] - mood.since[customer]
    day = mood.since[customer] + (rng.random(len(customer)) * days).astype(np.int64)
    none = np.full(len(customer), -1)
    cause = np.array(CAUSE_OF_MOOD)[mood.reason[customer]]
    return customer, np.full(len(customer), COMPLAINT), none, none, day, cause


def _of_kind(rng: Generator, shares: tuple[tuple[int, ...], ...], kind: Ints) -> Ints:
    """Draw for each case by the shares of its kind."""
    drawn = np.empty(len(kind), dtype=np.int64)
    for place, weights in enumerate(shares):
        at = kind == place
        drawn[at] = choose(rng, weights, int(at.sum()))
    return drawn
