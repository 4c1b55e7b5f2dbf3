"""Slices side by side: a process a core, since the database works one core for each sign-in.

What is in a slice follows from the world alone, so it does not matter who loads it, or when.
"""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

import django
from django.db import connections

from clientela.demo.organisation import Staff
from clientela.demo.slices import load_slice
from clientela.demo.truth import Truth
from clientela.demo.world import World

MOST = 4


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A slice that stands in the books, and how many customers it has."""

    number: int
    customers: int


def load_slices(
    world: World, staff: Staff, *, at: datetime, truth: Truth | None
) -> Iterator[Loaded]:
    """Load every slice, giving each as it is done; `truth` receives what was planted, in order."""
    crew = min(len(world.slices), os.cpu_count() or 1, MOST)
    if crew == 1:
        for part in world.slices:
            load_slice(world, part, staff, at=at, truth=truth)
            yield _loaded(world, part)
        return
    connections.close_all()
    planted: dict[int, Truth | None] = {}
    with ProcessPoolExecutor(
        crew, mp_context=multiprocessing.get_context("spawn"), initializer=django.setup
    ) as pool:
        works = {
            pool.submit(_work, world, part, staff, at, truth is not None): part
            for part in world.slices
        }
        try:
            for work in as_completed(works):
                part = works[work]
                planted[part] = work.result()
                yield _loaded(world, part)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for part in world.slices:
        if truth is not None and (found := planted[part]) is not None:
            truth.take_in(found)


def _work(world: World, part: int, staff: Staff, at: datetime, keeps_truth: bool) -> Truth | None:
    truth = Truth(world) if keeps_truth else None
    load_slice(world, part, staff, at=at, truth=truth)
    return truth


def _loaded(world: World, part: int) -> Loaded:
    first = part * world.slice_size
    return Loaded(number=part, customers=min(world.slice_size, world.customers - first))
