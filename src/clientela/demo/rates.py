"""Exchange rates of the demo: a daily walk around a plausible level, pulled back to it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import numpy as np

from clientela.demo.drawing import generator
from clientela.demo.lands import BASE, LANDS
from clientela.demo.world import DAYS, World

BEFORE = 10  # days ahead of the first document
PULL, STEP = 0.01, 0.004  # of the logarithm, a day


def rates(world: World) -> Iterator[tuple[str, date, Decimal]]:
    """Yield (currency, day, worth of one unit in the base currency), day by day."""
    for place, land in enumerate(LANDS):
        if land.currency == BASE:
            continue
        steps = generator(world.seed, "rates", place).normal(0, STEP, BEFORE + DAYS)
        level = 0.0
        for number, step in enumerate(steps, start=-BEFORE):
            level = (1 - PULL) * level + float(step)
            rate = Decimal(repr(float(land.euro * np.exp(level)))).quantize(Decimal("1e-6"))
            yield land.currency, world.day(number), rate
