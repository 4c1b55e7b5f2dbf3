"""What kind of file this is, by its content; the name is used only to notice a contradiction."""

import re
from typing import Literal

from clientela.intake.reading.faults import refuse

Content = Literal["text", "gzip", "zip", "ole", "html"]

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"BM\x00", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!\x1a\x07", "archive_format"),
    (b"7z\xbc\xaf\x27\x1c", "archive_format"),
    (b"\xfd7zXZ\x00", "archive_format"),
    (b"BZh", "archive_format"),
    (b"\x28\xb5\x2f\xfd", "archive_format"),
    (b"MZ\x90", "program"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "word_document"),
    (b"SQLite format 3\x00", "database_file"),
    (b"PAR1", "parquet"),
    (b"\x00\x00\xfe\xff", "utf_32"),
    (b"\xff\xfe\x00\x00", "utf_32"),
)
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|table|head|meta|body|style)\b",
    re.I | re.S,
)
_JSON = re.compile(rb'\s*(?:\{\s*"|\[\s*[\[{"\d])')
_WORKBOOK_NAME = re.compile(r"\.(xlsx|xls|ods|xlsm|xlsb)$", re.I)


def content_of(head: bytes, *, name: str) -> Content:
    """Return the kind of content that starts with `head`.

    Raises FileRefused for what is neither a table in text nor a workbook, with advice as code.
    """
    if not head:
        raise refuse("empty_file")
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise refuse("not_a_table", kind=kind)
    if is_page(head):
        return "html"
    refuse_markup(head)
    if _WORKBOOK_NAME.search(name):
        raise refuse("name_and_content_differ", found="text")
    return "text"


def is_page(head: bytes) -> bool:
    """Tell whether a file begins as a web page does."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def refuse_markup(head: bytes) -> None:
    """Raise FileRefused when text is markup or JSON: tables, but not of rows and columns of text."""
    body = head.removeprefix(b"\xef\xbb\xbf")
    if is_page(head) or body[:13].lower() == b"mime-version:":
        raise refuse("not_a_table", kind="html_table")
    if body.lstrip()[:5].lower() == b"<?xml":
        spreadsheet = b"urn:schemas-microsoft-com:office:spreadsheet" in body[:65536]
        raise refuse("not_a_table", kind="xml_spreadsheet" if spreadsheet else "xml")
    if _JSON.match(body):
        raise refuse("not_a_table", kind="json")


_STRAY = 4  # control characters that somebody may have typed, however short the text


def refuse_binary(sample: bytes) -> None:
    """Raise FileRefused when decoded text has more control characters than a person types.

    `sample` is in a superset of ASCII. One control character in a hundred is the line, and a few
    in a short file: a stray NUL in a cell is the record's fault, not the file's.
    """
    controls = sum(sample.count(bytes([code])) for code in range(32) if code not in (9, 10, 13))
    if controls > max(_STRAY, len(sample) // 100):
        raise refuse("not_a_table", kind="binary")
