"""Packed text: one gzip member or one zip entry, unpacked as a stream within limits.

Workbooks are zip files too; `check_zip` walks every entry and counts what really comes out.
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from clientela.intake.reading import limits
from clientela.intake.reading.faults import refuse

_NOT_TEXT = (".xls", ".xlsx", ".ods", ".zip", ".gz", ".rar", ".7z", ".exe", ".pdf")


def plain_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a stream in pieces."""
    while piece := stream.read(limits.CHUNK_BYTES):
        yield piece


def gzip_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the unpacked bytes of one gzip member.

    Raises FileRefused when the member is cut or damaged, when more follows it, or when it
    unpacks to over 100 times its size.
    """
    unpacker = zlib.decompressobj(wbits=31)
    packed = unpacked = 0
    while piece := stream.read(limits.CHUNK_BYTES // 4):
        packed += len(piece)
        while piece:
            if unpacker.eof:
                raise refuse("gzip_has_several_members")
            try:
                out = unpacker.decompress(piece, limits.CHUNK_BYTES)
            except zlib.error:
                raise refuse("archive_damaged") from None
            unpacked += len(out)
            check_ratio(packed, unpacked)
            piece = unpacker.unconsumed_tail or unpacker.unused_data
            if out:
                yield out
    if not unpacker.eof:
        raise refuse("archive_damaged")


def check_ratio(packed: int, unpacked: int) -> None:
    """Raise FileRefused when more comes out than a hundred times what went in."""
    if unpacked > limits.RATIO_FLOOR_BYTES and unpacked > packed * limits.ARCHIVE_RATIO:
        raise refuse("archive_bomb", ratio=limits.ARCHIVE_RATIO)


def open_zip(path: Path) -> zipfile.ZipFile:
    """Return the archive after a look at its directory: entries, names, encryption."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise refuse("archive_damaged") from None
    entries = archive.infolist()
    if len(entries) > limits.ARCHIVE_ENTRIES:
        raise refuse("archive_entries", found=len(entries), allowed=limits.ARCHIVE_ENTRIES)
    if len({entry.filename for entry in entries}) != len(entries):
        raise refuse("archive_entry_twice")
    for entry in entries:
        _check_entry(entry)
    return archive


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    if name.is_absolute() or ".." in name.parts or is_link or ":" in entry.filename:
        raise refuse("archive_entry_name")
    if entry.flag_bits & 1:
        raise refuse("password_protected")


def entry_chunks(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, allowed: int | None
) -> Iterator[bytes]:
    """Yield what an entry unpacks to, counted against the ratio and `allowed` bytes."""
    unpacked = 0
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(limits.CHUNK_BYTES):
                unpacked += len(piece)
                check_ratio(entry.compress_size, unpacked)
                if allowed is not None and unpacked > allowed:
                    raise refuse("archive_too_large", allowed=allowed)
                yield piece
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError):
        raise refuse("archive_damaged") from None


def single_text_entry(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the only file of an archive. Raises FileRefused for none, several or no text."""
    files = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(files) != 1:
        raise refuse("archive_files", found=len(files))
    if files[0].filename.lower().endswith(_NOT_TEXT):
        raise refuse("archive_nested")
    return files[0]


def is_workbook(archive: zipfile.ZipFile) -> str | None:
    """Return "xlsx" or "ods" when the archive is one, None when it is no workbook.

    Raises FileRefused for workbooks with macros, binary workbooks and other documents.
    """
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise refuse("workbook_binary")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise refuse("workbook_with_macros")
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
        if not any(name.startswith("xl/") for name in names):
            raise refuse("not_a_table", kind="word_document")
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        if "spreadsheet" not in _small(archive, "mimetype"):
            raise refuse("not_a_table", kind="word_document")
        if "encryption-data" in _small(archive, "META-INF/manifest.xml"):
            raise refuse("password_protected")
        return "ods"
    return None


def _small(archive: zipfile.ZipFile, name: str) -> str:
    if name not in archive.namelist():
        return ""
    pieces = entry_chunks(archive, archive.getinfo(name), allowed=1024 * 1024)
    return b"".join(pieces).decode("utf-8", "replace")
