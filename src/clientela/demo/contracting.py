"""Contracts: which customers buy under one, from when to when, and what followed.

A contract runs for a year and is renewed, as long as the customer stays. One that leaves
has not renewed: its last contract ends on the day from which it buys no more.
"""

from dataclasses import dataclass

import numpy as np

from clientela.demo.buying import Bought
from clientela.demo.drawing import Ints, generator
from clientela.demo.people import People
from clientela.demo.world import DAYS, World

YEAR, LEAST = 365, 60  # days of a term, and of a first one at least
KINDS = ("framework", "supply", "supply", "service")
ROUND = 100_00  # minor units that a value is rounded to


@dataclass(frozen=True, kw_only=True)
class Contracts:
    """Rows in the order of customers, and of each customer's terms."""

    customer: Ints
    begins: Ints
    ends: Ints  # the day after the last
    signed: Ints
    kind: Ints
    value: Ints  # minor units of the customer's currency
    next: Ints  # row of the contract that renews it; -1: none

    def __len__(self) -> int:
        return len(self.customer)


def contracts(world: World, part: int, who: People, what: Bought) -> Contracts:
    """Draw the contracts of a slice."""
    rng = generator(world.seed, "contracting", part)
    n = len(who)
    likely = np.clip(0.2 + 0.12 * who.size, 0.04, 0.6)
    holds = (rng.random(n) < likely) & ~who.is_person & ~who.prospect
    first = np.maximum(who.joined, 0) + rng.integers(0, 200, n)
    kind = rng.integers(0, len(KINDS), n)
    rows: list[tuple[int, int, int, int]] = []
    for one in np.flatnonzero(holds).tolist():
        terms = _terms(int(first[one]), int(max(who.joined[one], 0)), int(who.left[one]))
        for place, term in enumerate(terms):
            rows.append((one, *term, len(rows) + 1 if place + 1 < len(terms) else -1))
    table: Ints = np.array(rows, dtype=np.int64).reshape(-1, 4)
    customer, begins, ends, following = (table[:, place] for place in range(4))
    return Contracts(
        customer=customer, begins=begins, ends=ends, next=following, kind=kind[customer],
        signed=np.maximum(begins - rng.integers(1, 30, len(rows)), who.joined[customer]),
        value=_values(rng, what, customer, begins, ends),
    )  # fmt: skip


def _terms(first: int, joined: int, left: int) -> list[tuple[int, int]]:
    """Return the terms of one customer, oldest first."""
    if left < DAYS:
        terms: list[tuple[int, int]] = []
        while left - joined >= LEAST and len(terms) < 3:
            terms.append((max(left - YEAR, joined), left))
            left -= YEAR
        return terms[::-1]
    return [(day, day + YEAR) for day in range(first, DAYS, YEAR)]


def _values(
    rng: np.random.Generator, what: Bought, customer: Ints, begins: Ints, ends: Ints
) -> Ints:
    """Return what each was agreed to be worth: near to what was ordered in its days."""
    order = np.argsort(what.customer, kind="stable")  # of a customer, by day
    key = what.customer[order] * 4096 + np.clip(what.ordered[order], 0, 4095)
    running = np.concatenate([[0], np.cumsum(what.sums(what.net)[order])])
    low, high = (
        np.searchsorted(key, customer * 4096 + np.clip(day, 0, 4095)) for day in (begins, ends)
    )
    days = np.maximum(np.minimum(ends, DAYS) - begins, 1)
    yearly = (running[high] - running[low]) * (ends - begins) / days
    agreed = np.maximum(yearly * rng.uniform(0.85, 1.1, len(customer)), ROUND)
    values: Ints = (np.rint(agreed / ROUND) * ROUND).astype(np.int64)
    return values
