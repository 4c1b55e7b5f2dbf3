"""The columns that the product itself adds to a file of rejected rows: the line, the reason.

They say where a row came from and why it was set aside, and mean nothing on the way in. They go
by these names in every language, so a file that was taken out in one comes in again in any.
"""

from collections.abc import Sequence

from clientela.intake.reading.names import folded

# language -> (line, reason)
NAMES = {
    "en": ("Rejected line", "Rejected because"),
    "zh-hans": ("拒收行号", "拒收原因"),
    "es": ("Línea rechazada", "Rechazada porque"),
}
_FORMER = ("隔离原因",)
_KNOWN = frozenset(folded(name) for names in (*NAMES.values(), _FORMER) for name in names)


def is_own(name: str) -> bool:
    """Tell whether a column is one that the product adds."""
    return folded(name) in _KNOWN


def has_own(names: Sequence[str]) -> bool:
    """Tell whether these are columns of a file of rejected rows."""
    return any(map(is_own, names))


def without_own(names: Sequence[str]) -> list[str]:
    """Return the names of the columns that the source's file had."""
    return [name for name in names if not is_own(name)]
