"""Workbooks with faults, made by openpyxl and by taking its files apart."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from tests.corpus.case import HEADER


def sheet(
    rows: Sequence[Sequence[Any]],
    *,
    header: Sequence[str] | None = HEADER,
    change: Callable[[Any], None] | None = None,
) -> bytes:
    """Return a workbook of one sheet; strings stay strings. `change` takes the workbook."""
    book = openpyxl.Workbook()
    page = book.active
    for row in ([header] if header else []) + list(rows):
        page.append(list(row))
        for cell in page[page.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(content: bytes, edits: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """Return a zip file with entries changed; an entry that is not there is added."""
    source = zipfile.ZipFile(io.BytesIO(content))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, edits[name](body) if name in edits else body)
        for name, edit in edits.items():
            if name not in source.namelist():
                target.writestr(name, edit(b""))
    return out.getvalue()


def shared(content: bytes) -> bytes:
    """Return the workbook with its texts in the table of shared strings, as Excel keeps them."""
    texts: list[bytes] = []

    def moved(body: bytes) -> bytes:
        def one(found: re.Match[bytes]) -> bytes:
            texts.append(found[2])
            return (
                b'<c r="' + found[1] + b'" t="s"><v>' + str(len(texts) - 1).encode() + b"</v></c>"
            )

        return re.sub(rb'<c r="(\w+)" t="inlineStr"><is><t>([^<]*)</t></is></c>', one, body)

    content = edited(content, {"xl/worksheets/sheet1.xml": moved})
    table = b"".join(b"<si><t>" + body + b"</t></si>" for body in texts)
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = (
        b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats'
        b'.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    return edited(
        content,
        {
            "xl/sharedStrings.xml": lambda _: b"<sst " + space + b">" + table + b"</sst>",
            "xl/_rels/workbook.xml.rels": lambda b: b.replace(b"</Relationships>", relation),
        },
    )


def zipped(entries: dict[str, bytes]) -> bytes:
    """Return a zip file of the entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in entries.items():
            target.writestr(name, body)
    return out.getvalue()


def ods(rows: Sequence[Sequence[str]], *, header: Sequence[str] = HEADER) -> bytes:
    """Return an OpenDocument spreadsheet whose cells are texts."""
    from xml.sax.saxutils import escape

    def cell(value: str) -> str:
        body = f"<text:p>{escape(value)}</text:p>" if value else ""
        kind = ' office:value-type="string"' if value else ""
        return f"<table:table-cell{kind}>{body}</table:table-cell>"

    lines = "".join(
        "<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>"
        for row in [header, *rows]
    )
    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces} '
        f'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="A">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )
