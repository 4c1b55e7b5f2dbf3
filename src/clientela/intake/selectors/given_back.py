"""The file of rejected rows: as they came, to be corrected and sent in again.

It has the form of the file that they came in, a text with its separator or a workbook with typed
cells, so that what nobody touches is read as it was the first time. Line and reason stand before
the row, so that a row with too many cells shifts nothing; the import leaves these two out. A row
in which a quotation mark stands wrong comes as it stood, mark for mark; only what a spreadsheet
would run has an apostrophe before it, as everywhere.
"""

import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import get_language

from clientela.intake.reading.batch import ERRORS, BadCell, Cell
from clientela.intake.reading.own_columns import NAMES
from clientela.intake.selectors.sealed_rows import GivenRow, Rejected
from clientela.store.spreadsheets import given_again, neutral
from clientela.store.wording import told

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def file_of(found: Rejected) -> IO[bytes]:
    """Return the rejected rows of a run as a file without a name, at its beginning; whoever
    has sent it on closes it."""
    file = TemporaryFile()  # noqa: SIM115 - the caller closes it
    write_rejected(file, found)
    file.seek(0)
    return file


def content_type_of(found: Rejected) -> str:
    """Return what the file of rejected rows is, with its encoding where it is a text."""
    return WORKBOOK if found.is_workbook else "text/csv; charset=utf-8"


def write_rejected(file: IO[bytes], found: Rejected) -> None:
    """Write the rejected rows of a run in the form of its file, in the reader's language."""
    if found.is_workbook:
        _write_workbook(file, found)
    else:
        _write_text(file, found)


def _write_text(file: IO[bytes], found: Rejected) -> None:
    # The mark at the beginning tells spreadsheets that it is UTF-8. Bytes that were no text come
    # out as they came in, so that a row nobody mended is set aside again.
    text = TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    writer = csv.writer(text, delimiter=found.separator)
    writer.writerow([*_own_names(), *map(neutral, found.header)])
    for row in found.rows:
        if row.text:
            text.write(_as_it_stood(row, found.separator))
            continue
        cells = (given_again(cell) if isinstance(cell, str) else cell for cell in row.cells)
        writer.writerow([row.line, neutral(_why(row)), *cells])
    text.flush()
    text.detach()


def _as_it_stood(row: GivenRow, separator: str) -> str:
    """Return a record that no reader splits for certain, behind its line and reason. Neither has a
    quotation mark: a mark that is open would end at it."""
    why = str(neutral(_why(row)))
    for mark in (separator, '"', "\r", "\n"):
        why = why.replace(mark, " ")
    parts = re.split(rf"([;\t\r\n{re.escape(separator)}])", row.text)
    parts[::2] = map(_harmless, parts[::2])
    shown = "".join(parts)
    return f"{row.line}{separator}{why}{separator}{shown}\r\n"


def _harmless(part: str) -> str:
    """Return what stands between two separators so that no spreadsheet runs it."""
    body = part.lstrip('"')
    return part[: len(part) - len(body)] + given_again(body)


def _write_workbook(file: IO[bytes], found: Rejected) -> None:
    from openpyxl import Workbook  # slow to load, and few requests write one

    book = Workbook(write_only=True)
    sheet = book.create_sheet("rejected")
    sheet.append([*_own_names(), *(_text_cell(sheet, neutral(name)) for name in found.header)])
    for row in found.rows:
        sheet.append([row.line, _text_cell(sheet, neutral(_why(row))), *_typed(sheet, row.cells)])
    book.save(file)


def _typed(sheet: Any, cells: list[Cell]) -> Iterator[Any]:
    for cell in cells:
        if isinstance(cell, BadCell) and cell.shown in ERRORS:
            yield _cell(sheet, cell.shown, "e")
        elif isinstance(cell, BadCell):
            yield _text_cell(sheet, cell.shown)
        elif isinstance(cell, str):
            yield _text_cell(sheet, given_again(cell)) if cell else None
        else:
            yield cell


def _text_cell(sheet: Any, text: str) -> Any:
    return _cell(sheet, _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text), "s")


def _cell(sheet: Any, text: str, type_: str) -> Any:
    """Return a cell that holds a text as it is, whatever it looks like."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = type_
    return cell


def _own_names() -> tuple[str, str]:
    return NAMES.get(get_language() or "en", NAMES["en"])


def _why(row: GivenRow) -> str:
    why = told(row.code, row.params)
    return f"{row.column}: {why}" if row.column else why
