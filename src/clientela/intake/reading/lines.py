"""Chunks of bytes to blocks of lines, decoded, with exact line numbers.

A line ends at LF, CRLF or CR; nothing else ends one (`str.splitlines` also cuts at U+2028, form
feeds and NEL, which occur inside cells). A line that does not decode keeps its bytes by
surrogate escapes and carries its fault; so does one that is longer than a record may be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from clientela.intake.reading import limits
from clientela.intake.reading.faults import reason
from clientela.kernel.reasons import Reason

_BOM = b"\xef\xbb\xbf"


@dataclass
class Block:
    """Consecutive lines. `faults` by index into `texts`."""

    first_line: int
    texts: list[str]
    faults: dict[int, Reason] = field(default_factory=dict)


def blocks(chunks: Iterator[bytes], encoding: str) -> Iterator[Block]:
    """Yield the lines of a text. Byte order marks at its start are left out."""
    line_no = 1
    carry = b""
    for chunk in _unmarked(chunks):
        data = carry + chunk
        cut = _last_break(data)
        if cut:
            carry = data[cut:]
            block = decoded(data[:cut], encoding, line_no)
            line_no += len(block.texts)
            yield block
        elif len(data) > limits.RECORD_BYTES:
            block, carry = _swallow(data, chunks, encoding, line_no)
            line_no += 1
            yield block
        else:
            carry = data
    if carry:
        yield decoded(carry, encoding, line_no)


def _unmarked(chunks: Iterator[bytes]) -> Iterator[bytes]:
    head = next(chunks, b"")
    while head.startswith(_BOM):
        head = head[len(_BOM) :]
    yield head
    yield from chunks


def _last_break(data: bytes) -> int:
    """Return where the last whole line ends, 0 when there is none. A CR at the very end may be
    half of a CRLF and waits."""
    cut = data.rfind(b"\n") + 1
    return cut or data.rfind(b"\r", 0, len(data) - 1) + 1


def decoded(data: bytes, encoding: str, first_line: int) -> Block:
    """Return whole lines as text; lines that do not decode carry the offset of the bad byte."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = data[:-1] if data.endswith(b"\n") else data
    try:
        block = Block(first_line, data.decode(encoding).split("\n"))
    except UnicodeDecodeError:
        block = _line_by_line(data, encoding, first_line)
    if b"\0" in data:
        for index, text in enumerate(block.texts):
            if "\0" in text:
                block.faults.setdefault(index, reason("nul_character"))
    return block


def _line_by_line(data: bytes, encoding: str, first_line: int) -> Block:
    block = Block(first_line, [])
    for index, line in enumerate(data.split(b"\n")):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            text = line.decode(encoding, "surrogateescape")
            block.faults[index] = reason("invalid_bytes", byte=error.start, encoding=encoding)
        block.texts.append(text)
    return block


def _swallow(
    data: bytes, chunks: Iterator[bytes], encoding: str, line_no: int
) -> tuple[Block, bytes]:
    """Read over a line that is too long, keeping its start. Returns its block and what follows."""
    quotes, kept, size = data.count(b'"'), data[: limits.RAW_BYTES_KEPT], len(data)
    rest = b""
    for chunk in chunks:
        ends = [at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0]
        end = min(ends, default=len(chunk))
        quotes += chunk.count(b'"', 0, end)
        size += end
        if ends:
            rest = chunk[end:].removeprefix(b"\r").removeprefix(b"\n")
            break
    text = kept.decode(encoding, "surrogateescape")
    fault = reason(
        "record_too_long",
        bytes=size,
        allowed=limits.RECORD_BYTES,
        open_quote="yes" if quotes % 2 else "no",
    )
    return Block(line_no, [text], {0: fault}), rest
