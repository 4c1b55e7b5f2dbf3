"""Rows of a sheet, as the sandbox writes them, to batches of records."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import cast

from clientela.intake.reading.batch import BadCell, Batch, Cell, Fault, is_blank
from clientela.intake.reading.description import Layout
from clientela.intake.reading.faults import reason
from clientela.intake.reading.sandbox import ask
from clientela.intake.reading.totals import without_totals


def cell_of(value: object) -> Cell:
    """Return the cell that the child wrote."""
    if isinstance(value, str):
        return value
    given = cast("dict[str, str]", value)
    if "e" in given:
        return BadCell(given["e"], given["s"])
    ((kind, text),) = given.items()
    if kind == "n":
        return Decimal(text)
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "t":
        return datetime.fromisoformat(text)
    return time.fromisoformat(text)


def cells_of(raw: bytes) -> list[Cell]:
    """Return the cells of a record that was kept, typed as the workbook had them."""
    text = raw.decode("utf-8", "surrogatepass")
    try:
        return [cell_of(value) for value in json.loads(text)]
    except (ValueError, TypeError, AttributeError):  # one that a former release kept
        return list(text.split("\t"))


def as_text(cell: Cell) -> str:
    """Return a cell as text: ISO for dates, a plain decimal, `#N/A` and the like for a bad one."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return str(cell) if isinstance(cell, BadCell) else cell.isoformat()


def workbook_batches(path: Path, layout: Layout) -> Iterator[Batch]:
    """Yield the records of one sheet. Rows without anything in them are none."""
    hidden = "skip" if layout.skip_hidden else "take"
    row_no = 0
    about = (layout.container, layout.sheet or "", hidden, layout.encoding or "")
    for part in ask("rows", path, *about):
        batch = _batch(cast("list[tuple[int, list[object]]]", part), layout, row_no)
        row_no += batch.read
        yield without_totals(batch)


def _batch(part: list[tuple[int, list[object]]], layout: Layout, row_no: int) -> Batch:
    rows: list[list[Cell]] = []
    batch = Batch(rows=rows, row_nos=[], line_nos=[], texts=[], encoding="utf-8", faults=[])
    row_nos, line_nos, texts, blank = [], [], [], 0
    for number, values in part:
        if number < layout.data_line:
            continue
        cells = [cell_of(value) for value in values]
        if is_blank(cells):
            blank += 1
            continue
        row_no += 1
        # As the sandbox wrote it: a record of a workbook is its cells with their types.
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        extra = [cell for cell in cells[layout.width :] if cell != ""]
        if extra:
            why = reason("too_many_cells", expected=layout.width, found=layout.width + len(extra))
            raw = text.encode("utf-8", "surrogatepass")
            batch.faults.append(
                Fault(row_no=row_no, line_no=number, reason=why, raw=raw, cells=cells)
            )
            continue
        cells += [""] * (layout.width - len(cells))
        rows.append(cells[: layout.width])
        row_nos.append(row_no)
        line_nos.append(number)
        texts.append(text)
    return Batch(
        rows=rows,
        row_nos=row_nos,
        line_nos=line_nos,
        texts=texts,
        encoding="utf-8",
        faults=batch.faults,
        blank=blank,
    )
