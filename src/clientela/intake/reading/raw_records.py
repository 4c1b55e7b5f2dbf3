"""A record as it came, kept as bytes, split into its cells once more."""

import csv
from io import StringIO

from clientela.intake.reading.batch import Cell
from clientela.intake.reading.description import Layout
from clientela.intake.reading.streams import decoding_of
from clientela.intake.reading.workbook import cells_of


def text_of_record(raw: bytes, layout: Layout) -> str:
    """Return a record as text. Bytes that are no text stand as lone surrogates (PEP 383), and are
    written out as they came."""
    return raw.decode(decoding_of(layout.encoding or "utf-8"), "surrogateescape")


def cells_of_record(raw: bytes, layout: Layout) -> list[Cell]:
    """Return the cells of a record; one that no reader can split stays whole in the first."""
    if layout.is_workbook:
        return cells_of(raw)
    text = text_of_record(raw, layout)
    reader = csv.reader(StringIO(text, newline=""), delimiter=layout.separator or ",")
    try:
        return list(next(reader, []))
    except csv.Error:
        return [text]
