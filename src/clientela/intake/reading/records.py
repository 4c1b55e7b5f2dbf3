"""`records`: the records of a described file, from the first or from a given one on."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from clientela.intake.reading.batch import Batch
from clientela.intake.reading.description import Layout
from clientela.intake.reading.headings import Headings
from clientela.intake.reading.lines import blocks
from clientela.intake.reading.streams import decoding_of, text_chunks
from clientela.intake.reading.text_records import Shape, TextRecords
from clientela.intake.reading.workbook import workbook_batches


def records(
    path: Path, layout: Layout, *, start_row: int = 1, known: AbstractSet[str] = frozenset()
) -> Iterator[Batch]:
    """Yield the records in batches of some thousands; memory does not grow with the file.

    `start_row` counts records from 1: a run that was killed goes on behind the last row it
    stored. What lies before is parsed but not typed, a million rows in about a second.
    `known` are folded names of columns: a line of them within the rows is none of these (see
    `headings`). Raises FileRefused when the file has become unreadable since it was described.
    """
    for batch in Headings(layout.header, known).watched(_all(path, layout)):
        if start_row <= 1 or not batch.read:
            yield batch
            continue
        last = max(fault.row_no for fault in batch.faults) if batch.faults else 0
        last = max(last, batch.row_nos[-1] if len(batch.row_nos) else 0)
        if last >= start_row:
            yield batch.since(start_row)
            start_row = 1


def _all(path: Path, layout: Layout) -> Iterator[Batch]:
    if layout.is_workbook:
        return workbook_batches(path, layout)
    encoding = layout.encoding or "utf-8"
    shape = Shape(
        separator=layout.separator or ",",
        width=layout.width,
        data_line=layout.data_line,
        encoding=decoding_of(encoding),
        skip_comments=layout.skip_comments,
    )
    chunks = text_chunks(path, layout.container, encoding)
    return TextRecords(blocks(chunks, shape.encoding), shape).batches()
