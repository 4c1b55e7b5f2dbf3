"""How events are sealed, so that a change to any of them shows.

Leaf: SHA-256 of the event's canonical JSON (keys sorted, no spaces, UTF-8, instants in
UTC to the microsecond). Chain: `c_n = SHA-256(c_{n-1} || leaf_n)`, `c_0` 32 zero bytes.
Block: the Merkle tree hash of RFC 6962, section 2.1, over its leaves. A checkpoint signs
the statement of one block with Ed25519 (RFC 8032); whoever lacks the key cannot make a
chain that fits the checkpoints kept elsewhere.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

START = bytes(32)


def leaf(event: Mapping[str, Any]) -> bytes:
    """Return the digest of one event, given as JSON values (see `canonical`)."""
    return hashlib.sha256(canonical(event)).digest()


def canonical(event: Mapping[str, Any]) -> bytes:
    """Return the one byte form of an event that is hashed."""
    return json.dumps(
        event, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def link(chain: bytes, event_leaf: bytes) -> bytes:
    """Return the chain digest after one more leaf."""
    return hashlib.sha256(chain + event_leaf).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the Merkle tree hash of RFC 6962, 2.1; of no leaves, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + one).digest() for one in leaves]
    return _root(level)


def statement(
    *, size: int, first: int, root: bytes, chain: bytes, previous: bytes, at: str, database: str
) -> bytes:
    """Return what a checkpoint signs."""
    fields: dict[str, object] = {"size": size, "first": first, "at": at, "database": database}
    fields |= {"root": root.hex(), "chain": chain.hex(), "previous": previous.hex()}
    return canonical(fields)


def _root(level: list[bytes]) -> bytes:
    if len(level) == 1:
        return level[0]
    split = 1 << (len(level) - 1).bit_length() - 1  # largest power of two below the length
    left, right = _root(level[:split]), _root(level[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()
