"""Which columns of a table a terminal is wide for, and how wide each becomes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rich.cells import cell_len

LEAST, MOST = 10, 40  # cells that a text is cut to at worst, and at best
_FRAME = 3  # of each column: a blank on either side and a line


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Positions of the columns that are shown, in order, with the width of each."""

    places: Sequence[int]
    widths: Sequence[int]

    @property
    def total(self) -> int:
        """Width of the whole table."""
        return sum(self.widths) + _FRAME * len(self.widths) + 1


def fitted(
    columns: Sequence[str],
    texts: Sequence[Sequence[str]],
    *,
    width: int | None,
    uncut: Collection[str] = (),
    last: Collection[str] = (),
    first: Sequence[str] = (),
    kept: Mapping[str, int] = MappingProxyType({}),
) -> Fitted:
    """Return the columns that fit `width` cells, all of them where it is None.

    First texts are cut, down to `LEAST` or what `kept` says of a column. Where that is not enough, columns go: those of `last`,
    then from the right, those of `first` at the end, from its end; one column always stays.
    """
    whole = [
        max([cell_len(name), *(cell_len(row[n]) for row in texts)])
        for n, name in enumerate(columns)
    ]
    if width is None:
        return Fitted(places=range(len(columns)), widths=whole)
    free = [name not in uncut for name in columns]
    best = [min(w, MOST) if free[n] else w for n, w in enumerate(whole)]
    least = [min(w, kept.get(columns[n], LEAST)) if free[n] else w for n, w in enumerate(best)]
    places = list(range(len(columns)))
    placed = {name: at for at, name in reversed(list(enumerate(first)))}
    going = sorted(
        places,
        key=lambda n: (columns[n] in last, placed.get(columns[n], len(placed) + len(columns)), n),
    )
    while len(going) > 1 and _total([least[n] for n in places]) > width:
        places.remove(going.pop())
    return Fitted(places=places, widths=_spread(places, best, least, width))


def _spread(
    places: Sequence[int], best: Sequence[int], least: Sequence[int], width: int
) -> list[int]:
    """Return widths between `least` and `best`: the room that is left goes to the narrowest."""
    widths = {n: least[n] for n in places}
    room = width - _total(list(widths.values()))
    while room > 0 and (short := [n for n in places if widths[n] < best[n]]):
        narrowest = min(short, key=lambda n: widths[n])
        widths[narrowest] += 1
        room -= 1
    return [widths[n] for n in places]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _FRAME * len(widths) + 1
