"""Whether a text was cut off: its last line has no end, and fewer cells than the others."""

import csv

from clientela.intake.reading.description import Layout
from clientela.intake.reading.totals import total_rows

CUT = "file_may_be_cut"  # code of the note


def is_cut(line: str, layout: Layout) -> bool:
    """Tell whether a last line without an end looks cut off; one of totals is short by itself.

    Where a cell goes over several lines, the last of them may hold few cells and be whole.
    """
    if not line.strip() or (layout.skip_comments and line.startswith("#")):
        return False
    separator = layout.separator or ","
    if line.count('"') % 2:
        return _opens_a_quote(line, separator)
    cells = next(csv.reader([line], delimiter=separator), [])
    return 0 < len(cells) < layout.width and not total_rows([_widened(cells, layout.width)])


def _opens_a_quote(line: str, separator: str) -> bool:
    """Tell whether the line leaves a quotation mark open that it opens itself."""
    try:
        list(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _widened(cells: list[str], width: int) -> list[str]:
    return cells + [""] * (width - len(cells))
