"""Random numbers that depend on the seed and on what they are for, and on nothing else."""

import zlib
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def generator(seed: int, purpose: str, part: int = 0) -> Generator:
    """Return the stream for a purpose; another purpose or part is another stream."""
    return Generator(PCG64(SeedSequence([seed, zlib.crc32(purpose.encode()), part])))


def choose(rng: Generator, weights: Any, size: int) -> Ints:
    """Return `size` places in `weights`, each as likely as its weight."""
    total = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(total, rng.random(size) * total[-1], side="right")
    places: Ints = np.minimum(drawn, len(total) - 1).astype(np.int64)
    return places


def half_even(numbers: Ints, per: int) -> Ints:
    """Return numbers / per, rounded half-even in whole numbers."""
    down, rest = np.divmod(numbers, per)
    up = (2 * rest > per) | ((2 * rest == per) & (down % 2 == 1))
    rounded: Ints = down + up
    return rounded
