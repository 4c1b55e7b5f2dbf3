"""Bad workbooks and archives."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.corpus.case import ROWS, Case, text
from tests.corpus.workbook import edited, ods, shared, sheet, zipped

SOUND = text(ROWS).encode()
ONE = {"accepted": 2}  # of three rows, one is set aside
PAGE = "xl/worksheets/sheet1.xml"
TYPED = [
    (1001, "P-1", "Tea", 3, date(2026, 3, 4), 12.5, "A-1", "Spain"),
    (1002, "P-2", "Cup", 0.1 + 0.2, datetime.fromisoformat("2026-03-05T08:26"), 7, "A-1", "Spain"),
    (1003, "P-3", "Pot", 1, date(2026, 3, 17), 4.75, "A-3", "Mexico"),
]


def cases() -> Iterator[Case]:
    """Yield the cases of workbooks, then those of archives."""
    yield from _workbooks()
    yield from _changed_workbooks()
    yield from _strange_workbooks()
    yield from _cells()
    yield from _typed_cells()
    yield from _containers()
    yield from _broken_containers()
    yield from _named_containers()
    yield from _bombs()


def _book(id_: str, content: bytes, **expected: Any) -> Case:
    return Case(id=id_, name="file.xlsx", content=content, **expected)


def _workbooks() -> Iterator[Case]:
    yield _book("X17-typed", sheet(TYPED), accepted=3)
    yield _book("X17-text", sheet(ROWS), accepted=4)
    yield Case(id="X25-ods", name="file.ods", content=ods(ROWS), accepted=4)
    yield Case(id="X25-xlsx-named-csv", name="file.csv", content=sheet(ROWS), accepted=4)
    yield _book(
        "S13-blank-rows-xlsx", sheet([*TYPED[:1], ("",) * 8, (None,) * 8, *TYPED[1:]]), accepted=3
    )
    yield _book(
        "S14-total-xlsx",
        sheet([*TYPED, ("合计", None, None, 4.3)]),
        accepted=3,
        set_aside={"totals_row": 1},
    )
    yield _book(
        "S11-long-row-xlsx",
        sheet([*TYPED, (*TYPED[0], "x")]),
        accepted=3,
        set_aside={"too_many_cells": 1},
    )
    yield _book("S02-header-only-xlsx", sheet([]), refused="no_rows")
    yield _book("S01-empty-xlsx", sheet([], header=None), refused="empty_file")
    yield _book(
        "S08-title-above-xlsx",
        sheet([("Sales of March",), (), *_headed(TYPED)], header=None),
        asked="header_below_title",
    )


def _changed_workbooks() -> Iterator[Case]:
    def hide(book: Any) -> None:
        book.active.row_dimensions[3].hidden = True

    yield _book("X10-hidden-row", sheet(TYPED, change=hide), asked="hidden_rows")
    yield _book(
        "X10-hidden-row-skipped",
        sheet(TYPED, change=hide),
        answers={"hidden_rows": "skip"},
        accepted=2,
    )
    yield _book(
        "X10-hidden-row-taken",
        sheet(TYPED, change=hide),
        answers={"hidden_rows": "take"},
        accepted=3,
    )

    def filtered(book: Any) -> None:
        book.active.auto_filter.ref = "A1:H4"

    yield _book("X11-filter", sheet(TYPED, change=filtered), asked="hidden_rows")

    def two(book: Any) -> None:
        book.create_sheet("Other").append(["a", "b"])

    yield _book("X12-two-sheets", sheet(TYPED, change=two), asked="several_sheets")
    yield _book("X12-answered", sheet(TYPED, change=two), answers={"sheet": "Sheet"}, accepted=3)
    yield _book(
        "X12-empty-second", sheet(TYPED, change=lambda book: book.create_sheet("Empty")), accepted=3
    )


def _strange_workbooks() -> Iterator[Case]:
    def merge(book: Any) -> None:
        book.active.merge_cells("C2:C3")

    yield _book("X16-merged", sheet(TYPED, change=merge), asked="merged_cells")

    def strange(book: Any) -> None:
        book.active.title = "=cmd|' calc"

    yield _book("X33-sheet-name", sheet(TYPED, change=strange), accepted=3)


def _headed(rows: list[Any]) -> list[Any]:
    from tests.corpus.case import HEADER

    return [HEADER, *rows]


def _put(place: str, value: Any, form: str | None = None) -> bytes:
    def change(book: Any) -> None:
        cell = book.active[place]
        cell.value = value
        if isinstance(value, str) and value.startswith("#"):
            cell.data_type = "e"
        if form:
            cell.number_format = form

    return sheet(TYPED, change=change)


def _cells() -> Iterator[Case]:
    for error in ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?"):
        yield _book(f"X09-{error[1:4]}", _put("D3", error), **ONE, set_aside={"error_cell": 1})
    yield _book("X09-error-alone", _put("D5", "#N/A"), accepted=3, set_aside={"error_cell": 1})
    yield _book("X09-error-in-text", _put("C3", "#N/A"), **ONE, set_aside={"error_cell": 1})
    yield _book(
        "X08-formula-without-result",
        _put("D3", "=1+1"),
        **ONE,
        set_aside={"formula_without_result": 1},
    )
    cached = edited(
        _put("D3", "=1+1"),
        {
            PAGE: lambda body: body.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>")
            .replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
            .replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
        },
    )
    yield _book("X08-formula-with-result", cached, accepted=3, noted="formula_results_used")
    yield _book(
        "X18-18-digits", _put("A3", 110105199003078888), **ONE, set_aside={"precision_lost": 1}
    )
    yield _book(
        "X18-19-digit-key", _put("G3", 6222021234567890123), **ONE, set_aside={"precision_lost": 1}
    )


def _typed_cells() -> Iterator[Case]:
    yield _book("X18-18-digits-as-text", _put("G3", "110105199003078888"), accepted=3)
    yield _book("X18-15-digits", _put("G3", 123456789012345), accepted=3)
    yield _book(
        "X22-negative-serial", _put("E3", -5, "yyyy-mm-dd"), **ONE, set_aside={"not_a_date": 1}
    )
    yield _book(
        "X22-serial-60", _put("E3", 60, "yyyy-mm-dd"), **ONE, set_aside={"date_before_1900": 1}
    )
    yield _book("X23-percent-format", _put("D3", 3, "0%"), accepted=3)
    yield _book("X22-bare-serial", _put("E3", 46085), accepted=3)
    yield _book("D18-true-for-number", _put("D3", True), **ONE, set_aside={"not_a_number": 1})
    epoch = edited(
        sheet(TYPED),
        {
            "xl/workbook.xml": lambda b: re.sub(
                rb"<workbookPr[^>]*/>", b'<workbookPr date1904="1"/>', b
            )
        },
    )
    yield _book("X21-1904", epoch, accepted=3, flagged={"date_in_future": 3})
    lone = edited(sheet(ROWS), {PAGE: lambda b: b.replace(b"Tea cup", b"Tea _xD83D_")})
    yield _book("E21-lone-surrogate", lone, accepted=3, set_aside={"escaped_character": 1})
    nul = edited(sheet(ROWS), {PAGE: lambda b: b.replace(b"Tea cup", b"Tea _x0000_")})
    yield _book("X30-escaped-nul", nul, accepted=3, set_aside={"control_character": 1})


def _containers() -> Iterator[Case]:
    yield Case(id="X31-gzip", name="file.csv.gz", content=gzip.compress(SOUND), accepted=4)
    yield Case(id="X31-zip", name="file.zip", content=zipped({"a/sales.csv": SOUND}), accepted=4)
    yield Case(id="X31-gzip-named-csv", content=gzip.compress(SOUND), accepted=4)
    yield Case(
        id="X31-gzip-gbk",
        content=gzip.compress(
            text([(*r[:2], "绿茶叶批发销售有限公司", *r[3:]) for r in ROWS]).encode("gbk")
        ),
        accepted=4,
    )
    yield Case(
        id="X31-two-members",
        content=gzip.compress(SOUND) + gzip.compress(SOUND),
        refused="gzip_has_several_members",
    )
    yield Case(id="X27-cut-gzip", content=gzip.compress(SOUND)[:-20], refused="archive_damaged")
    yield Case(
        id="X27-gzip-of-noise", content=b"\x1f\x8b\x08\x00" + bytes(200), refused="archive_damaged"
    )
    yield Case(
        id="X02-gzip-in-gzip", content=gzip.compress(gzip.compress(SOUND)), refused="archive_nested"
    )
    yield Case(id="X02-xlsx-in-gzip", content=gzip.compress(sheet(ROWS)), refused="archive_nested")
    yield Case(
        id="X02-zip-in-zip",
        content=zipped({"a.zip": zipped({"a.csv": SOUND})}),
        refused="archive_nested",
    )
    yield Case(
        id="X02-zip-named-csv-in-zip",
        content=zipped({"a.csv": zipped({"a.csv": SOUND})}),
        refused="archive_nested",
    )


def _broken_containers() -> Iterator[Case]:
    yield Case(
        id="X03-two-files",
        content=zipped({"a.csv": SOUND, "b.csv": SOUND}),
        refused="archive_files",
    )
    yield Case(id="X03-no-file", content=zipped({}), refused="archive_files")
    yield Case(
        id="X03-many-entries",
        content=zipped({f"{n}.csv": b"" for n in range(10_000)}),
        refused="archive_entries",
    )
    yield Case(
        id="X04-parent-path", content=zipped({"../a.csv": SOUND}), refused="archive_entry_name"
    )
    yield Case(
        id="X04-absolute-path", content=zipped({"/etc/a.csv": SOUND}), refused="archive_entry_name"
    )
    yield Case(
        id="X04-drive-path", content=zipped({"C:\\a.csv": SOUND}), refused="archive_entry_name"
    )
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    yield Case(id="X04-symlink", content=out.getvalue(), refused="archive_entry_name")
    yield Case(
        id="X04-twice",
        content=zipped({"a.csv": SOUND, "b.csv": SOUND}).replace(b"b.csv", b"a.csv"),
        refused="archive_entry_twice",
    )
    yield _book(
        "X13-macros",
        edited(sheet(ROWS), {"xl/vbaProject.bin": lambda b: b"x"}),
        refused="workbook_with_macros",
    )


def _named_containers() -> Iterator[Case]:
    yield _book(
        "X13-binary",
        zipped({"xl/workbook.bin": b"x", "[Content_Types].xml": b"<a/>"}),
        refused="workbook_binary",
    )
    yield _book("X27-cut", sheet(ROWS)[:-200], refused="archive_damaged")
    yield _book(
        "X27-no-sheet",
        edited(sheet(ROWS), {PAGE: lambda b: b"<broken"}),
        refused="workbook_damaged",
    )
    yield _book("X25-shared-strings", shared(sheet(ROWS)), accepted=4)
    beyond = edited(shared(sheet(ROWS)), {PAGE: lambda b: b.replace(b"<v>0</v>", b"<v>99999</v>")})
    yield _book("X29-string-index", beyond, refused="workbook_damaged")
    word = zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"})
    yield Case(id="X32-word", name="file.docx", content=word, refused="not_a_table")
    yield Case(
        id="X32-pdf-and-zip",
        content=b"%PDF-1.7\n" + zipped({"a.csv": SOUND}),
        refused="not_a_table",
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    locked = ole + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    yield _book("X14-password", locked, refused="password_protected")
    yield Case(
        id="X26-word-document",
        name="file.xls",
        content=ole + "WordDocument".encode("utf-16-le"),
        refused="not_a_table",
    )
    book = ole + "Workbook".encode("utf-16-le") + bytes(600)
    yield Case(id="X26-broken-xls", name="file.xls", content=book, refused="workbook_damaged")
    flagged = bytearray(zipped({"a.csv": SOUND}))
    at = flagged.rfind(b"PK\x01\x02")
    flagged[at + 8] |= 1
    yield Case(id="X14-zip-password", content=bytes(flagged), refused="password_protected")


def _bombs() -> Iterator[Case]:
    blown = edited(sheet(ROWS), {"xl/media/a.xml": lambda b: b" " * 60_000_000})
    yield _book("X01-bomb", blown, refused="archive_bomb")
    yield Case(
        id="X01-gzip-bomb", content=gzip.compress(SOUND + b"," * 60_000_000), refused="archive_bomb"
    )
    yield Case(
        id="X01-zip-bomb",
        content=zipped({"a.csv": SOUND + b"," * 60_000_000}),
        refused="archive_bomb",
    )
    lying = bytearray(blown)
    at = lying.rfind(b"PK\x01\x02", 0, lying.rfind(b"xl/media/a.xml"))
    lying[at + 24 : at + 28] = (100).to_bytes(4, "little")
    yield _book("X05-lying-size", bytes(lying), refused="archive_damaged")
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet/>'
    yield _book(
        "X06-entities", edited(sheet(ROWS), {PAGE: lambda b: laughs}), refused="xml_entities"
    )
    outside = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd"><sst/>'
    yield _book(
        "X06-outside",
        edited(sheet(ROWS), {"xl/sharedStrings.xml": lambda b: outside}),
        refused="xml_entities",
    )
    vast = edited(
        sheet(TYPED),
        {PAGE: lambda b: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', b)},
    )
    yield _book("X07-vast-dimension", vast, accepted=3)
    far = edited(
        sheet(TYPED),
        {
            PAGE: lambda b: b.replace(
                b"</sheetData>",
                b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
            )
        },
    )
    yield _book("X07-far-cell", far, refused="parser_stopped")
