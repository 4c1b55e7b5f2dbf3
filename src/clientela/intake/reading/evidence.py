"""One pass over the whole text: how lines end, which bytes occur, lines from all over the file.

The encoding, the separator, the header and the formats of columns are decided on this, not on
the first screenful: 5,000 lines of the first of December leave day and month open, one line of
the thirteenth does not.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from clientela.intake.reading import limits

_PER_CHUNK = 64  # lines sampled from each chunk


@dataclass
class Evidence:
    """What the pass found. Byte strings are in the encoding of the chunks."""

    size: int = 0  # bytes, unpacked
    line_ends: int = 0
    nul_even: int = 0  # NUL at even and odd positions of the head: UTF-16 without a mark
    nul_odd: int = 0
    head: bytes = b""
    ends_with_break: bool = True
    last_line: bytes = b""  # where it has no end
    odd_lines: list[bytes] = field(default_factory=list)  # lines with bytes beyond ASCII
    invalid_utf8: int = 0  # of the odd lines
    sampled: list[bytes] = field(default_factory=list)

    @property
    def ascii_only(self) -> bool:
        """True when no byte over 0x7F occurs anywhere in the file."""
        return not self.odd_lines


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the file as delivered, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def gather(chunks: Iterator[bytes]) -> Evidence:
    """Return the evidence of a text; reads it once, keeps a bounded part of it."""
    found = Evidence()
    carry = tail = b""
    stride = 1
    for number, chunk in enumerate(chunks):
        found.size += len(chunk)
        if len(found.head) < limits.HEAD_BYTES:
            found.head += chunk[: limits.HEAD_BYTES - len(found.head)]
        breaks = chunk.count(b"\n")
        found.line_ends += breaks or chunk.count(b"\r")
        found.ends_with_break = chunk[-1:] in (b"\n", b"\r")
        if number % stride == 0:
            found.sampled.extend(_spread(chunk))
            if len(found.sampled) > limits.SAMPLE_LINES:
                found.sampled, stride = found.sampled[::2], stride * 2
        carry = _note_odd(found, carry, chunk)
        tail = _unfinished(tail, chunk)
    _keep_odd(found, carry)
    found.last_line = b"" if len(tail) > limits.RECORD_BYTES else tail
    found.nul_even = found.head[0::2].count(0)
    found.nul_odd = found.head[1::2].count(0)
    return found


def _unfinished(tail: bytes, chunk: bytes) -> bytes:
    """Return what stands behind the last end of a line, whole up to the length of a record."""
    at = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    return chunk[at + 1 :] if at >= 0 else (tail + chunk)[: limits.RECORD_BYTES + 1]


def _spread(chunk: bytes) -> list[bytes]:
    """Return whole lines at even distances of a chunk."""
    lines = []
    step = max(1, len(chunk) // _PER_CHUNK)
    end = 0
    for position in range(0, len(chunk), step):
        start = chunk.find(b"\n", max(position, end)) + 1
        end = chunk.find(b"\n", start)
        if start == 0 or end < 0:
            break
        lines.append(chunk[start:end].rstrip(b"\r"))
    return lines


def _note_odd(found: Evidence, carry: bytes, chunk: bytes) -> bytes:
    """Keep the lines of a chunk that are not ASCII; return the unfinished last line."""
    if len(found.odd_lines) >= limits.ODD_LINES or (chunk.isascii() and carry.isascii()):
        return chunk[chunk.rfind(b"\n") + 1 :][: limits.RAW_BYTES_KEPT]
    *lines, rest = (carry + chunk).replace(b"\r", b"\n").split(b"\n")
    for line in lines:
        _keep_odd(found, line)
    return rest[: limits.RECORD_BYTES]


def _keep_odd(found: Evidence, line: bytes) -> None:
    if line.isascii() or len(found.odd_lines) >= limits.ODD_LINES:
        return
    found.odd_lines.append(line)
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        found.invalid_utf8 += 1
