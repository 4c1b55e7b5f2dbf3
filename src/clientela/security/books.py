"""What the books hold at places: who knows it lies above, and is registered here."""

from collections.abc import Callable
from typing import Protocol

from clientela.store.context import system_context

Nodes = frozenset[int]


class Counted(Protocol):
    """Tells whether anything that these nodes sold counts in a currency."""

    def __call__(self, nodes: Nodes, currency: str, *, of_group: bool) -> bool: ...


_books: list[tuple[Counted, Callable[[], object]]] = []


def keeps_books(counted: Counted, taken_anew: Callable[[], object]) -> None:
    """Register what tells whether anything counts in a currency, and what takes amounts anew."""
    _books.append((counted, taken_anew))


def counts_in(nodes: Nodes, currency: str, *, of_group: bool) -> bool:
    """Tell whether documents of these nodes are in a currency or, of the group, converted to it.

    Whether the reader reaches them or not.
    """
    with system_context("looking whether a place has amounts in its currency"):
        return any(counted(nodes, currency, of_group=of_group) for counted, _ in _books)


def take_amounts_anew() -> None:
    """Let what is booked follow the group's currency of now."""
    with system_context("amounts follow the currency of the group"):
        for _, taken_anew in _books:
            taken_anew()
