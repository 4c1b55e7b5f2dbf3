"""Whether anything is booked at places: what decides it lies above, and is registered here."""

from collections.abc import Callable

from clientela.store.context import system_context

Nodes = frozenset[int]
_books: list[Callable[[Nodes], bool]] = []


def keeps_books(found: Callable[[Nodes], bool]) -> None:
    """Register what tells whether there are documents that some nodes sold."""
    _books.append(found)


def booked(nodes: Nodes) -> bool:
    """Tell whether any document stands in the books of these nodes, in reach or not."""
    with system_context("looking whether a place has documents"):
        return any(found(nodes) for found in _books)
