"""The bytes of a text file as a stream in a superset of ASCII, whatever it was packed in.

UTF-16 becomes UTF-8 here, lone surrogates kept as such, so that everything behind may look for
line ends and quotes as bytes. Every other accepted encoding has ASCII bytes where a line end,
a quote, a comma, a semicolon or a tab stands, and nowhere else.
"""

import codecs
from collections.abc import Generator, Iterator
from pathlib import Path

from clientela.intake.reading import limits
from clientela.intake.reading.archives import (
    entry_chunks,
    gzip_chunks,
    is_workbook,
    open_zip,
    plain_chunks,
    single_text_entry,
)
from clientela.intake.reading.contents import content_of, refuse_markup
from clientela.intake.reading.faults import refuse

_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))


def container_of(path: Path, *, name: str) -> str:
    """Return how the table is kept: text, gzip, zip, xlsx, ods, xls or html. Raises FileRefused."""
    with path.open("rb") as stream:
        head = stream.read(65536)
        content = content_of(head, name=name)
        if content == "ole":
            return _ole_kind(head + stream.read(limits.WORKBOOK_FILE_BYTES))
    if content != "zip":
        return content
    with open_zip(path) as archive:
        kind = is_workbook(archive)
        if kind is None:
            single_text_entry(archive)
    return kind or "zip"


def _ole_kind(body: bytes) -> str:
    if _OLE_ENCRYPTED in body:
        raise refuse("password_protected")
    if not any(name in body for name in _OLE_BOOKS):
        raise refuse("not_a_table", kind="word_document")
    return "xls"


def packed_chunks(path: Path, container: str) -> Generator[bytes, None, None]:
    """Yield the bytes of the text inside a container. Raises FileRefused as its limits say."""
    if container == "zip":
        with open_zip(path) as archive:
            yield from entry_chunks(archive, single_text_entry(archive), allowed=None)
        return
    with path.open("rb") as stream:
        yield from gzip_chunks(stream) if container == "gzip" else plain_chunks(stream)


def head_of(path: Path, container: str) -> bytes:
    """Return the first bytes of the text, checked for what looks packed twice or is markup."""
    chunks = packed_chunks(path, container)
    head = next(chunks, b"")
    chunks.close()
    if container != "text" and head and content_of(head, name="") not in ("text", "html"):
        raise refuse("archive_nested")
    if not head:
        raise refuse("empty_file")
    refuse_markup(head)
    return head


def text_chunks(path: Path, container: str, encoding: str) -> Iterator[bytes]:
    """Yield the text in a superset of ASCII: as it is, or UTF-16 turned into UTF-8."""
    chunks = packed_chunks(path, container)
    if not encoding.startswith("utf-16"):
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    for chunk in chunks:
        if out := _decode(decoder, chunk):
            yield out
    if decoder.getstate()[0]:
        yield b"\xff"  # half a character at the end: an invalid byte, so its record is rejected


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bytes:
    return decoder.decode(chunk).encode("utf-8", "surrogatepass")


def decoding_of(encoding: str) -> str:
    """Return the encoding of the chunks that `text_chunks` gives for a file in `encoding`."""
    return "utf-8" if encoding.startswith("utf-16") else encoding
