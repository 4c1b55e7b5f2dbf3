"""Instants of the demo as minutes from the first of its days, in UTC, and as text."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from clientela.demo.drawing import Ints
from clientela.demo.world import DAYS, World

DAY = 1440
END = DAYS * DAY  # the instant at which the three years end
OPENS, OPEN = 8 * 60, 9 * 60  # of every branch: minutes of the day, and how long


def at_work(rng: Generator, world: World, day: Ints) -> Ints:
    """Return an instant in working hours of each day; of a week-end, of the Monday after."""
    weekday = (world.begins.weekday() + day) % 7
    workday = day + np.where(weekday > 4, 7 - weekday, 0)
    moments: Ints = workday * DAY + OPENS + rng.integers(0, OPEN, len(day))
    return moments


def week_of(world: World, moment: Ints) -> Ints:
    """Return the number of the week from the first of the three years, Monday first."""
    weeks: Ints = (world.begins.weekday() + moment // DAY) // 7
    return weeks


def iso_week(world: World, week: int) -> str:
    """Return a week as ISO 8601 writes it: 2026-W05."""
    year, number, _ = world.day(week * 7 - world.begins.weekday()).isocalendar()
    return f"{year}-W{number:02d}"


def as_text(world: World, moment: Ints, *, planned: bool = False) -> list[str | None]:
    """Return instants as PostgreSQL reads them.

    What lies after the end has not come yet and is None, unless it was planned.
    """
    known = (moment < END) | planned
    stamps = np.datetime64(world.begins, "m") + np.where(known, moment, 0).astype("timedelta64[m]")
    texts = np.datetime_as_string(stamps, unit="m", timezone="UTC").tolist()
    return [
        text if is_known else None for text, is_known in zip(texts, known.tolist(), strict=True)
    ]


def pick(words: Sequence[str], places: Ints) -> list[str]:
    """Return the words at these places."""
    return [words[place] for place in places.tolist()]
