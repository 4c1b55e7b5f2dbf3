"""Who is not satisfied, from when to when, and with what.

Customers that leave for the price or for the service were unhappy before they left; a few
others are for half a year, and stay. Cases and answers to surveys follow from it.
"""

from dataclasses import dataclass

import numpy as np

from clientela.demo.drawing import Flags, Ints, generator
from clientela.demo.people import REASONS, People
from clientela.demo.world import DAYS, World

WITH = ("price", "service", "goods")
FEW = 0.05  # share of the others that are unhappy at some time
HALF_A_YEAR = 182
NEVER = 10**6  # the day on which somebody gets unhappy who does not


@dataclass(frozen=True, kw_only=True)
class Moods:
    """One array each over a slice's customers; days half-open."""

    since: Ints
    until: Ints
    reason: Ints  # place in WITH

    def unhappy(self, customer: Ints, day: Ints) -> Flags:
        """Tell of each of these customers whether it is unhappy on its day."""
        flags: Flags = (self.since[customer] <= day) & (day < self.until[customer])
        return flags


def moods(world: World, part: int, who: People) -> Moods:
    """Draw the moods of a slice."""
    rng = generator(world.seed, "moods", part)
    n = len(who)
    began = np.maximum(who.joined, 0)
    cause = np.full(n, -1)
    for place, name in enumerate(WITH[:2]):
        cause[who.reason == REASONS.index(name)] = place
    leaves = (who.left < DAYS) & (cause >= 0) & ~who.prospect
    before = np.maximum(who.left - rng.integers(70, 200, n), began)
    other = ~leaves & (rng.random(n) < FEW) & ~who.prospect & (began < DAYS - 120)
    some_day = began + 30 + (rng.random(n) * np.maximum(DAYS - 90 - began, 1)).astype(np.int64)
    other &= some_day < np.minimum(who.left, DAYS) - 30
    since = np.where(leaves, before, np.where(other, some_day, NEVER))
    until = np.minimum(np.where(leaves, who.left, some_day + HALF_A_YEAR), who.left)
    reason = np.where(leaves, cause, rng.integers(0, len(WITH), n))
    return Moods(since=since, until=np.minimum(until, DAYS), reason=reason)
