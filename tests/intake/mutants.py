"""Files of the corpus, damaged by chance: what senders, networks and editors do to files."""

import random

from tests.corpus.case import Case

TOKENS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1c", b"\x85", b"\r", b"\n", b"\r\n\r\n", b'"',
    b'""', b'"\n', b",", b";", b"\t", b"|", b"=1+1", b"'=1", b"1e999", b"-", b"9" * 60, b"NaN",
    b"1_000", b"\xed\xa0\xbd", b"\xc0\xaf", b"\xa1\xa1", b"PK\x03\x04", b"%PDF-1.7", b"sep=;\n",
    b"#", b"\xe2\x80\xae", b"2026-02-30", b"<table>", b"A" * 5000, b"\x1f\x8b\x08", b"&xxe;",
)  # fmt: skip


def mutant(case: Case, other: Case, chance: random.Random) -> bytes:
    """Return the content of a case after one to six mishaps, some with a piece of another."""
    content = bytearray(case.content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        length = min(len(content) - at, chance.choice((1, 2, 7, 40, 300)))
        match chance.randrange(8):
            case 0:
                content[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = content[at : at + length] * chance.randint(1, 3)
            case 3 | 4:
                content[at:at] = chance.choice(TOKENS)
            case 5:
                content[at : at + length] = bytes(chance.randrange(256) for _ in range(length))
            case 6:
                start = chance.randrange(len(other.content) + 1)
                content[at:at] = other.content[start : start + 200]
            case _:
                del content[at:]
    return bytes(content)
