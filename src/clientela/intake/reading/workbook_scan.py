"""What the parser of workbooks does not tell: sizes that lie, errors, hidden rows, filters.

The parser gives an empty cell for `#N/A` and for a formula whose result was never saved; to load
those as "nothing" would be a silent loss. So the XML of a sheet runs once through byte patterns
while its unpacked size is counted. No XML parser is involved: there are no entities to expand,
and a document that declares any is refused.
"""

import re
import struct
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clientela.intake.reading import limits
from clientela.intake.reading.archives import entry_chunks, open_zip
from clientela.intake.reading.batch import BadCell, is_error
from clientela.intake.reading.faults import refuse
from clientela.intake.reading.workbook_formats import (
    money_of_styles,
    style_of,
    styles_in_percent,
)

_DECLARES = re.compile(
    rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P|E\x00?N\x00?T\x00?I\x00?T)"
)
_CELL = re.compile(rb"<(?:\w+:)?c\b(?P<marks>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?c>)", re.S)
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_REF = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ROW_NO = re.compile(rb'\br="(\d{1,7})"')
_SEEN = (b't="e"', b"<f", b":f", b"hidden=", b"autoFilter")
_BLOCK = re.compile(rb"</(?:\w+:)?row>")
_FEW_STYLES = 100  # that are looked for one by one
_NAMESPACE = 40  # characters that a prefix of the tag may take
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
# Errors by their number in old workbooks.
_BIFF = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
         0x24: "#NUM!", 0x2A: "#N/A"}  # fmt: skip
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


@dataclass
class Scan:
    """Cells without a value, and those that show per cent, by (row from 1, column from 0), hidden
    rows, notes as codes."""

    bad: dict[tuple[int, int], BadCell] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)
    money: set[str] = field(default_factory=set)  # signs of currencies that cells show
    hidden: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def note(self, code: str) -> None:
        """Keep a code once."""
        if code not in self.notes:
            self.notes.append(code)


def check_workbook(path: Path, kind: str) -> None:
    """Unpack every entry once, counting. Raises FileRefused for bombs and declared entities."""
    if path.stat().st_size > limits.WORKBOOK_FILE_BYTES:
        raise refuse("workbook_too_large", allowed=limits.WORKBOOK_FILE_BYTES)
    if kind == "xls":
        return
    left = limits.ARCHIVE_UNPACKED_BYTES
    with open_zip(path) as archive:
        for entry in archive.infolist():
            overlap = b""
            for chunk in entry_chunks(archive, entry, allowed=left):
                left -= len(chunk)
                if _declares(overlap + chunk) and entry.filename.endswith((".xml", ".rels")):
                    raise refuse("xml_entities")
                overlap = chunk[-32:]


def _declares(piece: bytes) -> bool:
    """True where a document type or an entity is declared, in UTF-8 or UTF-16."""
    return (b"<!" in piece or b"!\0" in piece) and _DECLARES.search(piece) is not None


def scan_sheet(path: Path, kind: str, index: int) -> Scan:
    """Return what is noted about the sheet at `index`, in the order of the workbook."""
    found = Scan()
    if kind == "xls":
        return _scan_biff(path, found)
    if kind != "xlsx":
        return found
    with open_zip(path) as archive:
        name = _part_of(path, index)
        if name is None or name not in archive.namelist():
            raise refuse("workbook_damaged", parser="relations")
        styles = _read(path, "xl/styles.xml")
        percent, money = styles_in_percent(styles), money_of_styles(styles)
        styled = {*percent, *money}
        marks = (b's="%d"' % style for style in styled)
        seen = (*_SEEN, *(marks if len(styled) <= _FEW_STYLES else (b's="',)))
        chunks = entry_chunks(archive, archive.getinfo(name), allowed=limits.ARCHIVE_UNPACKED_BYTES)
        for block in _blocks_of_rows(chunks):
            if any(mark in block for mark in seen):
                _scan_block(block, found, percent, money)
        if len(found.money) > 1:
            found.note("several_currency_signs")
        if any("externalLink" in entry for entry in archive.namelist()):
            found.note("external_links_ignored")
    return found


def _part_of(path: Path, index: int) -> str | None:
    """Return the entry that holds the sheet at `index` by the relations of the workbook."""
    book = _read(path, "xl/workbook.xml")
    relations = _read(path, "xl/_rels/workbook.xml.rels")
    sheets = [dict(_ATTRIBUTE.findall(tag)) for tag in _SHEET.findall(book)]
    if index >= len(sheets):
        return None
    wanted = next((v for k, v in sheets[index].items() if k.endswith(b":id")), b"")
    for tag in _RELATION.findall(relations):
        marks = dict(_ATTRIBUTE.findall(tag))
        if marks.get(b"Id") == wanted:
            target = marks.get(b"Target", b"").decode("utf-8", "replace")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _read(path: Path, name: str) -> bytes:
    with open_zip(path) as archive:
        if name not in archive.namelist():
            return b""
        return b"".join(entry_chunks(archive, archive.getinfo(name), allowed=4 * 1024 * 1024))


def _blocks_of_rows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield pieces that end with a whole row."""
    carry = b""
    for chunk in chunks:
        data = carry + chunk
        last = _BLOCK.search(data, max(0, data.rfind(b"row>") - _NAMESPACE))
        end = last.end() if last else 0
        if not end and len(data) > 16 * limits.RECORD_BYTES:
            raise refuse("record_too_long", allowed=16 * limits.RECORD_BYTES)
        if end:
            yield data[:end]
        carry = data[end:]
    yield carry


def _scan_block(
    block: bytes, found: Scan, percent: Collection[int], money: Mapping[int, str]
) -> None:
    if b"autoFilter" in block:
        found.note("filtered_rows")
    for tag in _ROW.findall(block):
        if re.search(rb'\bhidden="(?:1|true)"', tag):
            number = _ROW_NO.search(tag)
            found.hidden.add(int(number[1]) if number else 0)
    for cell in _CELL.finditer(block):
        body = cell["body"] or b""
        formula = b"<f" in body or b":f" in body
        if formula:
            found.note("formula_results_used")
        marks = cell["marks"]
        bad = _fault_of(marks, body, formula)
        if bad:
            found.bad[_place(marks)] = bad
        elif body and b' t="s"' not in marks:
            style = style_of(marks)
            if style in percent:
                found.percent.add(_place(marks))
            elif style in money:
                found.money.add(money[style])


def _fault_of(marks: bytes, body: bytes, formula: bool) -> BadCell | None:
    value = re.search(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</", body)
    if b't="e"' in marks:
        shown = value[1].decode("ascii", "replace") if value else ""
        return BadCell("error_cell", shown if is_error(shown) else "#VALUE!")
    if formula and value is None and b"<is>" not in body:
        return BadCell("formula_without_result")
    return None


def _place(marks: bytes) -> tuple[int, int]:
    """Return (row from 1, column from 0) of a cell. Raises FileRefused when it does not say."""
    ref = _REF.search(marks)
    if ref is None:
        raise refuse("cell_without_place")
    column = 0
    for letter in ref[1]:
        column = column * 26 + letter - 64
    return int(ref[2]), column - 1


def _scan_biff(path: Path, found: Scan) -> Scan:
    """Old workbooks: error cells cannot be told from empty ones by the parser, so look whether a
    record of an error (type 0x0205 with its flag, 8 or more bytes) occurs at all."""
    body = path.read_bytes()
    at = body.find(b"\x05\x02\x08\x00")
    while at >= 0:
        if at + 12 <= len(body) and body[at + 11] == 1:
            row, column = struct.unpack_from("<HH", body, at + 4)
            found.bad[row + 1, column] = BadCell("error_cell", _BIFF.get(body[at + 10], "#VALUE!"))
        at = body.find(b"\x05\x02\x08\x00", at + 1)
    return found
