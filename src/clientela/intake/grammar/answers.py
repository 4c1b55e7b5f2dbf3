"""What a parser may answer beside a value: a reason why not, or a value with something noted."""

from collections.abc import Callable
from dataclasses import dataclass

from clientela.intake.reading.batch import BadCell, Cell
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason


@dataclass(frozen=True)
class Noted:
    """A value that is taken, and a code that says what a person should know about it."""

    value: object
    code: str


Parsed = object  # a value, None for "none given", a Reason or a Noted
Parser = Callable[[Cell], Parsed]


def text_of(cell: Cell) -> str | Reason:
    """Return a cell as text: numbers as plain decimals, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, BadCell):
        return reason(cell.code)
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    return format(cell, "f")


def plain(value: Parsed) -> object:
    """Return the value of an answer without its note."""
    return value.value if isinstance(value, Noted) else value
