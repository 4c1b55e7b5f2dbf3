"""Identifiers that sort by the instant they were made (RFC 9562, section 5.7)."""

import os
import uuid


def uuid7(unix_ms: int) -> uuid.UUID:
    """Return a version 7 UUID: 48 bits of milliseconds, then 74 random bits."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (unix_ms & (2**48 - 1)) << 80
    value |= 0x7 << 76
    value |= (random >> 68 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & (2**62 - 1)
    return uuid.UUID(int=value)
