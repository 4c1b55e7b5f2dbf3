"""What a row is only beside earlier rows of its file: a repetition, the n-th of its document.

Both remember; a run that goes on after a kill feeds them the rows it skips. What is staged can
be numbered by the database instead.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


class RepeatFinder:
    """Finds rows equal to an earlier one in every cell. Keeps eight bytes a row.

    Rows are compared by a hash of 64 bits: in a million rows the chance of one false repetition
    is under one in thirty million.
    """

    def __init__(self) -> None:
        self._runs: list[NDArray[np.int64]] = []  # sorted, each at least twice the next

    def repeats(self, rows: Sequence[Sequence[Hashable]]) -> list[int]:
        """Return the indexes of rows equal to an earlier one, of this batch or before."""
        if not rows:
            return []
        hashes = np.fromiter((hash(tuple(row)) for row in rows), np.int64, len(rows))
        known = np.zeros(len(rows), dtype=bool)
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, hashes), len(run) - 1)
            known |= run[places] == hashes
        first = np.zeros(len(rows), dtype=bool)
        first[np.unique(hashes, return_index=True)[1]] = True
        self._keep(np.sort(hashes[first & ~known]))
        return [int(n) for n in np.flatnonzero(known | ~first)]

    def _keep(self, run: NDArray[np.int64]) -> None:
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        self._runs.append(run)


class Ordinals:
    """Numbers the lines of each document from 1, in the order of the file."""

    def __init__(self) -> None:
        self._last: dict[object, int] = {}

    def of(self, documents: Sequence[object]) -> list[int]:
        """Return the ordinal of each row within its document."""
        last = self._last
        numbers = []
        for document in documents:
            last[document] = number = last.get(document, 0) + 1
            numbers.append(number)
        return numbers
