"""Who the customers are: for each its place, trade, size, habits and what will happen to it.

Customers are numbered in the order in which they came: six in ten before the three years
begin, the rest evenly over them. Everything is arrays over one slice of the numbers.
"""

from dataclasses import dataclass

import numpy as np

from clientela.demo.drawing import Flags, Floats, Ints, choose, generator
from clientela.demo.lands import BRANCHES, HOME, LAND_OF_BRANCH, LANDS
from clientela.demo.world import DAYS, World

BEFORE = 1500  # days before the three years in which the first customers came
OLD = 0.6  # share of the customers that came then
STAYS = DAYS + 10_000  # the day on which somebody leaves who does not

PAYERS = ("early", "punctual", "slow", "very_slow", "turning_bad")
PAYER_SHARES = (
    (0.12, 0.38, 0.28, 0.16, 0.06),  # China
    (0.10, 0.40, 0.28, 0.16, 0.06),  # Spain
    (0.12, 0.42, 0.26, 0.13, 0.07),  # Mexico
    (0.18, 0.52, 0.18, 0.07, 0.05),  # United Kingdom
)
TURNING_BAD = PAYERS.index("turning_bad")
REASONS = ("competitor", "price", "service", "closed_down", "no_longer_needed", "moved_away")
REASON_SHARES = (0.3, 0.22, 0.18, 0.12, 0.12, 0.06)
CLOSED = REASONS.index("closed_down")
TRADE_SHARES = (0.34, 0.09, 0.20, 0.07, 0.30)  # restaurants, hotels, shops, schools, homes
# Where the party is known a second time: not, in the shop, at another branch's.
ONCE, IN_SHOP, AT_BRANCH = range(3)
OWNERS = 3  # sales people at a branch


@dataclass(frozen=True, kw_only=True)
class People:
    """Customers `first`, `first + 1`, …: one array each, in that order."""

    first: int
    branch: Ints  # place in BRANCHES
    land: Ints
    trade: Ints  # place in TRADES
    joined: Ints  # day, negative before the three years
    left: Ints  # day of the last possible purchase
    reason: Ints  # why it left
    payer: Ints
    turns: Ints  # day on which a payer turns bad
    terms: Ints  # days
    size: Floats  # standard normal: how much is bought at a time
    yearly: Floats  # purchases
    jitter: Floats  # 0 clockwork … 1 any day
    prospect: Flags  # asked for an offer only
    together: Flags  # pays several invoices at once
    group: Ints  # of campaigns: 0 none, 1 treated, 2 control
    owner: Ints  # place among the branch's sales people
    twice: Ints

    def __len__(self) -> int:
        return len(self.branch)

    @property
    def numbers(self) -> Ints:
        return np.arange(self.first, self.first + len(self))

    @property
    def is_person(self) -> Flags:
        home: Flags = self.trade == HOME
        return home


def people(world: World, part: int) -> People:
    """Draw one slice of the customers."""
    first = part * world.slice_size
    numbers = np.arange(first, min(first + world.slice_size, world.customers))
    n = len(numbers)
    rng = generator(world.seed, "people", part)
    trade = choose(rng, TRADE_SHARES, n)
    branch = _branch(rng, n)
    land = np.array(LAND_OF_BRANCH)[branch]
    joined = _joined(numbers, world.customers)
    home = trade == HOME
    left, reason = _leaving(rng, joined, home)
    payer = np.empty(n, dtype=np.int64)
    terms = np.empty(n, dtype=np.int64)
    for place, where in enumerate(LANDS):
        at = land == place
        payer[at] = choose(rng, PAYER_SHARES[place], int(at.sum()))
        terms[at] = rng.choice(np.array(where.terms), int(at.sum()))
    begins = np.maximum(joined, 0)
    turns = begins + 120 + (rng.random(n) * np.maximum(DAYS - 60 - begins - 120, 0)).astype(int)
    size = np.clip(rng.standard_normal(n), -2.2, 2.2)
    yearly = np.exp(np.log(np.where(home, 3.0, 9.0)) + 0.25 * size + 0.55 * rng.standard_normal(n))
    draw = rng.random((6, n))
    twice = np.where(draw[3] < 0.03, IN_SHOP, np.where(draw[3] < 0.05, AT_BRANCH, ONCE))
    return People(
        first=first, branch=branch, land=land, trade=trade, joined=joined, left=left,
        reason=reason, payer=payer, turns=turns, terms=terms, size=size, yearly=yearly,
        jitter=np.where(draw[0] < 0.5, 0.5, 1.0), prospect=(draw[1] < 0.06) & ~home,
        together=(draw[2] < 0.15) & ~home, twice=np.where(home | world.is_sparse, ONCE, twice),
        group=np.where(draw[4] < 0.2, 1, np.where(draw[4] < 0.4, 2, 0)),
        owner=(draw[5] * OWNERS).astype(np.int64),
    )  # fmt: skip


def _branch(rng: np.random.Generator, n: int) -> Ints:
    """Return branches: the country's share, and in it the first branch twice as likely."""
    weights = []
    for branch, land in zip(BRANCHES, LAND_OF_BRANCH, strict=True):
        branches = LANDS[land].branches
        large = 2 if branch is branches[0] else 1
        weights.append(LANDS[land].share * large / (len(branches) + 1))
    return choose(rng, weights, n)


def _joined(numbers: Ints, customers: int) -> Ints:
    share = (numbers + 0.5) / customers
    old = -BEFORE + BEFORE * share / OLD
    new = (DAYS - 30) * (share - OLD) / (1 - OLD)
    return np.floor(np.where(share < OLD, old, new)).astype(np.int64)


def _leaving(rng: np.random.Generator, joined: Ints, home: Flags) -> tuple[Ints, Ints]:
    n = len(joined)
    begins = np.maximum(joined, 0) + 90
    room = np.maximum(DAYS - 45 - begins, 0)
    leaves = (rng.random(n) < np.where(home, 0.3, 0.14)) & (room > 90)
    left = np.where(leaves, begins + (rng.random(n) * room).astype(np.int64), STAYS)
    return left, choose(rng, REASON_SHARES, n)
