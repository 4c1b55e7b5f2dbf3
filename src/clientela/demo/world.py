"""The plan of a demo company: how large, how long, and what is planted in it.

`World` says everything that the rest follows from. Customers are numbered in the order in
which they came, so a slice of numbers is a stretch of time, and memory holds one slice.
Each kind of thing is drawn from a stream of its own, so that another can be added without
moving a figure.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from clientela.demo.drawing import Floats, generator
from clientela.demo.lands import LANDS, TRADES

DAYS = 3 * 365
LEAST, MOST = 200, 1_000_000
ROOMY = 300_000  # from here on customers are many and documents few: three each at most
WHOLE = 6_000  # up to here orders and deliveries reach back as far as invoices
RECENT = 90  # days that orders and deliveries reach back beyond
LEAD = 6  # days from order to invoice at most
CAMPAIGN_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """Two weeks of a lower price for goods of one category, for half of the customers."""

    code: str
    begins: int  # day
    category: int  # place of the third-level category in the catalogue
    cut_percent: int
    uplift: float  # in the quantity that a treated customer buys of it


@dataclass(frozen=True, kw_only=True)
class World:
    """A demo company of `customers`, ending with the day `until`, drawn from `seed`."""

    customers: int
    seed: int
    until: date
    slice_size: int = 0  # customers held in memory at once; 0: as suits their documents

    def __post_init__(self) -> None:
        if not self.slice_size:
            object.__setattr__(self, "slice_size", 50_000 if self.is_sparse else 5_000)
        if not LEAST <= self.customers <= MOST:
            raise ValueError(f"customers is {LEAST} to {MOST}")

    @cached_property
    def begins(self) -> date:
        """Day 0 of the three years."""
        return self.until - timedelta(days=DAYS - 1)

    def day(self, number: int) -> date:
        return self.begins + timedelta(days=number)

    @property
    def is_sparse(self) -> bool:
        return self.customers > ROOMY

    @property
    def slices(self) -> range:
        return range(-(-self.customers // self.slice_size))

    @property
    def orders_from(self) -> int:
        """First day of which orders and deliveries are kept."""
        if self.is_sparse:
            return DAYS + LEAD + 1
        return 0 if self.customers <= WHOLE else DAYS - RECENT

    @property
    def entries_from(self) -> int:
        """First day of which contacts are kept; where documents are few, none are."""
        return DAYS if self.is_sparse else self.orders_from

    @cached_property
    def campaigns(self) -> tuple[Campaign, ...]:
        rng = generator(self.seed, "campaigns")
        begins = (DAYS - 700, DAYS - 420, DAYS - 150)
        categories = rng.permutation(12)[:3]
        return tuple(
            Campaign(code=f"P{n + 1}", begins=day, category=int(categories[n]), cut_percent=12,
                     uplift=uplift)
            for n, (day, uplift) in enumerate(zip(begins, (0.5, 0.0, 0.3), strict=True))
        )  # fmt: skip

    @cached_property
    def calendar(self) -> Floats:
        """Running weight of the days, by country and trade: when is bought, up to which day."""
        days = np.arange(DAYS + LEAD)
        dates = [self.day(int(d)) for d in days]
        months = np.array([d.month for d in dates]) - 1
        weekday = np.array([d.weekday() for d in dates])
        week = np.array([1.1, 1.05, 1.0, 1.05, 1.15, 0.35, 0.0])[weekday]
        curves = np.empty((len(LANDS), len(TRADES), len(days) + 1))
        for land, where in enumerate(LANDS):
            general = np.array(where.season)[months] * (1 + where.growth) ** (days / 365)
            for trade, name in enumerate(TRADES):
                own = np.array(SEASON_OF_TRADE[name])[months]
                curves[land, trade, 0] = 0
                curves[land, trade, 1:] = np.cumsum(general * own * week)
        return curves


SEASON_OF_TRADE = {
    "restaurant": (0.9, 0.9, 1.0, 1.0, 1.1, 1.1, 1.0, 0.9, 1.0, 1.0, 1.1, 1.2),
    "hotel": (0.7, 0.8, 1.0, 1.2, 1.4, 1.3, 1.0, 0.8, 0.9, 0.9, 0.9, 1.0),
    "shop": (0.8, 0.8, 0.9, 0.9, 1.0, 1.0, 0.9, 0.9, 1.1, 1.3, 1.5, 1.1),
    "school": (0.8, 0.9, 0.9, 0.8, 0.8, 1.0, 1.3, 2.2, 1.5, 0.9, 0.7, 0.5),
    "home": (0.9, 0.8, 0.9, 0.9, 1.0, 0.9, 0.9, 0.8, 1.0, 1.1, 1.5, 1.6),
}
